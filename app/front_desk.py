"""Where the server meets the rest: who is let in goes to the door, what is said to the intake.

It also keeps who was turned away, and identities that two stations use, and tells the board of every
contact.
"""

import json
import logging
from collections.abc import Awaitable
from dataclasses import replace

from app.access.door import Door
from app.clock import Clock
from app.domain.records import RefusalRecord
from app.intake.links import contested
from app.intake.live import Intake
from app.intake.turns import Turns
from app.onboarding.contacts import Contacts
from app.protocol.handshake import Admit, Handshake, Refusal, Refuse
from app.protocol.link import Link

log = logging.getLogger("forecourt.door")

MOST_REFUSALS = 500
"""Groups of refusals counted in memory; the oldest makes room."""
REFUSAL_EVERY_MS = 5_000
"""A group that knocks faster is written this often, with its count."""


class FrontDesk:
    """The server's door and inbox in one."""

    def __init__(self, clock: Clock, door: Door, intake: Intake, turns: Turns, contacts: Contacts) -> None:
        self.clock = clock
        self.contacts = contacts
        self.door = door
        self.turns = turns
        self._away: dict[str, int] = {}
        self._refusals: dict[tuple[str, str, str], RefusalRecord] = {}
        self._unwritten: dict[tuple[str, str, str], int] = {}
        # The intake hears everything itself; a hop for each message would cost a call.
        self.intake = intake
        self.disconnected = intake.disconnected
        self.heard = intake.heard
        self.message = intake.message
        self.rejected = intake.rejected
        self.call_sent = intake.call_sent
        self.call_answered = intake.call_answered

    def admit(self, handshake: Handshake) -> Admit | Refuse | Awaitable[Admit | Refuse]:
        """Judge a handshake."""
        self.contacts.knocked(handshake)
        if self._away:
            wait_ms = self._held_off_ms(handshake.identity)
            if wait_ms > 0:
                retry = (("Retry-After", str(wait_ms // 1000 + 1)),)
                return Refuse(503, "Held off while its behaviour without link is tested.", headers=retry)
        return self.door.admit(handshake)

    def cut(self, link: Link, for_ms: int) -> None:
        """Cut a station's link and keep it out for a while, as a fallen network would."""
        self._away[link.station] = self.clock.now_ms() + for_ms
        link.abort("cut for a test of its behaviour without link")

    def _held_off_ms(self, identity: str) -> int:
        record, _ = self.door.registry.find(identity)
        name = identity if record is None else str(record.station)
        left = self._away.get(name, 0) - self.clock.now_ms()
        if left <= 0:
            self._away.pop(name, None)
        return left

    def connected(self, link: Link) -> None:
        """A station is in."""
        self.contacts.connected(link)
        self.intake.connected(link)

    def refused(self, refusal: Refusal) -> None:
        """Somebody was turned away: shown at once, kept grouped by identity, address and cause."""
        self.contacts.refused(refusal)
        now = refusal.at_ms
        key = (refusal.identity[:255], refusal.peer, refusal.cause)
        before = self._refusals.pop(key, None)
        if before is None:
            record = RefusalRecord(*key, _detail(refusal), now, now)
        else:
            record = replace(before, last_ms=now, count=before.count + 1, detail=_detail(refusal))
        self._refusals[key] = record
        if len(self._refusals) > MOST_REFUSALS:
            gone = next(iter(self._refusals))
            del self._refusals[gone]
            self._unwritten.pop(gone, None)
        self.turns.fleet.apply(record, now)
        self._unwritten[key] = self._unwritten.get(key, 0) + 1
        if before is None or now - before.last_ms >= REFUSAL_EVERY_MS:
            self.write_refusals(only=key)

    def write_refusals(self, only: tuple[str, str, str] | None = None) -> None:
        """Keep what was counted since it was written last."""
        for key in [only] if only is not None else list(self._unwritten):
            count, record = self._unwritten.pop(key, 0), self._refusals.get(key)
            if count and record is not None:
                self.turns.writer.submit((), (replace(record, count=count),), None)

    def identity_doubtful(self, link: Link, why: str) -> None:
        """Two stations fight for one identity: an alarm, kept."""
        log.warning("station %s: %s", link.station, why)
        book = self.turns.book(link.station)
        now = self.clock.now_ms()
        self.turns.fleet.identity(link.station, now)
        self.turns.in_turn(book, lambda: self.turns.commit(book, *contested(link.station, why, now), now))


def _detail(refusal: Refusal) -> str:
    return json.dumps(
        {
            "status": refusal.status, "remedy": refusal.remedy, "path": refusal.path,
            "offered": list(refusal.offered), "tls": refusal.tls, "sample": refusal.sample,
            "quirk": refusal.quirk,
        },
        ensure_ascii=True,
    )  # fmt: skip
