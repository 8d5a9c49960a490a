"""Which stations are known, found by the name they call with."""

import json
from collections.abc import Callable

from app.domain.records import StationRecord
from app.domain.status import Admission

PLACES = 64
"""How many unknown stations may wait to be let in (CONTRACTS decision 4)."""


class Registry:
    """Stations by identity: exact first, else without regard to case if exactly one fits (12).

    A station may be linked to another name that its hardware calls with ("alias" among its settings).
    """

    def __init__(self) -> None:
        self._exact: dict[str, StationRecord] = {}
        self._folded: dict[str, set[str]] = {}
        self._aliases: dict[str, str] = {}

    def put(self, record: StationRecord) -> None:
        """Take in a station's row as committed."""
        if record.station not in self._exact:
            self._folded.setdefault(record.station.casefold(), set()).add(record.station)
        before = self._exact.get(record.station)
        self._exact[record.station] = record
        if before is not None and '"alias"' in before.settings:
            self._aliases = {name: of for name, of in self._aliases.items() if of != record.station}
        if '"alias"' in record.settings:
            self._aliases[str(json.loads(record.settings).get("alias", ""))] = record.station

    def find(self, identity: str) -> tuple[StationRecord | None, bool]:
        """The station that `identity` names, and whether the spelling is exact."""
        record = self._exact.get(identity)
        linked = self._aliases.get(identity)
        if linked is not None and (record is None or record.admission is not Admission.ACCEPTED):
            return self._exact[linked], True
        if record is not None:
            return record, True
        others = self._folded.get(identity.casefold(), ())
        if len(others) == 1:
            return self._exact[next(iter(others))], False
        return None, False

    def waiting(self) -> list[StationRecord]:
        """Stations that ask to be let in, oldest contact first."""
        asking = [r for r in self._exact.values() if r.admission is Admission.WAITING]
        return sorted(asking, key=lambda r: r.last_seen_ms)

    def surplus(self, connected: Callable[[str], bool]) -> list[StationRecord]:
        """Those who must make room because more than `PLACES` wait: the silent, oldest contact first."""
        waiting = self.waiting()
        silent = [r for r in waiting if not connected(r.station)]
        return silent[: max(0, len(waiting) - PLACES)]

    def __len__(self) -> int:
        return len(self._exact)

    def all(self) -> list[StationRecord]:
        """Every known station."""
        return list(self._exact.values())
