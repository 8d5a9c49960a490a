"""A plug that is not released: an unlock that failed, until the connector is free or an unlock works."""

import json
from typing import Any

from app.domain.records import CommandRecord, Record, SessionRecord, StatusRecord
from app.domain.status import ConnectorStatus
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

FAILED = ("UnlockFailed",)
WORKED = ("Unlocked",)


class StuckCable(Resumes):
    """Reads the answers to our unlocks."""

    name = "stuck_cable"
    hears: tuple[type, ...] = (CommandRecord, StatusRecord, SessionRecord)

    def __init__(self) -> None:
        self._standing = Standing(self.name)
        self._sessions: dict[tuple[str, int], int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """An unlock was answered, or the connector is in use or free again."""
        if isinstance(record, CommandRecord):
            return self._unlock(record, scene)
        if isinstance(record, StatusRecord):
            if not record.live or record.status is not ConnectorStatus.AVAILABLE:
                return NONE
            return self._free(record.station, record.evse, record.at_ms)
        assert isinstance(record, SessionRecord)
        key = (record.station, record.evse or 0)
        if record.session <= self._sessions.get(key, 0):
            return NONE
        self._sessions[key] = record.session
        return self._free(record.station, record.evse or 0, record.started_ms)

    def _free(self, station: str, evse: int, at_ms: int) -> Told:
        places = [p for p in self._standing if p.station == station and p.evse == evse]
        return tuple(found for place in places for found in self._standing.end(place, at_ms))

    def _unlock(self, record: CommandRecord, scene: Scene) -> Told:
        if record.action != "UnlockConnector" or record.answered_ms is None:
            return NONE
        payload: Any = json.loads(record.payload or "{}")
        in_2x = "evseId" in payload
        evse = payload.get("evseId") if in_2x else payload.get("connectorId")
        connector = payload.get("connectorId") if in_2x else 1
        if not isinstance(evse, int) or not isinstance(connector, int):
            return NONE
        word = record.answer
        if any(said in word for said in WORKED):
            return self._free(record.station, evse, record.answered_ms)
        if not any(said in word for said in FAILED):
            return NONE
        place = Place(record.station, evse, connector)
        evidence = {"command": record.command, "answer": word}
        title = "The plug is not released"
        return self._standing.begin(scene, place, "StuckCable", record.answered_ms, title, evidence, raw=word)
