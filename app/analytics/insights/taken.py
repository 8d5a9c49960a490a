"""When each EVSE of a station was taken or out of use, day by day: so is told whether all of a site were."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from app.analytics.history import absences, all_timelines, station_timelines
from app.analytics.insights.tallies import DAY_MS, Kind
from app.analytics.timelines import Span, State, clip
from app.domain.status import Admission
from app.store.readers.stations import all_stations

FREE = (State.AVAILABLE, State.UNKNOWN, State.BLIND)
Taken = dict[int, list[int]]
"""By EVSE: from and to of each span, in ms after the piece's begin, one after the other."""


def counted(
    connection: Connection, spans: Sequence[Span], zone: str, station: str = ""
) -> dict[tuple[str, int], Taken]:
    """The taken spans of each of several pieces, in order and apart, by station and the piece's place."""
    window = (spans[0][0], spans[-1][1])
    ours = absences(connection, window)
    if station:
        told = iter((station_timelines(connection, station, window, ours),))
    else:
        plans = {str(s.station): s.plan for s in all_stations(connection) if s.admission in _OURS}
        told = all_timelines(connection, plans, window, ours)
    found: dict[tuple[str, int], Taken] = {}
    for one in told:
        for evse, tiles in one.evses:
            for n, span in enumerate(spans):
                flat = found.setdefault((one.station, n), {}).setdefault(evse, [])
                for tile in clip(tiles, span):
                    if tile.state not in FREE:
                        flat += (tile.start - span[0], tile.end - span[0])
    return found


_OURS = (Admission.ACCEPTED, Admission.RETIRED)

TAKEN: Kind[Taken] = Kind(
    "taken", 1, counted, dict, msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Taken).decode, None,
    back_ms=64 * DAY_MS,
)  # fmt: skip
