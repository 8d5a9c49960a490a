"""Knows how each kind of fault shows itself: one file a rule."""
