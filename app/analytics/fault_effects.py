"""What a fault did and what shows it: drivers it hit, what was measured around its onset; closed faults."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.attempt_history import attempts_between
from app.analytics.power import evse_powers
from app.analytics.results import LinkSpan, PowerSeries, StatusSpan
from app.analytics.spans import link_spans, status_spans
from app.domain.records import FaultRecord
from app.store.readers.faults import closed_faults, one_fault
from app.store.readers.readings import readings_between

MINUTE_MS = 60_000
BEFORE_MS = 60 * MINUTE_MS
MOST_MS = 6 * 3_600_000
"""Evidence is shown from an hour before the onset to at most so long after it."""
STEPS = 240
CUT_BEFORE_MS = MINUTE_MS
MEASURED = ("Temperature", "Voltage", "Current.Import")
"""What is drawn beside the power, where a station tells it."""
LATEST_MS = 30 * 86_400_000
"""Drivers are counted this far back at most."""
PAGE = 100


@dataclass(frozen=True, slots=True)
class DriverHit:
    """A driver whom a fault hit: `tries` in vain, `cut` sessions that ended badly, with what they got."""

    token: str
    tries: int
    cut: int
    energy_wh: int
    last_ms: int
    why: str
    """How the last try was lost."""


def drivers_hit(connection: Connection, number: int, now_ms: int) -> tuple[DriverHit, ...]:
    """Who tried in vain, or was cut off, at a fault's place while it stood; the last one first."""
    fault = one_fault(connection, number)
    if fault is None or not fault.station:
        return ()
    until = min(now_ms, fault.cleared_ms or fault.closed_ms or now_ms)
    since = max(fault.onset_ms - CUT_BEFORE_MS, until - LATEST_MS)
    # A session that the fault cut began before it.
    found: dict[str, list[tuple[int, int, int, str]]] = {}
    for placed in attempts_between(connection, since - BEFORE_MS * 6, until + 1, fault.station):
        attempt = placed.attempt
        if attempt.good or attempt.cancelled or attempt.running or attempt.ended_ms < since:
            continue
        if fault.evse and attempt.evse not in (None, fault.evse):
            continue
        cut = int(attempt.session is not None)
        if not cut and attempt.at_ms < fault.onset_ms:
            continue
        told = (attempt.at_ms, cut, attempt.energy_wh or 0, attempt.lost)
        found.setdefault(attempt.token or f"{attempt.station} {attempt.at_ms}", []).append(told)
    hits = [
        DriverHit(
            "" if " " in token else token, sum(1 - one[1] for one in tries), sum(one[1] for one in tries),
            sum(one[2] for one in tries), max(one[0] for one in tries), max(tries)[3],
        )
        for token, tries in found.items()
    ]  # fmt: skip
    return tuple(sorted(hits, key=lambda hit: -hit.last_ms))


@dataclass(frozen=True, slots=True)
class Measured:
    """Samples of one measurand: times (ms UTC) and values in `unit`."""

    name: str
    unit: str
    at_ms: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FaultSigns:
    """What was seen at a fault's place in [from, to)."""

    from_ms: int
    to_ms: int
    onset_ms: int
    powers: tuple[tuple[int, PowerSeries], ...]
    measured: tuple[Measured, ...]
    statuses: tuple[StatusSpan, ...]
    links: tuple[LinkSpan, ...]


def fault_signs(connection: Connection, number: int, now_ms: int) -> FaultSigns | None:
    """The signals around a fault's onset; None where it is no station's."""
    fault = one_fault(connection, number)
    if fault is None or not fault.station:
        return None
    start = fault.onset_ms - BEFORE_MS
    over = fault.cleared_ms or fault.closed_ms or now_ms
    end = min(now_ms, max(over + BEFORE_MS // 2, fault.onset_ms + BEFORE_MS), fault.onset_ms + MOST_MS)
    step = max(15_000, (end - start) // STEPS)
    powers = evse_powers(connection, fault.station, start, end, step)
    if fault.evse and any(evse == fault.evse for evse, _ in powers):
        powers = tuple(pair for pair in powers if pair[0] == fault.evse)
    statuses = status_spans(connection, fault.station, start, end)
    if fault.evse:
        statuses = tuple(span for span in statuses if span.evse in (0, fault.evse))
    return FaultSigns(
        start, end, fault.onset_ms, powers, tuple(_measured(connection, fault, start, end)), statuses,
        link_spans(connection, fault.station, start, end),
    )  # fmt: skip


def _measured(connection: Connection, fault: FaultRecord, start: int, end: int) -> Iterator[Measured]:
    kept: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for record in readings_between(connection, start, end, fault.station):
        if fault.evse and record.evse not in (0, fault.evse):
            continue
        for sample in record.reading.samples:
            if (
                sample.measurand in MEASURED
                and sample.number is not None
                and sample.phase in ("", "L1", "L1-N")
            ):
                kept.setdefault((sample.measurand, sample.unit), []).append(
                    (record.reading.at_ms, sample.number)
                )
    for name in MEASURED:
        for (measurand, unit), points in sorted(kept.items()):
            if measurand == name and len(points) > 1:
                yield Measured(name, unit, tuple(at for at, _ in points), tuple(value for _, value in points))


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """Closed faults, newest first; `after` asks for the next page, None: there is none."""

    faults: tuple[FaultRecord, ...]
    after: tuple[int, int] | None


def closed_page(
    connection: Connection, text: str = "", before: tuple[int, int] | None = None, limit: int = PAGE
) -> ClosedPage:
    """A page of the closed faults in which every word of `text` occurs."""
    rows = closed_faults(connection, text.split(), before, limit + 1)
    found = tuple(rows[:limit])
    more = len(rows) > limit
    return ClosedPage(found, (found[-1].closed_ms or 0, found[-1].fault) if more else None)
