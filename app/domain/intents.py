"""What an operator may wish. Each is journaled with who and why before it takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.records import ConnectorPlan


@dataclass(frozen=True, slots=True)
class AdmitStation:
    """Let a waiting (or refused) station in; books its quarantine and triggers a boot."""

    station: str


@dataclass(frozen=True, slots=True)
class RefuseStation:
    """Turn a station away for good; its quarantine is kept."""

    station: str


@dataclass(frozen=True, slots=True)
class AddStation:
    """Register a station before it calls."""

    station: str
    name: str = ""
    site: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class DescribeStation:
    """Rename, move to a site or to coordinates, set the plan of its plugs. None = leave as is."""

    station: str
    name: str | None = None
    site: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    plan: tuple[ConnectorPlan, ...] | None = None


@dataclass(frozen=True, slots=True)
class RetireStation:
    """Take a station out of the network. Its history stays; it may not connect any more."""

    station: str


@dataclass(frozen=True, slots=True)
class ReplaceHardware:
    """New hardware under the old identity: next boot may show another serial; history stays."""

    station: str


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Set (hashed, never kept in clear) or remove ("") a station's Basic-auth password."""

    station: str
    password: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class SetStationSwitch:
    """A per-station leniency, e.g. "assume_1.6" (Q02), "pinned" subprotocol (Q03), or "alias": another
    identity that its hardware calls with."""

    station: str
    switch: str
    value: str


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Close a ghost session by hand at its last trusted reading. A later real stop replaces it."""

    session: int


@dataclass(frozen=True, slots=True)
class SaveEntry:
    """Write down, or change, something a person knows: an exclusion, a work order, a price, a rule.

    `kind` is one of `entries.KINDS`; `body` is what that kind holds, JSON-ready.
    """

    kind: str
    entry: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Take such a thing back. Its versions stay, and so does what was computed with them."""

    kind: str
    entry: str


@dataclass(frozen=True, slots=True)
class ActOnFault:
    """A person's act on a fault: acknowledge, shelve, unshelve, assign, note, split, merge, …

    `verb` and its `fields` are those of app/faults; the alarm's own rules may refuse it.
    """

    fault: int
    verb: str
    fields: Mapping[str, Any] = field(default_factory=dict)


Intent = (
    AdmitStation | RefuseStation | AddStation | DescribeStation | RetireStation | ReplaceHardware
    | SetPassword | SetStationSwitch | CloseSession | SaveEntry | RemoveEntry | ActOnFault
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """An intent with who and why."""

    intent: Intent
    by: str
    why: str = ""
