"""Knows what poor operation costs, in money with its evidence: seven costs, one file each."""
