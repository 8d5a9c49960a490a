"""Stations / Commands: what was asked of which station, how it stands, and what proved it."""
