"""The oddities a station showed, in words: read from the same files that describe them to the protocol."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

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


def read_oddities() -> dict[str, Oddity]:
    """All described quirks by id. Reads files: not for the GUI thread."""
    found: dict[str, Oddity] = {}
    for entry in sorted(files("resources").joinpath("quirks").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        for quirk in tomllib.loads(entry.read_text(encoding="utf-8")).get("quirk", ()):
            made = Oddity(
                quirk["id"],
                quirk["title"],
                quirk.get("symptom", ""),
                quirk.get("answer", ""),
                quirk.get("severity", ""),
            )
            found[made.id] = made
    return found


def seen(quirks: tuple[tuple[str, int], ...], known: Mapping[str, Oddity]) -> tuple[Seen, ...]:
    """A station's quirks, those that cost money first, then by how often they were seen."""
    made = [Seen(known.get(id) or Oddity(id, f"Oddity {id}", "", "", ""), count) for id, count in quirks]
    return tuple(sorted(made, key=lambda s: (SEVERITY.get(s.oddity.severity, 3), -s.count)))
