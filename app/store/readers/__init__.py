"""Questions to history: functions `(connection, …)` that give frozen domain values, one file a subject."""
