"""Knows what an owner asks of the past: when drivers come, what they do, what is lost, what peaks cost."""
