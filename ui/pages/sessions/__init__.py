"""Sessions: every charge, what its meter said, and what is odd about it."""
