"""Names for identities, so that a station is never mistaken for a session."""

from typing import NewType

StationId = NewType("StationId", str)
"""A station's identity exactly as registered (last segment of its URL, decoded once)."""

SessionId = NewType("SessionId", int)
"""Our number of a charging session: rises by one, never reused."""

TransactionId = NewType("TransactionId", str)
"""What station and server call a transaction: 1.6 our integer as decimal text, 2.x the station's text."""
