"""No link: from the last that was heard of a station to the first that is heard again (A.2)."""

from app.domain.records import LinkRecord, Record, StationRecord
from app.domain.status import Admission, LinkState
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class Offline(Resumes):
    """A station that was connected and is not."""

    name = "offline"
    hears: tuple[type, ...] = (LinkRecord, StationRecord)

    def __init__(self) -> None:
        self._standing = Standing(self.name)

    def hear(self, record: Record, scene: Scene) -> Told:
        """A link changed, or a station left the network."""
        if isinstance(record, StationRecord):
            if record.admission is Admission.ACCEPTED:
                return NONE
            return self._standing.end_station(
                record.station, scene.now_ms, ended="no longer part of the network"
            )
        assert isinstance(record, LinkRecord)
        place = Place(record.station)
        if record.state is LinkState.OFFLINE:
            evidence = {"reason": record.reason, "last_heard_ms": record.at_ms}
            return self._standing.begin(
                scene, place, "Offline", record.at_ms, "No link", evidence, raw=record.reason
            )
        return self._standing.end(place, record.at_ms)
