"""Settings: how it looks, where it listens, what it keeps, and what runs."""
