"""Knows the live picture: what every station is now. Applies records, gives snapshots and changes."""
