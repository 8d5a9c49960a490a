"""What no certification test asks: cut links, late answers, queues in any order, calls that cross."""

import asyncio
import json
from typing import Any

import pytest

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.records import SessionState
from app.store.readers.readings import readings_between
from app.store.readers.sessions import recent_sessions
from tests.app.protocol.generate import minimal
from tests.helpers.plain_client import plain_client
from tests.helpers.raw_station import RawStation
from tests.helpers.world import World, world

VERSIONS = ("1.6", "2.0.1", "2.1")
SPOKEN = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}


def port_of(w: World) -> int:
    """Where the control room listens."""
    return int(w.room.urls[0].rsplit(":", 1)[1].strip("/"))


def at(second: int) -> str:
    """A time in the first hour of a world."""
    return f"2026-01-01T00:{second // 60:02}:{second % 60:02}Z"


def event(number: int, last: int, meter_wh: int) -> dict[str, Any]:
    """TransactionEvent `number` of 0 to `last`."""
    kind = "Started" if number == 0 else "Ended" if number == last else "Updated"
    sample = {"value": meter_wh, "context": "Sample.Periodic"}
    return {
        "eventType": kind, "timestamp": at(number * 10), "triggerReason": "MeterValuePeriodic",
        "seqNo": number, "offline": True, "evse": {"id": 1, "connectorId": 1},
        "transactionInfo": {"transactionId": "tx-9"},
        "meterValue": [{"timestamp": at(number * 10), "sampledValue": [sample]}],
    }  # fmt: skip


def start(version: str) -> tuple[str, dict[str, Any]]:
    """The message that begins a session."""
    if version == "1.6":
        started = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": at(0)}
        return "StartTransaction", started
    return "TransactionEvent", event(0, 99, 1000)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_link_cut_between_commit_and_answer_costs_nothing(version: str) -> None:
    """The station asks again over a new link, under the old id and a new one: one answer, one session."""
    action, payload = start(version)
    async with world() as w:
        station = await RawStation.connect(port_of(w), "/DEPOT-7", subprotocol=SPOKEN[version])
        station.call(action, payload, "cut")
        station.cut()
        answers = []
        for message_id in ("cut", "cut", "again"):
            station = await RawStation.connect(port_of(w), "/DEPOT-7", subprotocol=SPOKEN[version])
            station.call(action, payload, message_id)
            kind, said_id, answer = await station.message()
            assert (kind, said_id) == (3, message_id)
            answers.append(answer)
            station.cut()
            await w.advance(minutes=11)
        assert answers[0] == answers[1] == answers[2]
        await w.only_session()


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
@pytest.mark.parametrize("backwards", [False, True])
async def test_a_hundred_queued_events_give_the_same_session_in_any_order(
    version: str, backwards: bool
) -> None:
    """From 1,000 to 10,900 Wh over 990 s, every sample once."""
    events = [event(number, 99, 1000 + number * 100) for number in range(100)]
    async with world() as w:
        async with plain_client(w.url, version) as station:
            await station.told("Heartbeat", {})
        await w.advance(minutes=20)
        async with plain_client(w.url, version) as station:
            for payload in reversed(events) if backwards else events:
                await station.told("TransactionEvent", payload)
        session = await w.only_session()
        assert (session.energy_wh, session.state) == (9_900, SessionState.CLOSED)
        assert session.ended_ms is not None
        assert session.ended_ms - session.started_ms == 990_000
        kept = await w.room.ask(lambda c: list(readings_between(c, 0, 2**60)))
        assert len({record.reading.at_ms for record in kept}) == 100


async def test_a_hundred_stops_of_unknown_starts_are_each_acknowledged_and_told_of() -> None:
    """1.6: nothing is refused, nothing is invented, and a person may look at each."""
    async with world() as w, plain_client(w.url) as station:
        for number in range(100):
            stop = {"transactionId": 7_000 + number, "meterStop": 5_000 + number, "timestamp": at(number)}
            assert await station.told("StopTransaction", stop) == {}
        sessions = await w.room.ask(recent_sessions, "DEPOT-7", 200)
        assert len(sessions) == 100
        assert {s.energy_wh for s in sessions} == {None}


async def test_a_time_without_zone_is_taken_as_utc() -> None:
    """1.6 stations of several makes write none."""
    async with world() as w, plain_client(w.url) as station:
        started = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": "2026-01-01T00:00:00"}
        await station.told("StartTransaction", started)
        assert (await w.only_session()).started_ms == 1_767_225_600_000


@pytest.mark.parametrize("version", VERSIONS)
async def test_calls_that_cross_are_both_answered_and_a_late_answer_proves_nothing(version: str) -> None:
    """While ours is out the station asks and is answered; what comes after the timeout changes nothing."""
    async with world() as w:
        station = await RawStation.connect(port_of(w), "/DEPOT-7", subprotocol=SPOKEN[version])
        station.call("BootNotification", minimal(version, "BootNotification"), "boot")
        assert (await station.message())[:2] == [3, "boot"]
        await w.advance(seconds=5)
        asked = w.room.send(StationId("DEPOT-7"), "ClearCache", {}, 5, "test")
        outcome = asyncio.ensure_future(asked)
        kind, call_id, action, _ = await station.message()
        assert (kind, action) == (2, "ClearCache")
        station.call("Heartbeat", {}, "crossing")
        assert (await station.message())[:2] == [3, "crossing"]
        await w.advance(seconds=10)
        with pytest.raises(ForecourtError, match="did not answer in time"):
            await outcome
        station.say(json.dumps([3, call_id, {"status": "Accepted"}]))
        again = asyncio.ensure_future(w.room.send(StationId("DEPOT-7"), "ClearCache", {}, 5, "test"))
        _, second_id, _, _ = await station.message()
        assert second_id != call_id
        station.say(json.dumps([3, second_id, {"status": "Rejected"}]))
        assert await again == {"status": "Rejected"}
        station.cut()
