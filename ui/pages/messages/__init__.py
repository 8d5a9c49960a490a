"""Stations / Messages: the live messages of all stations."""
