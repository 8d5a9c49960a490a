"""Knows commands to stations: sent, awaited, recorded."""
