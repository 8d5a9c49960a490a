"""Knows who is told what, when, and once."""
