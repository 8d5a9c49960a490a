"""Maintenance: work orders, visits, announced work, purchases, scorecards."""
