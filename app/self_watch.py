"""Forecourt looks at itself: disk, database, backup, clock, listener, certificate. Feeds its own faults."""

import logging
import shutil
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from app.clock import Clock
from app.faults.own import OwnState
from app.faults.watch import Faults
from app.fleet import Fleet
from app.intake.turns import Turns
from app.protocol.server import Server
from app.settings import Settings
from app.store.writer import Writer

log = logging.getLogger("forecourt.upkeep")

JUMP_MS = 5_000
_SEQUENCE, _VERSION, _UTC_TIME = 0x30, 0xA0, 0x17


class Parts(Protocol):
    """What is needed of the control room."""

    settings: Settings
    clock: Clock
    fleet: Fleet
    server: Server
    writer: Writer
    turns: Turns
    faults: Faults


class _Seen(NamedTuple):
    """What the disk said last; None is unknown."""

    free: int | None = None
    total: int | None = None
    certificate_ends_ms: int | None = None


class SelfWatch:
    """Remembers what only shows by comparison: the two clocks, and when the run began."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._began_ms = parts.clock.now_ms()
        self._offset_ms = self._drift()
        self._jumped_ms = 0
        self._seen = _Seen()

    def clocks(self) -> None:
        """Compare the wall clock with the one that only rises; spans that run keep their length at a jump.

        A computer that slept shows the same way: nobody looked meanwhile.
        """
        moved = self._drift() - self._offset_ms
        if abs(moved) < JUMP_MS:
            return
        self._offset_ms += moved
        self._jumped_ms += moved
        log.warning("the clock moved by %.1f s by itself", moved / 1000)
        self._parts.faults.jumped(moved, self._parts.clock.now_ms())
        self.tell(None)

    def tell(self, commit_ms: int | None) -> None:
        """Tell the fault engine how Forecourt is; `commit_ms` is how long a commit took just now."""
        parts = self._parts
        now, server = parts.clock.now_ms(), parts.fleet.server_view
        listening = bool(parts.server.urls) or server.state != "listening"
        backup = server.last_backup_ms if server.last_backup_ms is not None else self._began_ms
        jumped, self._jumped_ms = self._jumped_ms, 0
        seen = self._seen
        state = OwnState(
            now, seen.free, seen.total, parts.writer.recording, parts.writer.cause, commit_ms, backup,
            listening and server.state != "failed", server.cause, jumped, seen.certificate_ends_ms,
            tuple(sorted(parts.faults.engine.failed.items())),
        )  # fmt: skip
        # It has a time of its own, which must not overtake what stations said before it.
        parts.turns.settled(lambda: parts.faults.hear(state, now))

    async def look(self, in_thread: Callable[..., Any]) -> None:
        """Look at oneself, with a commit that is timed; a disk may hang, so it is asked in a thread."""
        self._seen = await in_thread(_look, self._parts.settings)
        # How fast the disk is shows on no clock but the machine's own, also where time is driven.
        begun_s = time.perf_counter()
        if self._parts.writer.recording:
            await in_thread(self._parts.writer.flush)
        self.tell(round((time.perf_counter() - begun_s) * 1000))

    def _drift(self) -> int:
        return self._parts.clock.now_ms() - round(self._parts.clock.monotonic_s() * 1000)


def _look(settings: Settings) -> _Seen:
    return _Seen(*_room(settings.data_dir), _certificate(settings))


def _certificate(settings: Settings) -> int | None:
    tls = settings.tls
    if not (tls.cert and tls.key):
        return None
    try:
        return ends_ms(Path(tls.cert).read_text("ascii"))
    except (OSError, ValueError) as error:
        log.warning("the certificate %s cannot be read: %s", tls.cert, error)
        return None


def _room(place: Path) -> tuple[int | None, int | None]:
    try:
        found = shutil.disk_usage(place)
    except OSError as error:
        log.warning("the free space at %s is not known: %s", place, error)
        return None, None
    return found.free, found.total


def ends_ms(pem: str) -> int:
    """When the first certificate of a PEM text ends, ms UTC (X.509: tbsCertificate.validity.notAfter).

    Raises:
        ValueError: it is no certificate.
    """
    end = pem.find("-----END CERTIFICATE-----")
    begin = pem.find("-----BEGIN CERTIFICATE-----")
    if begin < 0 or end < 0:
        raise ValueError("no certificate in it")
    der = ssl.PEM_cert_to_DER_cert(pem[begin : end + 25])
    try:
        at = _inside(der, _inside(der, 0))
        if der[at] == _VERSION:
            at = _after(der, at)
        for _ in range(3):  # serial, algorithm, issuer
            at = _after(der, at)
        at = _after(der, _inside(der, at))
        kind, text = der[at], der[_inside(der, at, any_kind=True) : _after(der, at)].decode("ascii")
    except IndexError as error:
        raise ValueError("the certificate is cut off") from error
    if kind == _UTC_TIME:
        # RFC 5280: two digits of 50 and above are of the last century.
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return round(datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp() * 1000)


def _length(der: bytes, at: int) -> tuple[int, int]:
    first = der[at + 1]
    if first < 0x80:
        return at + 2, first
    size = first & 0x7F
    return at + 2 + size, int.from_bytes(der[at + 2 : at + 2 + size], "big")


def _inside(der: bytes, at: int, *, any_kind: bool = False) -> int:
    if not any_kind and der[at] != _SEQUENCE:
        raise ValueError("not a certificate")
    return _length(der, at)[0]


def _after(der: bytes, at: int) -> int:
    start, size = _length(der, at)
    return start + size
