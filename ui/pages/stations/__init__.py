"""Stations: the list, the live messages of all of them, and the page of one."""
