"""Who stands at the door: stations that wait, contacts that were refused, and what lets them in."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.domain.status import Shown
from app.fleet.views import Waiting
from ui.theme import formats


@dataclass(frozen=True, slots=True)
class Caller:
    """One charger at the door, in words."""

    waiting: Waiting
    shown: Shown
    title: str
    detail: str
    tries: str

    @property
    def key(self) -> tuple[str, str, str]:
        """One caller is one identity from one host for one cause."""
        return (self.waiting.identity, self.waiting.peer, self.waiting.cause)


def waits(entry: Waiting) -> bool:
    """Whether it is let in up to the door and asks to be accepted."""
    return entry.cause == "waiting"


def waiting_only(entries: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Those that can be accepted."""
    return tuple(entry for entry in entries if waits(entry))


def refused_only(entries: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Those that were turned away, latest first."""
    return tuple(sorted((e for e in entries if not waits(e)), key=lambda e: -e.last_ms))


def maker(entry: Waiting) -> str:
    """Maker and model as far as the charger told them."""
    return " ".join(part for part in (entry.vendor, entry.model) if part)


def caller(entry: Waiting, now_ms: int, zone: ZoneInfo) -> Caller:
    """A charger at the door as its row tells it."""
    tries = f"{formats.count(entry.count, 'try', 'tries')}, {formats.age(entry.last_ms, now_ms, zone)}"
    if waits(entry):
        told = [f"It reports {maker(entry)}" if maker(entry) else "It has not said who made it"]
        if entry.version:
            told.append(f"OCPP {entry.version}")
        if entry.serial:
            told.append(f"serial {entry.serial}")
        kept = f" {formats.count(entry.held_messages, 'message')} kept for it." if entry.held_messages else ""
        return Caller(entry, Shown.UNKNOWN, "Asks to be let in", f"{', '.join(told)}.{kept}", tries)
    return Caller(entry, Shown.FAULTED, "Turned away", _sentence(entry.cause), tries)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


@dataclass(frozen=True, slots=True)
class ListenChoice:
    """Where stations may reach this machine."""

    host: str
    port: int

    @property
    def text(self) -> str:
        """HOST:PORT, with brackets around an IPv6 address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def choice_of(url: str) -> ListenChoice | None:
    """The host and port a listener's URL names; None where it names none."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None:
        return None
    return ListenChoice(parts.hostname, parts.port)


def parse_port(text: str) -> int | str:
    """A port from 1 to 65535, or one sentence that says what is wrong."""
    if not text.strip().isdigit():
        return "The port is a number from 1 to 65535."
    port = int(text)
    return port if 1 <= port <= 65535 else "The port is a number from 1 to 65535."
