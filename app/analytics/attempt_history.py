"""Attempts of a span of time, read from history: statuses, cards shown, remote starts, sessions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, literal, select

from app.analytics.attempts import Attempt, Kind, Sign, attempts_of
from app.analytics.driver_kpis import DriverKpis, driver_kpis
from app.domain.entries import standing
from app.domain.records import StationRecord
from app.domain.status import ConnectorStatus
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations
from app.store.readers.statuses import words_between
from app.store.tables import OPEN_STATES, command, notice, session

REMOTE_STARTS = ("RemoteStartTransaction", "RequestStartTransaction")
ACCEPTED = frozenset({"Accepted", "ConcurrentTx"})
LONGEST_MS = 31 * 86_400_000
"""No session that ran before a span and longer than this into it is looked for."""
_PLUGGED = frozenset(
    {
        ConnectorStatus.PREPARING, ConnectorStatus.CHARGING,
        ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacedAttempt:
    """An attempt with what its station is: by these figures are compared."""

    attempt: Attempt
    site: str
    vendor: str
    model: str
    firmware: str

    @property
    def place(self) -> str:
        """Where visits are counted: the site, or the station where it has none."""
        return self.site or self.attempt.station


def attempts_between(
    connection: Connection, from_ms: int, to_ms: int, station: str = ""
) -> list[PlacedAttempt]:
    """Attempts that began in [from, to), station by station; the operator's test cards left out."""
    known = {str(s.station): s for s in all_stations(connection) if station in ("", s.station)}
    tests = own_cards(connection)
    signs: dict[str, list[Sign]] = {name: [] for name in known}
    faults: dict[str, list[tuple[int, int]]] = {name: [] for name in known}
    for name, sign in _session_signs(connection, from_ms, to_ms, station):
        signs.setdefault(name, []).append(sign)
    for name, sign in _token_signs(connection, from_ms, to_ms, station):
        signs.setdefault(name, []).append(sign)
    for name, sign in _remote_signs(connection, from_ms, to_ms, station):
        signs.setdefault(name, []).append(sign)
    _plug_signs(connection, from_ms, to_ms, station, signs, faults)
    found = []
    for name in list(signs):
        record = known.get(name)
        # Taken out: signs of a station are let go of before the attempts at the next one are made.
        for attempt in attempts_of(name, signs.pop(name), faults.get(name, ()), tests):
            if attempt.at_ms >= from_ms:
                found.append(_placed(attempt, record))
    return found


def own_cards(connection: Connection) -> frozenset[str]:
    """The operator's own cards, whose attempts do not count."""
    own = standing(current_entries(connection, "local-token"), "local-token")
    return frozenset(name for name, body in own.items() if body.get("test"))


def kpis_between(connection: Connection, from_ms: int, to_ms: int, station: str = "") -> DriverKpis:
    """The driver-facing figures of a span."""
    found = attempts_between(connection, from_ms, to_ms, station)
    return driver_kpis((placed.place, placed.attempt) for placed in found)


def _placed(attempt: Attempt, record: StationRecord | None) -> PlacedAttempt:
    if record is None:
        return PlacedAttempt(attempt, "", "", "", "")
    return PlacedAttempt(attempt, record.site, record.vendor, record.model, record.firmware)


def _session_signs(
    connection: Connection, from_ms: int, to_ms: int, station: str
) -> Iterator[tuple[str, Sign]]:
    """Sessions that began in [from, to), and those that ran already: what a plug says then is theirs."""
    c = session.c
    asked = select(
        c.station, c.session, c.evse, c.token, c.started_ms, c.ended_ms, c.energy_wh, c.stop_reason
    )
    states = [literal(state, literal_execute=True) for state in OPEN_STATES]
    # The sums keep the planner from walking all that ever started before: few of it ended since or runs.
    soon = from_ms + LONGEST_MS
    for query in (
        asked.where(c.started_ms >= from_ms, c.started_ms < to_ms),
        asked.where(c.started_ms + 0 < from_ms, c.ended_ms >= from_ms, c.ended_ms < soon),
        asked.where(c.started_ms + 0 < from_ms, c.ended_ms.is_(None), c.state.in_(states)),
    ):
        mine = query.where(c.station == station) if station else query
        for name, number, evse, token, start, end, energy, reason in connection.execute(mine):
            yield name, Sign(
                start, Kind.SESSION, evse, token, session=number, ended_ms=end, energy_wh=energy,
                reason=reason, charging_ms=start,
            )  # fmt: skip


def _token_signs(
    connection: Connection, from_ms: int, to_ms: int, station: str
) -> Iterator[tuple[str, Sign]]:
    c = notice.c
    query = select(c.station, c.at_ms, c.name, c.detail, c.evse).where(
        c.subject == "token", c.at_ms >= from_ms, c.at_ms < to_ms
    )
    if station:
        query = query.where(c.station == station)
    for name, at, word, detail, evse in connection.execute(query):
        told: Mapping[str, Any] = json.loads(detail)
        yield name, Sign(at, Kind.TOKEN, evse, str(told.get("token", "")), word in ACCEPTED, word)


def _remote_signs(
    connection: Connection, from_ms: int, to_ms: int, station: str
) -> Iterator[tuple[str, Sign]]:
    c = command.c
    query = select(c.station, c.sent_ms, c.payload, c.answer).where(
        c.action.in_(REMOTE_STARTS), c.sent_ms >= from_ms, c.sent_ms < to_ms
    )
    if station:
        query = query.where(c.station == station)
    for name, at, payload, answer in connection.execute(query):
        asked: Mapping[str, Any] = json.loads(payload)
        evse = asked.get("connectorId") or asked.get("evseId")
        token = asked.get("idTag") or (asked.get("idToken") or {}).get("idToken", "")
        good = '"Accepted"' in answer
        yield name, Sign(at, Kind.REMOTE, evse, str(token), good, "" if good else "remote start refused")


def _plug_signs(
    connection: Connection, from_ms: int, to_ms: int, station: str,
    signs: dict[str, list[Sign]], faults: dict[str, list[tuple[int, int]]],
) -> None:  # fmt: skip
    before: dict[tuple[str, int], str] = {}
    for name, evse, at, word in words_between(connection, from_ms, to_ms, station):
        was = before.get((name, evse), "")
        before[name, evse] = word
        if at < from_ms:
            continue
        if word == ConnectorStatus.FAULTED and was != word:
            faults.setdefault(name, []).append((evse, at))
        if not evse:
            continue
        if word == ConnectorStatus.PREPARING and was not in _PLUGGED:
            signs.setdefault(name, []).append(Sign(at, Kind.PLUG, evse))
        elif word == ConnectorStatus.AVAILABLE and was in _PLUGGED:
            signs.setdefault(name, []).append(Sign(at, Kind.UNPLUG, evse))
    for found in faults.values():
        found.sort(key=lambda fault: fault[1])
