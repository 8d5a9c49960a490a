"""Knows who may take part: stations at the door, their passwords, tokens and the people who operate."""
