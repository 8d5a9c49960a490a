"""Knows the live picture: what every station is now. Applies records, gives snapshots and changes."""

from app.fleet.feed import Subscription
from app.fleet.fleet import Fleet

__all__ = ["Fleet", "Subscription"]
