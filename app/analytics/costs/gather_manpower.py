"""What people did at the desk that a good system spares, from our own audit trail (reference E.2).

A correction (entry "manpower", named like its evidence: {"minutes": "0"}) replaces the minutes of one act;
"0" says it was useful work.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.manpower import Avoidable
from app.analytics.costs.material import Material
from app.domain.errors import ForecourtError
from app.domain.prices import amount
from app.domain.work_orders import orders_of
from app.store.readers.faults import lines_between
from app.store.readers.others import commands

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
PERSON = "person"
LOOKING = frozenset({"acknowledge", "note"})
"""What a person does to an alarm without doing anything about it."""


class Desk(NamedTuple):
    """Avoidable acts, and beside them all acts and minutes that were counted."""

    avoidable: tuple[Avoidable, ...]
    acts: int
    minutes: float
    call_minutes: float


def desk(m: Material, losses: FaultLoss) -> Desk:
    """The acts of a month."""
    corrected = {name: body.get("minutes") for name, body in m.entries("manpower").items()}
    repeated, asked = _repeated(m)
    nuisances, minutes, acts = _nuisances(m, losses)
    calls = _calls(m)
    found = [
        one
        for act in (*repeated, *nuisances, *_duplicates(m), *calls)
        if (one := _corrected(act, corrected)) is not None
    ]
    return Desk(
        tuple(found), acts + asked + len(calls), minutes, float(sum(c.minutes or Decimal(0) for c in calls))
    )


def _corrected(act: Avoidable, corrected: Mapping[str, Any]) -> Avoidable | None:
    if act.object not in corrected:
        return act
    try:
        minutes = amount(corrected[act.object])
    except ForecourtError:
        return act
    if minutes <= 0:
        return None
    return Avoidable(act.place, act.action, act.object, act.at_ms, minutes)


def _repeated(m: Material) -> tuple[list[Avoidable], int]:
    """Second and later identical commands of a person to a station within an hour; and all of theirs."""
    found = []
    last: dict[tuple[str, str, str], int] = {}
    count = 0
    for row in reversed(commands(m.connection, from_ms=m.span[0] - HOUR_MS, to_ms=m.span[1], limit=None)):
        if not row.station or row.batch is not None or row.asked_by in ("", "recovery", "automatic"):
            continue
        key = (str(row.station), row.action, row.payload)
        before = last.get(key)
        last[key] = row.asked_ms
        if not m.inside(m.site_of(row.station), row.asked_ms):
            continue
        count += 1
        if before is not None and row.asked_ms - before <= HOUR_MS:
            place = m.place(str(row.station))
            found.append(Avoidable(place, "repeated command", f"command:{row.command}", row.asked_ms))
    return found, count


def _nuisances(m: Material, losses: FaultLoss) -> tuple[list[Avoidable], float, int]:
    """Alarms a person looked at that needed nothing and ended by themselves."""
    spans: dict[int, list[int]] = {}
    did: set[int] = set()
    for line in lines_between(m.connection, *m.span):
        if line.actor_kind == PERSON:
            spans.setdefault(line.fault, []).append(line.at_ms)
            if line.verb not in LOOKING:
                did.add(line.fault)
        elif line.verb == "recovery":
            did.add(line.fault)
    found = []
    minutes = 0.0
    for fault, times in spans.items():
        took = (max(times) - min(times)) / MINUTE_MS
        minutes += min(took, 15.0)
        row = losses.rows.get(fault)
        if row is None or fault in did or row.cleared_ms is None or not row.station:
            continue
        if _sent(m, str(row.station), row.onset_ms, row.cleared_ms):
            continue
        # One look alone has no length; then the usual minutes of such an alarm stand in.
        span = Decimal(repr(round(took, 2))) if len(times) > 1 else None
        place = m.place(str(row.station))
        found.append(Avoidable(place, "nuisance alarm", f"fault:{fault}", min(times), span))
    return found, minutes, sum(map(len, spans.values()))


def _sent(m: Material, station: str, from_ms: int, to_ms: int) -> bool:
    """Whether anybody sent the station anything meanwhile."""
    return bool(commands(m.connection, station, from_ms=from_ms, to_ms=to_ms, limit=1))


def _duplicates(m: Material) -> list[Avoidable]:
    """Work orders made for an EVSE and cause while one for the same was open."""
    found = []
    open_until: dict[tuple[str, int | None, str], int] = {}
    for order in sorted(orders_of(m.network.entries), key=lambda o: o.created_ms):
        key = (order.station, order.evse, order.cause)
        site = order.site or m.site_of(order.station)
        if order.created_ms < open_until.get(key, 0) and m.inside(site, order.created_ms):
            place = m.place(order.station, site)
            found.append(Avoidable(place, "duplicate ticket", f"work-order:{order.number}", order.created_ms))
        over = m.now_ms if order.closed_ms is None and order.open else order.closed_ms or order.created_ms
        open_until[key] = max(open_until.get(key, 0), over)
    return found


def _calls(m: Material) -> list[Avoidable]:
    """Phone calls about a fault or a station, as one key started and stopped them."""
    found = []
    for name, body in m.entries("call").items():
        start, end = body.get("from_ms"), body.get("to_ms")
        station = str(body.get("station") or "")
        site = str(body.get("site") or m.site_of(station))
        if not isinstance(start, int) or not isinstance(end, int) or end <= start:
            continue
        if m.inside(site, start):
            minutes = Decimal(repr(round((end - start) / MINUTE_MS, 2)))
            found.append(Avoidable(m.place(station, site), "call", f"call:{name}", start, minutes))
    return found


def automatic_steps(m: Material, faults: frozenset[int]) -> frozenset[int]:
    """Of these faults those whose steps of recovery nobody asked for."""
    from app.store.tables import fault_event

    c = fault_event.c
    query = select(c.fault, c.actor_kind, c.detail).where(c.verb == "recovery", c.at_ms < m.span[1])
    return frozenset(
        number
        for number, kind, detail in m.connection.execute(query)
        if number in faults and kind == "automatic" and "taken" in json.loads(detail)
    )
