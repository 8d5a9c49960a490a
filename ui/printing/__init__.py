"""Knows how things look on paper."""
