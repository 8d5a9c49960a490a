"""Uptime by rule: every view side by side, what is excused, and another system's claim checked."""
