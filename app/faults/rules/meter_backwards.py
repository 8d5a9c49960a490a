"""A register that falls though it was not reset (Q50, Q51); over with the next session that rises."""

from app.domain.records import Flag, Record, SessionRecord
from app.faults.outcomes import ENDED
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class MeterBackwards(Resumes):
    """Reads the flag that the sessions room sets when it judged a fall."""

    name = "meter_backwards"
    hears: tuple[type, ...] = (SessionRecord,)

    def __init__(self) -> None:
        self._standing = Standing(self.name)

    def hear(self, record: Record, scene: Scene) -> Told:
        """A session's row."""
        assert isinstance(record, SessionRecord)
        place = Place(record.station, record.evse or 0)
        if Flag.METER_BACKWARDS in record.flags:
            at_ms = record.last_register_ms or record.ended_ms or record.started_ms
            evidence = {
                "session": record.session,
                "meter_start_wh": record.meter_start_wh,
                "meter_stop_wh": record.meter_stop_wh,
                "last_trusted_wh": record.last_wh,
            }
            if self._standing.holds(place):
                return NONE
            return self._standing.begin(
                scene, place, "MeterBackwards", at_ms, "Meter runs backwards", evidence
            )
        if record.state not in ENDED or not record.energy_wh:
            return NONE
        return self._standing.end(
            place, record.ended_ms or scene.now_ms, lambda f: f.evidence.get("session", 0) < record.session
        )
