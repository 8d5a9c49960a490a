"""How well faults are found: seeded pasts with known causes, heard by the engine on the log's clock.

No sockets and no database: the rows of a past go through the same replay as a log's, with a writer
that keeps the faults alone. What was found is compared with what was wrong (`app/simulator/causes.py`).
"""

import heapq
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.ids import SessionId
from app.domain.records import FaultRecord, JournalRow, Record, SessionRecord
from app.faults import catalogue
from app.faults.codes import Codes
from app.faults.engine import Engine
from app.faults.limits import Limits
from app.faults.money import Pricer
from app.faults.rules import all_rules
from app.faults.watch import Faults
from app.intake.decide import Policy
from app.intake.ids import Numbers
from app.intake.replay import Replay
from app.replay import _Feed
from app.sessions import Lookup
from app.simulator.causes import Cause
from app.simulator.demand import PROFILES
from app.simulator.network import Plug, load_network
from app.simulator.past import Past, past
from app.simulator.written import from_the_start, over_time, row_of

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
END_MS = 1_790_000_000_000
STATIONS, DAYS = 48, 90
LATE_MS = 6 * HOUR_MS
"""What is told so long after a cause ended still belongs to it: sessions end, queues are flushed."""
KWH = {True: 24.0, False: 15.0}

TOLD = (
    "lock", "ground", "heat", "module", "contactor", "reader", "meter", "stop", "supply", "cooling",
    "handshake", "precharge", "pilot", "insulation", "plughot", "overcurrent", "overvoltage", "latch",
    "cable", "weak", "firmware",
)  # fmt: skip
"""Kinds of which the station itself tells a code."""
AWAY = ("offline", "flapping_link", "site_together", "no_boot", "reboots")
FINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TOLD, ("connector_fault", "station_event", "monitor")),
    "offline": ("offline", "flapping_link", "site_together", "reboots"),
    "restart": ("offline", "reboots", "no_boot"),
    "planned": AWAY,
    "blind": AWAY,
    "site-offline": AWAY,
    "boot-loop": ("no_boot", "offline", "flapping_link", "reboots"),
    "flapping": ("flapping_link", "offline"),
    "reboots": ("reboots", "offline", "flapping_link", "no_boot", "short_sessions"),
    "silent": ("silence",),
    "dry": ("starts_without_energy", "session_without_energy", "short_sessions"),
    "cuts": ("short_sessions", "starts_without_energy"),
    "stuck": ("stuck_state", "silence"),
    "frozen": ("meter_frozen", "starts_without_energy", "short_sessions"),
    "backwards": ("meter_backwards", "starts_without_energy", "short_sessions", "meter_frozen"),
    "leak": ("energy_without_session",),
    "limp": ("power_limited",),
    "phase": ("phase_missing", "power_limited"),
    "hot": ("temperature", "power_limited"),
    "refuses": ("refused_starts", "zero_power_plug", "silence"),
    "drift": ("clock_drift",),
    "release": ("firmware_regression", "connector_fault", "station_event", "group"),
}
"""By kind of cause: which rules may tell it. The first is the one made for it."""
MOST_OFTEN = {"reader": ("refused_starts", "zero_power_plug", "silence"), "cuts": ("silence",)}
"""Rules that may follow from such a cause too, beside those made for it."""
LEAST_H = {
    "offline": 61 / 3600,
    "site-offline": 0.05,
    "stuck": 8.0,
    "planned": 1e9,
    "release": 1e9,
    "restart": 1e9,
    "blind": 1e9,
}
"""Shorter ones are below the reference's thresholds; what is announced or our own is no fault."""
LEAST_HITS = {
    "silent": 11, "dry": 5, "cuts": 5, "stuck": 1, "frozen": 2, "backwards": 1, "leak": 3, "limp": 7,
    "phase": 4, "hot": 2, "refuses": 1, "flapping": 6, "reboots": 4,
}  # fmt: skip
"""So much must have happened at a connector for anybody to see it (reference F.1 to F.7)."""
LEARNT, LEARN_MS = frozenset({"silent", "limp"}), 10 * DAY_MS
"""What is found against the usual, once that is known."""
SHARE = {"heat": 0.5, "module": 0.5, "limp": 0.6, "hot": 0.5, "phase": 0.33, "weak": 0.0, "drift": 0.0,
         "flapping": 0.1, "reboots": 0.2, "leak": 0.1, "offline": 0.3, "site-offline": 0.3, "firmware": 0.2,
         "boot-loop": 0.5}  # fmt: skip
"""The part of a connector's takings that is lost; 1 where it is not named."""


@dataclass(slots=True)
class Found:
    """The last row of each fault, and how often one was announced."""

    rows: dict[int, FaultRecord] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)
    """Those that stood in the queue by themselves."""
    sessions: dict[str, list[SessionRecord]] = field(default_factory=dict)
    depth: int = 0

    def submit(self, journal: Sequence[JournalRow], records: Sequence[Record] = (), done: Any = None) -> None:
        """Keep faults and sessions."""
        for record in records:
            if type(record) is FaultRecord:
                self.rows[record.fault] = record
                if record.state == "UNACK":
                    self.shown.add(record.fault)
            elif type(record) is SessionRecord:
                kept = self.sessions.setdefault(record.station, [])
                if kept and kept[-1].session == record.session:
                    kept[-1] = record
                else:
                    kept.append(record)
                    del kept[:-400]

    def flush(self, timeout_s: float = 60) -> None:
        """Nothing waits."""

    def find(self, lookup: Lookup) -> SessionRecord | None:
        """As the store would."""
        mine = list(reversed(self.sessions.get(lookup.station, ())))
        for name in ("start_key", "stop_key", "transaction"):
            wanted = getattr(lookup, name)
            found = next((s for s in mine if wanted and getattr(s, name) == wanted), None)
            if found is not None:
                return found
        return None

    def numbered(self, number: SessionId) -> SessionRecord | None:
        """A session by its number."""
        return next((s for kept in self.sessions.values() for s in kept if s.session == number), None)


def heard(story: Past, rules: Callable[[], Engine] | None = None) -> Found:
    """All that the engine finds in a past."""
    found, faults = Found(), Faults(watched=False)
    replay = Replay(found, {}, Numbers(), Policy(), found.find, found.numbered, None, faults)
    faults.begin((rules or fresh_engine)(), found.submit)
    feed = _Feed(replay)
    last_ms = 0
    for row in _rows(story):
        feed(row)
        last_ms = row.at_ms
    faults.engine.tick(last_ms)
    faults.keep()
    if faults.engine.failed:
        raise AssertionError(f"rules failed: {faults.engine.failed}")
    return found


def fresh_engine() -> Engine:
    """An engine that has heard nothing."""
    limits, codes = Limits(), Codes()
    pricer = Pricer(ZoneInfo("UTC"), limits)
    return Engine(all_rules(codes, limits, pricer), catalogue.load(), 1, codes)


def _rows(story: Past) -> Iterator[JournalRow]:
    start, end, network = story.start_ms, story.end_ms, story.network
    written = map(row_of, over_time(network, start, end))
    yield from map(row_of, from_the_start(network, start))
    yield from heapq.merge(story.journal(), written, key=lambda row: row.at_ms)


# -- the comparison ----------------------------------------------------------------------------


@dataclass(slots=True)
class Scores:
    """What a seed showed."""

    seed: int
    weeks: float
    connectors: int
    rows: list[FaultRecord]
    false: list[FaultRecord]
    found: dict[int, FaultRecord]
    """By place of the cause: the row that told it first."""
    causes: list[Cause]
    weight: list[float]
    seen: list[bool]
    took_s: float

    @property
    def recall(self) -> float:
        """Share of what could be seen and was found, by money."""
        whole = sum(w for w, seen in zip(self.weight, self.seen, strict=True) if seen)
        hit = sum(w for n, w in enumerate(self.weight) if self.seen[n] and n in self.found)
        return hit / whole if whole else 1.0

    @property
    def counted(self) -> tuple[int, int]:
        """(found, to be found) by number."""
        places = [n for n, seen in enumerate(self.seen) if seen]
        return sum(n in self.found for n in places), len(places)

    @property
    def false_a_week(self) -> float:
        """False alarms per 100 connectors and week."""
        return len(self.false) / self.weeks / self.connectors * 100

    @property
    def alarms_an_hour(self) -> float:
        """Queue rows an hour."""
        return len(self.rows) / (self.weeks * 168)


def judged(story: Past, found: Found, seed: int, took_s: float) -> Scores:
    """Compare what was found with what was wrong."""
    causes = story.causes
    plugs = {(s.identity, p.evse): (s.profile, p) for s in story.network.stations for p in s.plugs}
    end = story.end_ms
    rows = [row for row in found.rows.values() if row.fault in found.shown]
    by_station: dict[str, list[int]] = defaultdict(list)
    for place, cause in enumerate(causes):
        for station in cause.members or (cause.station,):
            by_station[station].append(place)
        by_station[f"site {cause.site}"].append(place)
    first: dict[int, FaultRecord] = {}
    false = []
    for row in sorted(found.rows.values(), key=lambda r: r.opened_ms):
        near = (
            by_station[row.station or f"site {row.site}"] if row.station or row.site else range(len(causes))
        )
        told = [place for place in near if explains(causes[place], row, end)]
        until = row.cleared_ms if row.cleared_ms is not None else end
        for place in near if row.rule != "group" else ():
            cause = causes[place]
            if place in told or (_fits(cause, row) and row.opened_ms <= cause.start_ms - 120_000 < until):
                first.setdefault(place, row)
        if not told and row.fault in found.shown:
            false.append(row)
    seen = [_could_be_seen(cause, story.start_ms, end) for cause in causes]
    weight = [_lost(cause, plugs, end) for cause in causes]
    connectors = len(plugs)
    weeks = (end - story.start_ms) / DAY_MS / 7
    return Scores(seed, weeks, connectors, rows, false, first, causes, weight, seen, took_s)


def explains(cause: Cause, row: FaultRecord, end_ms: int) -> bool:
    over = cause.end_ms if cause.end_ms is not None else end_ms
    return cause.start_ms - 120_000 <= row.opened_ms <= over + LATE_MS and _fits(cause, row)


def _fits(cause: Cause, row: FaultRecord) -> bool:
    """Whether a row may be about a cause, by place and kind."""
    if row.rule == "group":
        return cause.kind in TOLD or cause.kind in ("site-offline", "release")
    if row.evse and cause.evse and row.evse != cause.evse:
        return False
    return row.rule in FINDS.get(cause.kind, ()) or row.rule in MOST_OFTEN.get(cause.kind, ())


def _could_be_seen(cause: Cause, start_ms: int, end_ms: int) -> bool:
    over = cause.end_ms if cause.end_ms is not None else end_ms
    hours = (over - cause.start_ms) / HOUR_MS
    if cause.kind in LEARNT and cause.start_ms < start_ms + LEARN_MS:
        return False
    return hours >= LEAST_H.get(cause.kind, 30 / 3600) and cause.hits >= LEAST_HITS.get(cause.kind, 0)


def _lost(cause: Cause, plugs: dict[tuple[str, int], tuple[str, Plug]], end_ms: int) -> float:
    """What it cost, in the currency's units: its connectors' usual takings while it lasted."""
    over = cause.end_ms if cause.end_ms is not None else end_ms
    hours = (over - cause.start_ms) / HOUR_MS
    stations = cause.members or (cause.station,)
    hit = [v for (s, evse), v in plugs.items() if s in stations and cause.evse in (0, evse)]
    a_day = sum(
        (PROFILES[profile].dc_a_day if plug.dc else PROFILES[profile].ac_a_day)
        * KWH[plug.dc]
        * float(plug.price)
        for profile, plug in hit
    )
    return SHARE.get(cause.kind, 1.0) * a_day * hours / 24


def score(seed: int, stations: int = STATIONS, days: int = DAYS) -> Scores:
    """One seed."""
    begun = time.monotonic()
    story = past(load_network(stations), days, END_MS, seed)
    found = heard(story)
    return judged(story, found, seed, time.monotonic() - begun)


def in_detail(scores: Scores) -> str:
    """Rule by rule and kind by kind, for whoever tunes."""
    lines = [f"seed {scores.seed}: {scores.took_s:.0f} s, money recall {scores.recall:.3f}, "
             f"{scores.counted[0]}/{scores.counted[1]} found, false {scores.false_a_week:.2f}/100/week, "
             f"rows/h {scores.alarms_an_hour:.2f}"]  # fmt: skip
    rules: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in scores.rows:
        rules[row.rule][0] += 1
    for row in scores.false:
        rules[row.rule][1] += 1
    lines += [f"  rule {rule:24} rows {n:5} false {bad}" for rule, (n, bad) in sorted(rules.items())]
    kinds: dict[str, list[Any]] = defaultdict(lambda: [0, 0, 0.0, 0.0, 0, []])
    for place, cause in enumerate(scores.causes):
        one = kinds[cause.kind]
        one[4] += 1
        if not scores.seen[place]:
            continue
        one[0] += 1
        one[2] += scores.weight[place]
        if place in scores.found:
            one[1] += 1
            one[3] += scores.weight[place]
            one[5].append((scores.found[place].opened_ms - cause.start_ms) / HOUR_MS)
    for kind, (n, hit, whole, part, every, hours) in sorted(kinds.items()):
        middle = f"{statistics.median(max(h, 0.0) for h in hours):.2f} h" if hours else "-"
        money = f"money {part:8.0f}/{whole:8.0f}"
        lines.append(f"  kind {kind:14} of {every:4} to be seen {n:4} found {hit:4} {money} after {middle}")
    return "\n".join(lines)


if __name__ == "__main__":
    for number in map(int, sys.argv[1].split(",")):
        result = score(number, days=int(sys.argv[2]) if len(sys.argv) > 2 else DAYS)
        print(in_detail(result), flush=True)
        if len(sys.argv) > 3:
            for row in result.false:
                print(
                    "   false",
                    row.rule,
                    row.code,
                    row.station,
                    row.evse,
                    row.opened_ms,
                    row.title,
                    row.detail[:200],
                )
            for place, cause in enumerate(result.causes):
                if result.seen[place] and place not in result.found:
                    print("   missed", round(result.weight[place]), cause)
