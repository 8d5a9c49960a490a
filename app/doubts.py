"""Oddities that no message shows but time does: a link that is deaf, a status that sticks.

Each is counted once against its station, by a row of the journal that replays without a clock.
"""

import logging
from typing import Protocol

from app.clock import Clock
from app.domain.ids import StationId
from app.domain.status import LinkState
from app.fleet import Fleet
from app.intake.arrivals import Arrivals
from app.intake.links import shows
from app.intake.turns import Turns
from app.protocol.link import DEAF, Link
from app.protocol.server import Server

log = logging.getLogger("forecourt.doubts")

DEAF_AFTER = 3
"""Calls in a row that timed out (Q10)."""
REDIAL_EVERY_S = 3_600.0
"""A deaf link is closed at most once an hour, so that its station redials."""
PINGS_MISSED = 3
"""Pings in a row without a pong, from a station that used to answer them (Q09)."""


class Parts(Protocol):
    """What is needed of the control room."""

    clock: Clock
    fleet: Fleet
    turns: Turns
    arrivals: Arrivals
    server: Server


class Doubts:
    """Judges links and statuses again and again; keeps what it judged already."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._deaf: set[tuple[StationId, int]] = set()
        self._redialled_s: dict[str, float] = {}
        self._stuck: set[tuple[str, str, int]] = set()

    def links(self) -> None:
        """Look at every open link."""
        links = self._parts.server.links
        for link in list(links.values()):
            self._pongs(link)
            if link.calls is not None:
                self._deafness(link)
        if len(self._deaf) > len(links):
            self._deaf &= {(link.station, link.generation) for link in links.values()}

    def statuses(self) -> None:
        """Count each status that sticks, once for as long as it does."""
        parts = self._parts
        now = parts.clock.now_ms()
        found = set(parts.fleet.doubts(now))
        for station, why, _ in found - self._stuck:
            self._count(StationId(station), "Q61", why)
        self._stuck = found

    def _pongs(self, link: Link) -> None:
        """A missing pong alone closes nothing; three in full silence put the link in doubt at once."""
        if not link.ever_ponged or link.pings_missed < PINGS_MISSED:
            return
        silent_s = self._parts.clock.monotonic_s() - link.heard_s
        book = self._parts.turns.book(link.station)
        if not book.doubtful and silent_s >= (PINGS_MISSED - 1) * self._parts.server.limits.ping_s:
            now, why = self._parts.clock.now_ms(), f"{link.pings_missed} pings without an answer"
            self._parts.arrivals.judge(book, LinkState.DOUBTFUL, now, why)

    def _deafness(self, link: Link) -> None:
        assert link.calls is not None
        key = (link.station, link.generation)
        if link.calls.timeouts < DEAF_AFTER:
            if key in self._deaf and not link.calls.timeouts:
                self._deaf.discard(key)
                self._parts.fleet.deaf(link.station, None)
            return
        if key not in self._deaf:
            self._deaf.add(key)
            self._parts.fleet.deaf(link.station, self._parts.clock.now_ms())
            self._count(link.station, "Q10", f"{link.calls.timeouts} calls in a row were not answered")
        self._redial(link)

    def _redial(self, link: Link) -> None:
        now_s = self._parts.clock.monotonic_s()
        last_s = self._redialled_s.get(link.station)
        if self._parts.turns.book(link.station).sessions.open or link.closed:
            return
        if last_s is None or now_s - last_s >= REDIAL_EVERY_S:
            self._redialled_s[link.station] = now_s
            log.info(
                "station %s answers no command: its link is closed once, so that it redials", link.station
            )
            link.close(DEAF, "no command was answered")

    def _count(self, station: StationId, quirk: str, why: str) -> None:
        turns, now = self._parts.turns, self._parts.clock.now_ms()
        book = turns.book(station)
        turns.in_turn(book, lambda: turns.commit(book, *shows(book, quirk, why, now), now))
