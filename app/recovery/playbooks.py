"""Playbooks as data: what to try for which fault, in which order, and what each step waits for.

Read from resources/playbooks, overridable by files of the same form in the data directory's
`playbooks`. A playbook of the same id replaces the shipped one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app import toml_files
from app.domain.errors import ForecourtError

Deed = Literal[
    "wait", "trigger-status", "trigger-boot", "unlock", "out-and-back", "soft-reset", "hard-reset",
    "restart-link", "send-configuration", "free-session", "set-clock", "send-list", "fetch-log",
    "send-person",
]  # fmt: skip
"""What a step may do."""

Condition = Literal["online", "nobody-charging", "plug-free", "session-stuck", "evse-known", "template-known"]
"""What has to hold for a step; it is passed over where it does not."""

GENTLE = frozenset({"wait", "trigger-status", "trigger-boot", "fetch-log", "set-clock", "send-person"})
"""Steps that cut nobody off and change nothing a driver would notice."""
WHOLE_STATION = frozenset({"soft-reset", "hard-reset"})
"""Steps that every EVSE of the station feels."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step. `wait_s`: how long the fault may take to clear afterwards; `says`: what will happen.

    `shown_by` "sessions": only the sessions that follow can show what came of it, so they are waited for.
    """

    do: Deed
    says: Annotated[str, msgspec.Meta(min_length=1)]
    wait_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 120
    only_if: tuple[Condition, ...] = ()
    tries: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    shown_by: Literal["time", "sessions"] = "time"


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to try for faults whose code fits one of `codes` (shell patterns).

    `recoverable` False: nothing done from afar mends it, the steps only find out more.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    title: Annotated[str, msgspec.Meta(min_length=1)]
    codes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    step: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    recoverable: bool = True
    spacing_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 300
    """At least so long between two steps that act."""

    def fits(self, code: str) -> bool:
        """Whether it is for faults of this code."""
        return any(fnmatchcase(code, pattern) for pattern in self.codes)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    playbook: tuple[Playbook, ...]


def load(own: Path | None = None) -> tuple[Playbook, ...]:
    """All playbooks, the operator's before the shipped ones.

    Raises:
        ForecourtError: a file breaks the form; the sentence names it.
    """
    ours = [book for name, text in toml_files.shipped("playbooks") for book in _read(name, text)]
    mine: list[Playbook] = []
    for path, text in toml_files.own(own, "The playbooks in"):
        mine += _read(path.name, text)
    replaced = {book.id for book in mine}
    return (*mine, *(book for book in ours if book.id not in replaced))


def playbook_for(playbooks: Iterable[Playbook], code: str) -> Playbook | None:
    """The first playbook that fits a code exactly, else the first that fits by pattern."""
    known = tuple(playbooks)
    exact = next((book for book in known if code in book.codes), None)
    return exact or next((book for book in known if book.fits(code)), None)


def _read(name: str, text: str) -> tuple[Playbook, ...]:
    try:
        found: Mapping[str, object] = tomllib.loads(text)
        return msgspec.convert(found, _File).playbook
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ForecourtError(f"The playbook file {name} cannot be used: {error}.") from error
