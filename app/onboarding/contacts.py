"""Every contact of the last hour, refused or let in, grouped per charger. In memory; refusals are kept
by the front desk, and the last hour of them is recalled after a restart."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.clock import Clock
from app.domain.records import RefusalRecord
from app.onboarding.contact import HOUR_MS, Contact, key_of
from app.protocol.handshake import Handshake, Refusal
from app.protocol.link import Link

MOST = 500
"""Chargers remembered; the one silent for longest makes room."""


@dataclass
class Contacts:
    """The contacts, fed by the front desk. For the core's loop only."""

    clock: Clock
    _found: dict[str, Contact] = field(default_factory=dict)
    _smooth: dict[str, Contact] = field(default_factory=dict)
    """Let in and never turned away: apart, so that a storm of them pushes out nobody who needs help."""
    _shown: dict[str, tuple[int, bytes]] = field(default_factory=dict, repr=False)
    _ignored: dict[str, str] = field(default_factory=dict)

    def recall(self, records: Iterable[RefusalRecord]) -> None:
        """Take in refusals kept before this start."""
        since = self.clock.now_ms() - HOUR_MS
        for record in sorted(records, key=lambda r: r.last_ms):
            if record.last_ms < since:
                continue
            detail = json.loads(record.detail)
            self._put(
                self._now(record.identity, record.peer, record.last_ms, record.count),
                cause=record.cause,
                remedy=str(detail.get("remedy", "")),
                path=str(detail.get("path", "")),
                tls=bool(detail.get("tls")),
                offered=tuple(detail.get("offered", ())),
                sample=str(detail.get("sample", "")),
                quirk=str(detail.get("quirk", "")),
            )

    def knocked(self, handshake: Handshake) -> None:
        """Somebody shows a password: kept in memory alone until it is let in, an hour at most, so that
        the operator can take it as the right one."""
        if handshake.password is not None:
            key = key_of(handshake.identity, handshake.peer)
            self._shown.pop(key, None)
            self._shown[key] = (self.clock.now_ms(), handshake.password)
            if len(self._shown) > MOST:
                del self._shown[next(iter(self._shown))]

    def refused(self, refusal: Refusal) -> None:
        """Somebody was turned away."""
        self._put(
            self._now(refusal.identity, refusal.peer, refusal.at_ms, 1),
            cause=refusal.cause,
            remedy=refusal.remedy,
            quirk=refusal.quirk,
            path=refusal.path,
            offered=refusal.offered,
            tls=refusal.tls,
            port=refusal.port,
            sample=refusal.sample,
            station="",
            solved_ms=None,
        )

    def connected(self, link: Link) -> None:
        """A station is let in."""
        handshake, now = link.handshake, self.clock.now_ms()
        before = self._now(handshake.identity, link.peer, now, 0)
        self._shown.pop(before.key, None)
        solved = now if before.cause else before.solved_ms
        kept = self._found if before.refused else self._smooth
        kept[before.key] = replace(
            before, station=str(link.station), cause="", remedy="", path=handshake.path,
            offered=handshake.offered, version=link.version, tls=link.tls, tries=before.tries + 1,
            solved_ms=solved, sample="",
        )  # fmt: skip
        # Who called without an identity from the same address has most likely found it now.
        nameless = self._found.get(key_of("", link.peer))
        if nameless is not None and nameless.cause:
            self._found[nameless.key] = replace(
                nameless, cause="", remedy="", station=str(link.station), solved_ms=now
            )

    def mended(self, identity: str) -> None:
        """Its cause was taken away here: it is awaited again."""
        for key, contact in list(self._found.items()):
            if contact.identity == identity and contact.cause:
                del self._found[key]

    def ignore(self, identity: str, peer: str) -> None:
        """Leave a charger off the board until it is turned away for another cause, or is silent an hour."""
        found = self._found.get(key_of(identity, peer))
        if found is not None:
            self._ignored[found.key] = found.cause

    def secret(self, identity: str, peer: str) -> bytes | None:
        """The password it showed last; None where it showed none within the hour."""
        known = self._shown.get(key_of(identity, peer))
        if known is None or self.clock.now_ms() - known[0] > HOUR_MS:
            return None
        return known[1]

    def all(self) -> tuple[Contact, ...]:
        """The chargers of the last hour, newest first."""
        since = self.clock.now_ms() - HOUR_MS
        for kept in (self._found, self._smooth):
            for key in [key for key, contact in kept.items() if contact.last_ms < since]:
                del kept[key]
                self._ignored.pop(key, None)
        for key in [key for key, (at_ms, _) in self._shown.items() if at_ms < since]:
            del self._shown[key]
        everyone = (*self._found.values(), *self._smooth.values())
        told = [c for c in everyone if not c.cause or self._ignored.get(c.key) != c.cause]
        found = sorted(told, key=lambda c: -c.last_ms)
        return tuple(replace(c, sends_password=c.key in self._shown) for c in found)

    def _now(self, identity: str, peer: str, at_ms: int, refused: int) -> Contact:
        """The charger's contact so far, with this one counted."""
        name = identity[:255]
        key = key_of(name, peer)
        before = (
            self._found.pop(key, None) or self._smooth.pop(key, None) or Contact(name, peer, first_ms=at_ms)
        )
        counted = replace(
            before, peer=peer, last_ms=max(at_ms, before.last_ms),
            tries=before.tries + refused, refused=before.refused + refused,
        )  # fmt: skip
        kept = self._found if counted.refused else self._smooth
        kept[key] = counted
        if len(kept) > MOST:
            del kept[next(iter(kept))]
        return counted

    def _put(self, contact: Contact, **told: object) -> None:
        self._found[contact.key] = replace(contact, **told)  # type: ignore[arg-type]
