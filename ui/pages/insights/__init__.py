"""Insights: questions an owner asks of the past, each answered in one line with its evidence."""
