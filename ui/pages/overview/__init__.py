"""Overview: how many, how much, where, and what is wrong now."""
