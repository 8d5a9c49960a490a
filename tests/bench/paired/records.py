"""A played year as the records that history keeps of it, without frames."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import (
    ConnectorPlan,
    EntryRecord,
    FaultRecord,
    LinkRecord,
    NoticeRecord,
    Record,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus as S
from app.domain.status import LinkState
from tests.bench.paired.causes import Cause
from tests.bench.paired.plan import DAY_MS, ENERGY_COST, START_MS, ZONE, Site, Wishes
from tests.bench.paired.world import DISPUTED, MINUTE_MS, TRY_MS, Year

TO_BE_SEEN = 8.0
"""A connector that earns nothing is told when so many starts were missed there (reference F.1)."""
REFUSED = 3
FIXED = 25.0
"""What one more connector costs a month."""
Played = tuple[Site, Wishes, Sequence[Sequence[Cause]], Year]


def written(sites: Sequence[Site]) -> Iterator[Record]:
    """What the operator wrote down, and the stations."""
    entries: dict[tuple[str, str], dict[str, Any]] = {
        ("organisation", "own"): {"currency": "EUR"},
        ("energy-cost", "all"): {"per_kwh": ENERGY_COST, "currency": "EUR"},
        ("assumption", "data.dispute_share"): {"value": str(DISPUTED)},
        ("assumption", "expansion.fixed"): {"value": str(FIXED)},
        ("assumption", "expansion.capex"): {"value": "3000"},
    }
    for site in sites:
        entries["site", site.name] = {"zone": ZONE.key}
        entries["price", site.name] = {"site": site.name, "per_kwh": site.use.price, "currency": "EUR"}
    for (kind, name), body in entries.items():
        yield EntryRecord(kind, name, 1, START_MS, "bench", "", json.dumps(body))
    for site in sites:
        dc = site.use.kw > 22
        plan = (ConnectorPlan(1, 1, "CCS" if dc else "Type 2", round(site.use.kw * 1000)),)
        for name in site.stations:
            station = StationId(name)
            yield StationRecord(station, site=site.name, vendor="Bench", first_seen_ms=START_MS, plan=plan)
            yield LinkRecord(station, START_MS, LinkState.ONLINE)
            yield StatusRecord(station, 1, 1, START_MS, START_MS, S.AVAILABLE)


def told(played: Sequence[Played], until_ms: int) -> Iterator[Record]:
    """What the stations said in the year, and the faults that were found."""
    yield from _sessions(played)
    number = 0
    for one in played:
        for fault in _faults(one, until_ms):
            number += 1
            rule, code, station, onset, cleared = fault
            over = cleared if cleared is not None and cleared < until_ms else None
            at = None if rule == "offline" else 1
            yield FaultRecord(
                number, rule, code, rule, StationId(station), one[0].name, at, at, onset_ms=onset,
                opened_ms=onset, cleared_ms=over, closed_ms=over, state="NORM" if over else "UNACK",
            )  # fmt: skip
        for place, mine in enumerate(one[2]):
            station_id = StationId(one[0].stations[place])
            for cause in mine:
                if cause.kind == "fault":
                    yield StatusRecord(station_id, 1, 1, cause.from_ms, cause.from_ms, S.FAULTED)
                    yield StatusRecord(station_id, 1, 1, cause.to_ms, cause.to_ms, S.AVAILABLE)
                elif cause.kind in ("dark", "unlinked"):
                    yield LinkRecord(station_id, cause.from_ms, LinkState.OFFLINE)
                    yield LinkRecord(station_id, cause.to_ms, LinkState.ONLINE)


def _sessions(played: Sequence[Played]) -> Iterator[Record]:
    every = sorted(
        ((s.from_ms, n, s) for n, (_, _, _, year) in enumerate(played) for s in year.sessions),
        key=lambda found: found[:2],
    )
    for number, (_, n, s) in enumerate(every, 1):
        site, wishes, _, _ = played[n]
        station = StationId(site.stations[s.place])
        yield StatusRecord(station, 1, 1, s.from_ms, s.from_ms, S.PREPARING)
        start = s.from_ms + 20_000
        end = max(start + 1_000, s.to_ms - (1_000 if s.cut else 40_000))
        yield StatusRecord(station, 1, 1, start, start, S.CHARGING)
        if s.full_ms < s.to_ms - 2 * MINUTE_MS:
            yield StatusRecord(station, 1, 1, s.full_ms, s.full_ms, S.SUSPENDED_EV)
        reason = {"": "Local", "fault": "Other", "dark": "PowerLoss"}[s.cut]
        yield SessionRecord(
            SessionId(number), station, 1, 1, TransactionId(f"T{number}"), wishes.tokens[s.driver],
            "ISO14443" if wishes.tokens[s.driver] else "NoAuthorization", started_ms=start, ended_ms=end,
            energy_wh=s.wh if s.proved(wishes.dice) else None, meter_start_wh=0, last_sample_ms=end,
            stop_reason=reason, state=SessionState.CLOSED,
        )  # fmt: skip
        if s.cut != "fault":
            yield StatusRecord(station, 1, 1, s.to_ms, s.to_ms, S.AVAILABLE)
    for site, wishes, _, year in played:
        for t in year.tries:
            station = StationId(site.stations[t.place])
            yield StatusRecord(station, 1, 1, t.from_ms, t.from_ms, S.PREPARING)
            if token := wishes.tokens[t.driver]:
                at = t.from_ms + 15_000
                yield NoticeRecord(station, at, at, "token", "Accepted", json.dumps({"token": token}))
            over = t.from_ms + TRY_MS - 1_000
            yield StatusRecord(station, 1, 1, over, over, S.AVAILABLE)


Fault = tuple[str, str, str, int, int | None]


def _faults(one: Played, until_ms: int) -> Iterator[Fault]:
    """As the rules find them: (rule, code, station, onset, cleared)."""
    site, _, causes, year = one
    starts: list[list[int]] = [[] for _ in site.stations]
    for s in year.sessions:
        starts[s.place].append(s.from_ms)
    for found in starts:
        found.sort()
    for place, mine in enumerate(causes):
        station = site.stations[place]
        for cause in mine:
            if cause.kind == "fault":
                yield "connector_fault", "CX001", station, cause.from_ms, cause.to_ms
            elif cause.kind in ("dark", "unlinked"):
                yield "offline", "Offline", station, cause.from_ms, cause.to_ms
            else:
                tries = [
                    t.from_ms
                    for t in year.tries
                    if (t.place, t.why) == (place, "refuses") and cause.from_ms <= t.from_ms < cause.to_ms
                ]
                before = max((t for t in starts[place] if t < cause.from_ms), default=START_MS)
                after = min((t for t in starts[place] if t >= cause.to_ms), default=None)
                missed = (cause.to_ms - before) / DAY_MS * site.use.a_day
                if cause.kind == "refuses" and len(tries) >= REFUSED:
                    yield "refused_starts", "RefusedStarts", station, tries[0], after
                elif cause.kind == "silent" and missed >= TO_BE_SEEN:
                    yield "silence", "SilentConnector", station, before, after
