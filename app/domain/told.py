"""What a station told in answer to an operation, in one form for all versions."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.operations import ProfilePeriod, Variable


@dataclass(frozen=True, slots=True)
class SettingTold:
    """A setting as a station told it.

    `value` None: it keeps the value to itself or has none. `status` is the station's word where it
    did not simply tell the value ("UnknownVariable", "RebootRequired", …), "" where it did.
    `detail` holds what else it said: unit, dataType, minLimit, maxLimit, valuesList, mutability.
    """

    variable: Variable
    value: str | None = None
    readonly: bool = False
    status: str = ""
    reason: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether the station has such a setting at all."""
        return self.status not in UNKNOWN


UNKNOWN = frozenset({"unknown", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"})
"""Words that mean: the station has no such setting."""


@dataclass(frozen=True, slots=True)
class ScheduleTold:
    """What limit holds at an EVSE. `unit` is "W" or "A"; an absent limit means none."""

    evse: int
    start_ms: int | None
    duration_s: int | None
    unit: str
    periods: tuple[ProfilePeriod, ...]


@dataclass(frozen=True, slots=True)
class MonitorTold:
    """A monitor as a station told it; `status` "" where it holds, else why it does not."""

    variable: Variable
    monitor: int | None
    kind: str
    value: float | None = None
    severity: int | None = None
    status: str = ""
