"""The vocabulary of the field: ids, states, events, records, intents, outcomes. Frozen, no I/O."""
