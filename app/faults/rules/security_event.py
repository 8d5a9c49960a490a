"""Security events that a person must judge; each stands for a while and ends if it is not told again."""

from collections.abc import Hashable

from app.domain.records import NoticeRecord, Record
from app.faults.codes import Codes, Security
from app.faults.rule import Finding, Scene
from app.faults.said import detail_of
from app.faults.standing import NONE, Place, Resumes, Standing, Told

HOUR_MS = 3_600_000


class SecurityEvent(Resumes):
    """Events by resources/codes/security.toml; an unknown one counts where the station calls it critical."""

    name = "security_event"
    hears: tuple[type, ...] = (NoticeRecord,)

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._standing = Standing(self.name)
        self._counts: dict[tuple[str, str], int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A security event was told."""
        assert isinstance(record, NoticeRecord)
        if record.subject != "security":
            return NONE
        kind = self._codes.security(record.name)
        if kind is None:
            if not record.critical:
                return NONE
            kind = Security(record.name, "Security", record.name)
        place, key = Place(record.station), (record.station, kind.type)
        self._counts[key] = self._counts.get(key, 0) + 1
        hours = kind.hours
        evidence = {**detail_of(record), "times": self._counts[key], "stands_for_hours": hours}
        scene.wake(self.name, key, record.received_ms + round(hours * HOUR_MS))
        return self._standing.begin(
            scene, place, kind.code, record.at_ms, kind.title, evidence, raw=record.name, mark=kind.type
        )

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """It was not told again."""
        assert isinstance(key, tuple)
        self._counts.pop(key, None)
        station, kind = key
        return self._standing.end(
            Place(station), scene.now_ms, lambda f: f.mark == kind, ended="not told again"
        )

    def _calms(self, finding: Finding) -> Hashable | None:
        return (finding.subject.station, finding.mark)
