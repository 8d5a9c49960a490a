"""Knows the first contact with a charger: who is at the door, what mends it, and how it is commissioned."""
