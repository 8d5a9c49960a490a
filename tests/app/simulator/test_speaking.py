"""A scripted station says only what its version's schema allows, and copes with what it is told."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from app.simulator.answers import V16, V21, V201, obliging
from app.simulator.link import Refused, Unanswered
from app.simulator.quirky import NAMED, habits
from app.simulator.scripted import SimStation
from app.simulator.wire import CallFailed, NotUnderstood
from tests.app.simulator.echo import VERSIONS, echo, validator


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_whole_visit_is_told_in_valid_words(version: str) -> None:
    """Boot, status, charge, stop: each message passes the version's schema."""
    async with echo(version) as server, SimStation(server.url, "DEPOT-7", version=version) as station:
        answer = await station.boot()
        await station.heartbeat()
        await station.status(1, "Available")
        car = await station.plug_in(connector=1, tag="ANNA", meter_wh=1000)
        await car.sample(meter_wh=4000, power_w=7200, soc=44)
        await car.suspend()
        await car.resume()
        await car.leave(meter_wh=8500)
        await station.status(1, "Faulted", "GroundFailure", vendor_error="E-17")
        assert answer["status"] == "Accepted"
        assert station.subprotocol == f"ocpp{version}"
        assert car.verdict == "Accepted"
        assert server.invalid == []
        if version == "1.6":
            assert "StartTransaction" in server.actions()
            stop = dict(server.heard)["StopTransaction"]
            assert (stop["transactionId"], stop["meterStop"]) == (car.transaction, 8500)
        else:
            assert [e["seqNo"] for e in server.events()] == list(range(6))
            assert [e["eventType"] for e in server.events()][::5] == ["Started", "Ended"]
            assert "NotifyEvent" in server.actions()


@pytest.mark.parametrize("version", VERSIONS)
async def test_messages_queue_while_the_link_is_down_and_leave_in_order(version: str) -> None:
    """A start, a reading and an end said offline arrive after the reconnect, ids filled in."""
    async with echo(version) as server, SimStation(server.url, "DEPOT-7", version=version) as station:
        station.go_offline()
        car = await station.plug_in(tag="ANNA", meter_wh=10)
        await car.sample(meter_wh=20)
        await car.leave(meter_wh=30)
        assert server.heard == []
        await station.come_back()
        assert station.queue == []
        assert server.invalid == []
        if version == "1.6":
            assert server.actions() == ["StartTransaction", "MeterValues", "StopTransaction"]
            assert server.heard[2][1]["transactionId"] == car.transaction
        else:
            assert [e["seqNo"] for e in server.events()] == [0, 1, 2, 3]
            assert all(e["offline"] for e in server.events())


async def test_a_full_queue_loses_the_oldest() -> None:
    """queue_limit keeps the newest messages."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        station.habits = habits("Q09")
        station.habits = type(station.habits)(queue_limit=2)
        station.go_offline()
        car = await station.plug_in(meter_wh=10)
        await car.sample(meter_wh=20)
        await car.leave(meter_wh=30)
        await station.come_back()
        assert server.actions() == ["MeterValues", "StopTransaction"]


async def test_a_call_is_repeated_under_its_id() -> None:
    """repeat_last_call sends the very same frame."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        car = await station.plug_in(tag="ANNA", statuses=False)
        assert await station.repeat_last_call() == {"transactionId": 102, "idTagInfo": {"status": "Accepted"}}
        assert server.frames[-1] == server.frames[-2]
        assert car.transaction == 101


async def test_raw_frames_go_out_and_their_answers_come_back() -> None:
    """send_raw and receive_raw bypass the station's book of calls."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        await station.send_raw('[2,"x","Heartbeat",{}]')
        assert json.loads(await station.receive_raw())[1] == "x"
        await station.send_fragments('[2,"y","Heart', 'beat",{}]')
        assert json.loads(await station.receive_raw())[1] == "y"


async def test_a_silent_station_neither_answers_nor_pongs_until_it_speaks_again() -> None:
    """fall_silent keeps the socket; come_back answers what came meanwhile."""
    async with echo("1.6", ping_interval=None) as server, SimStation(server.url, "A") as station:
        await station.heartbeat()
        station.fall_silent()
        with pytest.raises(Unanswered):
            await station.heartbeat()
        pong = await server.sockets[0].ping()
        asked = asyncio.ensure_future(server.call("Reset", {"type": "Soft"}))
        await asyncio.sleep(0)
        assert not pong.done()
        await station.come_back()
        assert (await asked)[2] == {"status": "Accepted"}
        await asyncio.wait_for(pong, 5)


async def test_pings_stay_unanswered_where_the_habit_says_so() -> None:
    """Q09: the station hears, answers calls, and never pongs."""
    async with (
        echo("1.6", ping_interval=None) as server,
        SimStation(server.url, "A", habits=habits("Q09")) as station,
    ):
        await station.heartbeat()
        pong = await server.sockets[0].ping()
        await server.call("ClearCache", {})
        assert not pong.done()


async def test_the_servers_calls_are_seen_and_answered_as_scripted() -> None:
    """answers decides; next_call waits."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        await station.heartbeat()
        station.answers["Reset"] = {"status": "Rejected"}
        station.answers["ClearCache"] = NotUnderstood("NotSupported")
        assert await server.call("Reset", {"type": "Hard"}) == [3, "srv-1", {"status": "Rejected"}]
        assert (await server.call("ClearCache", {}))[:3] == [4, "srv-1", "NotSupported"]
        assert (await server.call("Nonsense", {}))[:3] == [4, "srv-1", "NotImplemented"]
        assert await station.next_call("Reset") == {"type": "Hard"}


async def test_habits_of_answering_are_played() -> None:
    """Another id, several times, and a link cut after the answer."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        await station.heartbeat()
        station.habits = type(station.habits)(answer_other_id=True, answer_times=2)
        assert (await server.call("ClearCache", {}))[1] != "srv-1"
        await asyncio.wait_for(server.results.get(), 5)
        station.habits = type(station.habits)(crash_after=frozenset({"Reset"}))
        await server.call("Reset", {"type": "Soft"})
        await station.closed()
        assert not station.online


@pytest.mark.parametrize(("version", "table"), [("1.6", V16), ("2.0.1", V201), ("2.1", V21)])
def test_every_obliging_answer_is_valid(version: str, table: dict[str, Any]) -> None:
    """The answers of a station that agrees pass the response schemas, and none is missing."""
    for action, payload in table.items():
        answer = obliging(version, action, {})
        assert list(validator(version, action, response=True).iter_errors(answer)) == [], action
        assert answer == payload


async def test_a_refusal_is_told_with_its_status() -> None:
    """HTTP refusals and dead ports are Refused, not tracebacks."""

    async def no(connection: ServerConnection, request: Any) -> Any:
        return connection.respond(401, "who are you?\n")

    async with echo("1.6", process_request=no) as server:
        with pytest.raises(Refused, match="who are you") as caught:
            await SimStation(server.url, "A").connect()
        assert caught.value.status == 401
        gone = server.url
    with pytest.raises(Refused) as caught:
        await SimStation(gone, "A").connect()
    assert caught.value.status == 0


async def test_an_error_answer_is_told_with_its_code() -> None:
    """CALLERROR becomes CallFailed."""
    async with echo("1.6") as server, SimStation(server.url, "A") as station:
        server.errors["Heartbeat"] = "InternalError"
        with pytest.raises(CallFailed, match="InternalError"):
            await station.heartbeat()


async def test_the_old_socket_stays_open_where_the_habit_says_so() -> None:
    """Q01: a second socket comes while the first still looks alive."""
    async with (
        echo("1.6", ping_interval=None) as server,
        SimStation(server.url, "A", habits=habits("Q01")) as station,
    ):
        await station.connect()
        await station.heartbeat()
        assert len(server.sockets) == 2
        assert server.sockets[0].close_code is None


async def test_an_early_call_cuts_the_link() -> None:
    """Q13: a call before Boot is answered plus 5 s is answered with a hang-up."""
    async with echo("1.6") as server, SimStation(server.url, "A", habits=habits("Q13")) as station:
        await station.heartbeat()
        await server.sockets[0].send('[2,"early","ClearCache",{}]')
        await station.closed()
        assert not station.online


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("quirk", sorted(NAMED))
async def test_every_named_quirk_can_be_played(version: str, quirk: str) -> None:
    """A visit with each habit ends without an exception of the simulator."""
    played = habits(quirk)
    if quirk in ("Q02", "Q23"):
        return  # refused by the echo server, or unreadable to it; played against the real one
    async with (
        echo(version) as server,
        SimStation(server.url, "A", version=version, habits=played) as station,
    ):
        await station.boot()
        await station.status(1, "Available")
        car = await station.plug_in(meter_wh=5000)
        for step in (1, 2):
            await car.sample(meter_wh=5000 + step * 200, power_w=11000)
        await car.leave(meter_wh=5600)
        ends = [p for a, p in server.heard if a == "StopTransaction" or p.get("eventType") == "Ended"]
        starts = [p for a, p in server.heard if a == "StartTransaction" or p.get("eventType") == "Started"]
        assert len(starts) == played.start_times
        assert len(ends) == (0 if played.never_stops else played.stop_times)
        if quirk == "Q71" and version != "1.6":
            assert [e["seqNo"] for e in server.events()] == [0, 1, 4, 3, 2]
