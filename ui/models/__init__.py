"""What the pages show, worked out from snapshots and query results: rows, cells, words. No widgets."""
