"""What an adapter may know beside the payload: the station, the time of receipt, its clock."""

from typing import NamedTuple

from app.domain.fact import Fact
from app.domain.ids import StationId


class StationClock(NamedTuple):
    """What is known of a station's clock and of when it last spoke (Q64, Q65).

    `skew_ms` is the station's clock minus ours, as measured on live messages; 0 while unknown.
    `last_live_ms`, by our clock, is how far back an offline queue may truly reach: the last sign
    of life before the present link. None before the first sync, when no old time can be believed.
    `told`: a boot was answered with our time since the skew was measured, so it may be gone.
    """

    skew_ms: int = 0
    last_live_ms: int | None = None
    told: bool = False


UNKNOWN_CLOCK = StationClock()


class Context(Fact, frozen=True):
    """Where and when a CALL was received. `received_ms` is ours, milliseconds UTC.

    `metered_ms` is the newest instant that anything was metered at by this station, 0 before any.
    """

    station: StationId
    received_ms: int
    clock: StationClock = UNKNOWN_CLOCK
    metered_ms: int = 0
