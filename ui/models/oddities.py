"""The oddities a station showed, in words: the same descriptions that the protocol goes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEVERITY = {"money": 0, "state": 1, "link": 2}


@dataclass(frozen=True, slots=True)
class Oddity:
    """What one quirk is, and what Forecourt does about it."""

    id: str
    title: str
    symptom: str
    answer: str
    severity: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A quirk with how often it was seen."""

    oddity: Oddity
    count: int


async def room_oddities(room: Any) -> dict[str, Oddity]:
    """All quirks the core works with, the operator's own among them, by id. To be run by the bridge."""
    return described(room.quirks)


def described(quirks: Mapping[str, Any]) -> dict[str, Oddity]:
    """The core's quirks as the window tells them."""
    return {
        quirk.id: Oddity(quirk.id, quirk.title, quirk.symptom, quirk.answer, str(quirk.severity))
        for quirk in quirks.values()
    }


def seen(quirks: tuple[tuple[str, int], ...], known: Mapping[str, Oddity]) -> tuple[Seen, ...]:
    """A station's quirks, those that cost money first, then by how often they were seen."""
    made = [Seen(known.get(id) or Oddity(id, f"Oddity {id}", "", "", ""), count) for id, count in quirks]
    return tuple(sorted(made, key=lambda s: (SEVERITY.get(s.oddity.severity, 3), -s.count)))
