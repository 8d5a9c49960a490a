"""The rates behind the costs: defaults from resources/assumptions, changes as entries of that kind.

Every change makes a new numbered set; what was computed stands with the set it used (decision 19).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from app.domain.entries import body_of
from app.domain.errors import ForecourtError
from app.domain.prices import amount
from app.domain.records import EntryRecord


class Assumption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rate: what it means, its unit, its default ("" where there is none), what uses it."""

    key: str
    title: str
    kind: Literal["share", "money", "minutes", "days", "months", "number"]
    unit: str
    default: str
    basis: str
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A rate as it holds: `value` None is not entered. `by` "" means it is the default."""

    of: Assumption
    value: Decimal | None
    by: str = ""
    why: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class AssumptionSet:
    """All rates that hold together. `number` rises with every change; 0 is the defaults alone."""

    number: int
    held: Mapping[str, Held]

    def get(self, key: str) -> Decimal | None:
        """A rate; None where it has to be entered first."""
        return self.held[key].value

    def need(self, key: str) -> Decimal:
        """A rate that has a default."""
        value = self.held[key].value
        assert value is not None
        return value

    def assumed(self, key: str) -> bool:
        """Whether the value is the default, not the operator's."""
        return not self.held[key].by


@cache
def known() -> Mapping[str, Assumption]:
    """The rates there are, by key, in their order."""
    text = (files("resources") / "assumptions" / "assumptions.toml").read_text("utf-8")
    found = msgspec.convert(tomllib.loads(text)["assumption"], list[Assumption])
    return {one.key: one for one in found}


def assumption_set(entries: Iterable[EntryRecord], changes: Mapping[str, str] | None = None) -> AssumptionSet:
    """The rates by what was written down.

    Args:
        entries: all kept entries in their newest versions.
        changes: values tried out on top, by key ("" is the default again).

    Raises:
        ForecourtError: a value that was tried out is none.
    """
    held = {key: Held(one, _value(one.default)) for key, one in known().items()}
    number = 0
    for entry in entries:
        if entry.kind != "assumption" or entry.entry not in held:
            continue
        number += entry.version
        if not entry.gone:
            one = known()[entry.entry]
            value = checked(one.key, str(body_of(entry).get("value", "")))
            held[entry.entry] = Held(one, value, entry.by, entry.why, entry.at_ms)
    for key, text in (changes or {}).items():
        one = known()[key]
        held[key] = Held(one, checked(key, text) if text else _value(one.default), "tried out")
    return AssumptionSet(number, held)


def tried(held: AssumptionSet, key: str, value: Decimal) -> AssumptionSet:
    """The same rates but for one, to see what depends on it; a share stays one."""
    one = held.held[key]
    most = min(value, Decimal(1)) if one.of.kind == "share" else value
    return AssumptionSet(held.number, {**held.held, key: Held(one.of, most, one.by or "tried out")})


def checked(key: str, text: str) -> Decimal:
    """A value that a rate may have.

    Raises:
        ForecourtError: it is no number, negative, or a share above 1.
    """
    one = known().get(key)
    if one is None:
        raise ForecourtError(f"There is no assumption {key!r}.")
    value = amount(text)
    if value < 0:
        raise ForecourtError(f"{one.title} cannot be below zero.")
    if one.kind == "share" and value > 1:
        raise ForecourtError(f"{one.title} is a share between 0 and 1; for 25 % write 0.25.")
    return value


def _value(text: str) -> Decimal | None:
    return Decimal(text) if text else None
