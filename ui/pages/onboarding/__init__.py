"""Onboarding: the address to type into a charger, and everyone at the door."""
