"""What was recorded of a station plays again on a simulated one, and nowhere else."""

import json

import pytest

from app.domain.errors import ForecourtError
from app.simulator.recorded import Heard, Recording, moved, parts_of
from tests.helpers.world import world

START_MS = 1_760_000_000_000


def line(second: int, sent: bool, frame: list[object], station: str = "DEPOT-7") -> Heard:
    action = str(frame[2]) if frame[0] == 2 else "StartTransaction"
    return Heard(station, START_MS + second * 10, json.dumps(frame), sent, action)


LOG = [
    line(0, True, [2, "1", "BootNotification", {"chargePointVendor": "Nordwatt", "chargePointModel": "NW"}]),
    line(1, True, [2, "2", "StartTransaction", {
        "connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": "2025-10-09T08:53:20Z"}]),
    line(2, False, [3, "2", {"transactionId": 4711, "idTagInfo": {"status": "Accepted"}}]),
    line(3, False, [2, "9", "Reset", {"type": "Soft"}]),
    line(4, True, [2, "3", "StopTransaction", {
        "transactionId": 4711, "meterStop": 5000, "timestamp": "2025-10-09T09:53:20Z"}]),
]  # fmt: skip


async def test_a_recorded_session_happens_again_at_a_simulated_station() -> None:
    """The session is booked under SIM-DEPOT-7 with the energy of the recording; DEPOT-7 sees nothing."""
    async with world() as w:
        parts = parts_of(LOG, lambda _station: "1.6")
        assert [part.identity for part in parts] == ["SIM-DEPOT-7"]
        playing = Recording(parts, w.url, w.clock, pace=1000)
        playing.start()
        await w.until(lambda: playing.said == playing.whole and not playing.running, "the scenario to end")
        assert not playing.failures
        session = await w.only_session("SIM-DEPOT-7")
        assert session.energy_wh == 4000
        assert "DEPOT-7" not in w.room.fleet.snapshot().stations


def test_times_move_and_other_words_stay() -> None:
    """Only what is a time by its name and its form is moved."""
    told = moved({"timestamp": "2025-10-09T08:53:20Z", "info": "2025-10-09T08:53:20Z", "n": [1]}, 60_000)
    assert told == {"timestamp": "2025-10-09T08:54:20.000Z", "info": "2025-10-09T08:53:20Z", "n": [1]}


def test_nothing_that_a_station_said_is_said_in_a_sentence() -> None:
    """A range with only our own calls, or of a whole fleet, is refused."""
    with pytest.raises(ForecourtError, match="nothing to replay"):
        parts_of(LOG[3:4], lambda _station: "1.6")
    crowd = [line(i, True, [2, "1", "Heartbeat", {}], f"S-{i}") for i in range(30)]
    with pytest.raises(ForecourtError, match="30 stations"):
        parts_of(crowd, lambda _station: "1.6")
