"""What became of faults: one with all that belongs to it, the queue's own figures, a shift's page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.alarm_kpis import HOUR_MS, AlarmKpis, Announced, Span, alarm_kpis
from app.domain.entries import body_of
from app.domain.records import FaultEventRecord, FaultRecord
from app.store.readers.entries import current_entries
from app.store.readers.faults import (
    Similar,
    children_of,
    faults_at,
    faults_between,
    faults_closed_since,
    faults_numbered,
    history_of,
    lines_between,
    one_fault,
    open_faults,
    similar_faults,
)
from app.store.readers.stations import all_stations

SAME_ERROR_MS = 90 * 86_400_000
ACTED = "person"


@dataclass(frozen=True, slots=True)
class FaultDetail:
    """A fault with its history, what lies under it and what it resembles."""

    fault: FaultRecord
    history: tuple[FaultEventRecord, ...]
    children: tuple[FaultRecord, ...]
    similar: tuple[Similar, ...]
    same_here: int
    """How often the same was at this station in 90 days, this one included."""
    same_firmware: tuple[int, int]
    """Of how many stations of the same make and firmware how many had it in 90 days: (had it, of)."""


def fault_detail(connection: Connection, number: int, now_ms: int) -> FaultDetail | None:
    """All that the fault's page shows of the past; None where there is no such fault."""
    fault = one_fault(connection, number)
    if fault is None:
        return None
    since = now_ms - SAME_ERROR_MS
    stations = {s.station: s for s in all_stations(connection)}
    mine = stations.get(fault.station)
    peers = {
        s.station
        for s in stations.values()
        if mine is not None and (s.vendor, s.model, s.firmware) == (mine.vendor, mine.model, mine.firmware)
    }
    had = {f.station for f in faults_between(connection, since, None, code=fault.code)} & peers
    here = [f for f in faults_at(connection, fault.station, 1_000) if f.code == fault.code]
    return FaultDetail(
        fault,
        tuple(history_of(connection, number)),
        tuple(children_of(connection, number)),
        tuple(similar_faults(connection, number)),
        sum(f.alarms for f in here if f.opened_ms >= since and fault.station),
        (len(had), len(peers)),
    )


def queue_figures(connection: Connection, from_ms: int, to_ms: int, now_ms: int) -> AlarmKpis:
    """The alarm figures of [from, to)."""
    lines = lines_between(connection, from_ms, min(to_ms, now_ms))
    kinds = {f.fault: f for f in faults_numbered(connection, {line.fault for line in lines})}
    return alarm_kpis(
        _announced(lines, kinds), attended(connection, lines, from_ms, to_ms), min(to_ms, now_ms)
    )


def attended(
    connection: Connection, lines: Iterable[FaultEventRecord], from_ms: int, to_ms: int
) -> list[Span]:
    """When somebody was there: the shifts that were handed over, and the hours in which a person acted."""
    spans = [
        Span(max(int(body["from_ms"]), from_ms), min(int(body["to_ms"]), to_ms))
        for entry in current_entries(connection, "shift")
        if not entry.gone and {"from_ms", "to_ms"} <= (body := body_of(entry)).keys()
    ]
    hours = {line.at_ms // HOUR_MS for line in lines if line.actor_kind == ACTED}
    spans += [Span(max(h * HOUR_MS, from_ms), min((h + 1) * HOUR_MS, to_ms)) for h in hours]
    joined: list[Span] = []
    for span in sorted(s for s in spans if s.start_ms < s.end_ms):
        if joined and span.start_ms <= joined[-1].end_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, span.end_ms))
        else:
            joined.append(span)
    return joined


def _announced(lines: Sequence[FaultEventRecord], faults: dict[int, FaultRecord]) -> list[Announced]:
    """Every entry into UNACK by itself, with the next acknowledgement and the next return."""
    found: list[Announced] = []
    last: dict[int, int] = {}
    for line in lines:
        fault = faults.get(line.fault)
        if fault is None:
            continue
        if line.verb == "announce":
            last[line.fault] = len(found)
            kind = f"{fault.code} {fault.station or fault.site} {fault.evse or ''}".strip()
            found.append(Announced(line.at_ms, kind, fault.priority))
        elif (place := last.get(line.fault)) is not None:
            one = found[place]
            if line.verb == "acknowledge" and one.acknowledged_ms is None and line.actor_kind == ACTED:
                found[place] = one._replace(acknowledged_ms=line.at_ms)
            elif line.verb in ("clear", "ended") and one.cleared_ms is None:
                found[place] = one._replace(cleared_ms=line.at_ms)
    return found


@dataclass(frozen=True, slots=True)
class Handover:
    """One page at the end of a shift."""

    from_ms: int
    to_ms: int
    unseen: tuple[FaultRecord, ...]
    """Open and acknowledged by nobody, safety first, then by priority and age."""
    in_hand: tuple[FaultRecord, ...]
    """Acknowledged and still there."""
    shelved: tuple[FaultRecord, ...]
    out_of_service: tuple[FaultRecord, ...]
    due: tuple[FaultRecord, ...]
    """With a due time, the nearest first."""
    suppressed: int
    opened: int
    """How many rows opened in the shift, those under a cause left out."""
    closed: tuple[FaultRecord, ...]
    notes: tuple[FaultEventRecord, ...]
    acts: tuple[tuple[str, int], ...]
    """Who acted how often."""
    escalated: tuple[int, ...]


def handover(connection: Connection, from_ms: int, to_ms: int) -> Handover:
    """What the next shift has to know of [from, to), as of now."""
    standing = sorted(open_faults(connection), key=lambda f: (not f.safety, f.priority, f.opened_ms))
    lines = lines_between(connection, from_ms, to_ms)
    by_state: dict[str, list[FaultRecord]] = {}
    for fault in standing:
        by_state.setdefault(fault.state, []).append(fault)
    due = sorted((f for f in standing if f.due_ms is not None), key=lambda f: f.due_ms or 0)
    closed = [f for f in faults_closed_since(connection, from_ms) if (f.closed_ms or 0) < to_ms]
    return Handover(
        from_ms, to_ms,
        tuple(by_state.get("UNACK", ())) + tuple(by_state.get("RTNUN", ())),
        tuple(by_state.get("ACKED", ())),
        tuple(by_state.get("SHLVD", ())),
        tuple(by_state.get("OOSRV", ())),
        tuple(due),
        len(by_state.get("DSUPR", ())),
        len({line.fault for line in lines if line.verb == "announce"}),
        tuple(closed),
        tuple(line for line in lines if line.verb == "note"),
        tuple(Counter(line.actor for line in lines if line.actor_kind == ACTED).most_common()),
        tuple(line.fault for line in lines if line.verb == "escalated"),
    )  # fmt: skip
