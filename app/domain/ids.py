"""Names for identities, so that a station is never mistaken for a session."""

from typing import NamedTuple, NewType

StationId = NewType("StationId", str)
"""A station's identity exactly as registered (last segment of its URL, decoded once)."""

SessionId = NewType("SessionId", int)
"""Our number of a charging session: rises by one, never reused."""

TransactionId = NewType("TransactionId", str)
"""What station and server call a transaction: 1.6 our integer as decimal text, 2.x the station's text."""


class ConnectorRef(NamedTuple):
    """One plug. A 1.6 connector n is EVSE n, connector 1; (0, 0) is the station itself.

    (n, 0) is a whole EVSE where a 2.x message names no connector.
    """

    station: StationId
    evse: int
    connector: int

    @property
    def is_station(self) -> bool:
        """Whether this names the station as a whole (1.6 connector 0, 2.x EVSE 0)."""
        return self.evse == 0
