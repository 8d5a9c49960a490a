"""How much a station takes in one message, as its settings say (1.6 chapter 9, 2.x ItemsPerMessage)."""

from collections.abc import Iterable

from app.domain.operations import (
    ClearMonitors,
    Operation,
    ReadConfiguration,
    SendLocalList,
    SetMonitors,
    WriteConfiguration,
)
from app.domain.records import VariableRecord

_KEYS: dict[type, tuple[str, str]] = {
    ReadConfiguration: ("getconfigurationmaxkeys", ""),
    SendLocalList: ("sendlocallistmaxlength", ""),
}
_ITEMS: dict[type, tuple[str, str]] = {
    ReadConfiguration: ("devicedatactrlr", "getvariables"),
    WriteConfiguration: ("devicedatactrlr", "setvariables"),
    SetMonitors: ("monitoringctrlr", "setvariablemonitoring"),
    ClearMonitors: ("monitoringctrlr", "clearvariablemonitoring"),
    SendLocalList: ("localauthlistctrlr", ""),
}
NAMES = ("GetConfigurationMaxKeys", "SendLocalListMaxLength", "ItemsPerMessage")
"""Settings that tell it, in both generations."""


class Sizes:
    """The limits of all stations, learnt from their settings.

    Args:
        records: settings as kept; those that are no limits are passed over.
    """

    def __init__(self, records: Iterable[VariableRecord] = ()) -> None:
        self._limits: dict[tuple[str, str, str, str], int] = {}
        self.learn(records)

    def learn(self, records: Iterable[VariableRecord]) -> None:
        """Take in settings as they were read."""
        names = {name.lower() for name in NAMES}
        for r in records:
            name = r.name.lower()
            if name not in names or r.attribute != "Actual":
                continue
            place = (r.station, r.component.lower(), name, r.instance.lower())
            limit = _whole(r.value)
            if limit is None:
                self._limits.pop(place, None)
            else:
                self._limits[place] = limit

    def most(self, station: str, version: str, operation: Operation) -> int | None:
        """How many items of this operation the station takes in one message; None: it has not told."""
        kind = type(operation)
        if version == "1.6":
            if kind not in _KEYS:
                return None
            return self._limits.get((station, "", *_KEYS[kind]))
        if kind not in _ITEMS:
            return None
        component, instance = _ITEMS[kind]
        exact = self._limits.get((station, component, "itemspermessage", instance))
        return exact if exact is not None else self._limits.get((station, component, "itemspermessage", ""))


def _whole(value: str | None) -> int | None:
    """A limit of 1 or more. 0 is told by stations that mean nothing by it (Q17)."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text) < 10**6 else None
