"""What real chargers get wrong, as data: read from resources/quirks, overridable in the data directory.

An entry names the behaviour, how grave it is, who shows it and what Forecourt does about it. The
code counts a quirk by its id wherever it meets one; this file gives the id its words.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from app import toml_files
from app.domain.errors import ForecourtError


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which stations an entry is known to fit: shell patterns, compared without case; all must fit."""

    vendor: str = "*"
    model: str = "*"
    firmware: str = "*"

    def fits(self, vendor: str, model: str, firmware: str) -> bool:
        """Whether a station is meant."""
        said = ((vendor, self.vendor), (model, self.model), (firmware, self.firmware))
        return all(fnmatchcase(text.casefold(), pattern.casefold()) for text, pattern in said)


class Quirk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which stations differ from the specification."""

    id: Annotated[str, msgspec.Meta(pattern=r"^Q\d\d$")]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    severity: Literal["money", "state", "link"]
    symptom: Annotated[str, msgspec.Meta(min_length=1)]
    answer: Annotated[str, msgspec.Meta(min_length=1)]
    """What Forecourt does about it."""
    important: bool = False
    """One of the twelve that matter most."""
    switch: Literal["", "assume_1.6", "pinned", "strict"] = ""
    """The per-station switch that goes with it."""
    vendors: tuple[str, ...] = ()
    """Makers it was seen on; firmware may have changed since."""
    sources: tuple[str, ...] = ()
    applies: tuple[Pattern, ...] = ()
    """Stations that are known to have it before they have shown it."""
    avoid: tuple[str, ...] = ()
    """Actions that must not be sent to a station that has it."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    quirk: list[Quirk]


class QuirkSet(NamedTuple):
    """The quirks of one station: those its make is known for and those it has shown."""

    ids: frozenset[str]
    avoid: frozenset[str]
    """Actions better not sent to it."""


Quirks = Mapping[str, Quirk]


def load(overrides: Path | None = None) -> Quirks:
    """All quirks by id, in the order of ids; an entry in `overrides`/*.toml replaces one of ours.

    Raises:
        ForecourtError: a file of `overrides` cannot be read or breaks the schema; it names both.
    """
    found: dict[str, Quirk] = {}
    for name, text in toml_files.shipped("quirks"):
        _add(found, name, text, unique=True)
    for path, text in toml_files.own(overrides, "The quirks in"):
        _add(found, str(path), text, unique=False)
    return dict(sorted(found.items()))


@cache
def shipped() -> Quirks:
    """The quirks that come with Forecourt."""
    return load()


def quirks_of(
    quirks: Quirks, *, vendor: str, model: str, firmware: str, seen: Mapping[str, int] | None = None
) -> QuirkSet:
    """The quirks of a station of this make that has shown those in `seen` (id to count)."""
    ids = {
        quirk.id for quirk in quirks.values() if any(p.fits(vendor, model, firmware) for p in quirk.applies)
    }
    ids.update(name for name in seen or () if name in quirks)
    avoid = {action for name in ids for action in quirks[name].avoid}
    return QuirkSet(frozenset(ids), frozenset(avoid))


def _add(found: dict[str, Quirk], name: str, text: str, *, unique: bool) -> None:
    try:
        read = msgspec.toml.decode(text, type=_File)
    except (msgspec.MsgspecError, ValueError) as exc:
        raise ForecourtError(f"The quirks in {name} cannot be used: {exc}.") from exc
    for quirk in read.quirk:
        if unique and quirk.id in found:
            raise ForecourtError(f"The quirks in {name} cannot be used: {quirk.id} is there twice.")
        found[quirk.id] = quirk
