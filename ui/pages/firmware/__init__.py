"""Stations / Firmware: which versions run where, and updates in waves."""
