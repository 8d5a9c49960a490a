"""Knows how faults are healed: playbooks, their guard rails, and the proof that they worked."""
