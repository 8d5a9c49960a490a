"""Knows the page on which reports are chosen, previewed, saved and planned."""
