"""The alarm types, as data: for each what it means, what to do, how soon, and how its noise is kept down.

A rationalisation record (ISA-18.2, reference section C.2) a type, read from resources/alarms and
overridable in the data directory's `alarms`. A finding belongs to the entry that names its rule
and code, else to the one that names its code, else to the one of its rule, else to that of last resort.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app import toml_files
from app.domain.errors import ForecourtError

LAST_RESORT = "other"
Text = Annotated[str, msgspec.Meta(min_length=1)]


class AlarmType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an alarm of one kind is, and how it is treated."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    title: Text
    condition: Text
    cause: Text
    consequence: Text
    action: Text
    """What the operator does. What needs no action is an event, not an alarm."""
    rules: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    """Of these codes only; all of the rule where empty."""
    act_within_min: Annotated[int, msgspec.Meta(ge=1)] = 480
    priority: Literal["P1", "P2", "P3"] = "P3"
    on_delay_s: Annotated[int, msgspec.Meta(ge=0)] = 0
    off_delay_s: Annotated[int, msgspec.Meta(ge=0)] = 0
    deadband: str = "none"
    """Of an analogue limit, in words; the rule keeps it."""
    limit: str = "none"
    suppression: str = "none"
    """By what it is suppressed by design, in words; `group` and `covers` are what is done."""
    group: Literal["", "connectivity", "power", "starts", "own"] = ""
    covers: bool = False
    """While it stands at a station, the alarms of that station's connectors lie under it."""
    kind: Literal["power", "safety", "hardware", "vehicle", "comms"] = "hardware"
    """Its class for first-out: of what comes together the earlier class is the cause."""
    safety: bool = False
    latched: bool = False
    out_of_service_first: bool = False
    """The first thing to do is to take it out of service; resets are refused."""
    owner: Text = "operations"
    review: date = date(2027, 5, 1)

    @property
    def act_within_ms(self) -> int:
        """The time to act, in ms."""
        return self.act_within_min * 60_000


CLASSES: Mapping[str, int] = {"power": 0, "safety": 1, "hardware": 2, "vehicle": 3, "comms": 4}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    alarm: list[AlarmType]


class Catalogue:
    """All alarm types, found by rule and code."""

    def __init__(self, types: Mapping[str, AlarmType]) -> None:
        self.types = types
        self._of_rule: dict[str, AlarmType] = {}
        self._of_code: dict[tuple[str, str], AlarmType] = {}
        for kind in types.values():
            for rule in kind.rules or ("",):
                if kind.codes:
                    self._of_code.update({(rule, code): kind for code in kind.codes})
                elif rule:
                    self._of_rule[rule] = kind

    def of(self, rule: str, code: str) -> AlarmType:
        """The type of a finding."""
        of_code = self._of_code
        found = of_code.get((rule, code)) or of_code.get(("", code)) or self._of_rule.get(rule)
        return found or self.types[LAST_RESORT]


def load(overrides: Path | None = None) -> Catalogue:
    """The catalogue; an entry in `overrides`/*.toml replaces ours of the same id.

    Raises:
        ForecourtError: a file of `overrides` cannot be read or breaks the schema; it names both.
    """
    found: dict[str, AlarmType] = {}
    for name, text in toml_files.shipped("alarms"):
        _add(found, name, text, unique=True)
    for path, text in toml_files.own(overrides, "The alarms in"):
        _add(found, str(path), text, unique=False)
    _check(found)
    return Catalogue(found)


def _add(found: dict[str, AlarmType], name: str, text: str, *, unique: bool) -> None:
    try:
        told = msgspec.toml.decode(text, type=_File, strict=True)
    except msgspec.DecodeError as error:
        raise ForecourtError(f"{name} is not a list of alarms: {error}.") from error
    seen: set[str] = set()
    for kind in told.alarm:
        if kind.id in seen or (unique and kind.id in found):
            raise ForecourtError(f"{name} has the alarm {kind.id} twice.")
        seen.add(kind.id)
        if kind.safety and (kind.priority != "P1" or kind.on_delay_s > 10):
            raise ForecourtError(
                f"{name}: {kind.id} is a safety alarm, which is always P1 and announced within 10 seconds."
            )
        found[kind.id] = kind


def _check(found: Mapping[str, AlarmType]) -> None:
    claimed: dict[tuple[str, str], str] = {}
    for kind in found.values():
        for rule in kind.rules or (("",) if kind.codes else ()):
            for code in kind.codes or ("",):
                other = claimed.setdefault((rule, code), kind.id)
                if other != kind.id:
                    what = f"{rule} {code}".strip()
                    raise ForecourtError(f"The alarms {other} and {kind.id} both claim {what}.")
