"""Stations that live by themselves: over real sockets, on a clock that the test drives."""

import asyncio
import random
from typing import Any

import pytest

from app.clock import ManualClock
from app.domain.errors import ForecourtError, UsageError
from app.simulator.first_charger import FirstCharger
from app.simulator.fleet import plans, simulate
from app.simulator.live import DemoFleet
from app.simulator.network import load_network
from app.simulator.past import past
from app.simulator.quirky import NAMED, NORMAL, Habits, habits
from app.simulator.scenario import load_scenario, scenario_names
from app.simulator.station import Station
from tests.app.simulator.echo import VERSIONS, Echo, echo
from tests.app.simulator.shelf import shelf

NOW = 1_770_000_000_000


async def pass_time(clock: ManualClock, stations: list[Station], seconds: float, step: float = 1.0) -> None:
    """Let the clock run; each step ends when everything is told."""
    for _ in range(round(seconds / step)):
        clock.advance(step)
        await asyncio.sleep(0)
        for station in stations:
            await station.idle()


async def living(
    server: Echo, version: str, clock: ManualClock, played: Habits = NORMAL, seed: int = 1, pace: float = 600
) -> Station:
    plan = plans(1, version)[0]
    station = Station(
        plan,
        server.url,
        random.Random(seed),
        clock=clock,
        habits=played,
        pace=pace,
        floor=0.6,
        sample_s=(4.0, 2.0),
    )
    station.life.at(clock.now_ms(), station.life.begin)
    station.start()
    await pass_time(clock, [station], 1)
    return station


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_lives_in_valid_words_and_its_register_is_what_it_tells(version: str) -> None:
    """Boot, statuses, sessions; each message valid; the energy told is the energy metered."""
    clock = ManualClock(NOW)
    async with echo(version) as server:
        station = await living(server, version, clock)
        station.life.demand = 8
        await pass_time(clock, [station], 240)
        await station.stop()
        assert server.invalid == []
        assert server.actions()[0] == "BootNotification"
        if version == "1.6":
            starts = [p for a, p in server.heard if a == "StartTransaction"]
            stops = [p for a, p in server.heard if a == "StopTransaction"]
            assert len(stops) >= 2
            told = {p["connectorId"]: 0 for p in starts}
            for start in starts:
                assert start["meterStart"] >= told[start["connectorId"]]
                told[start["connectorId"]] = start["meterStart"]
            assert all(p["transactionId"] > 100 for p in stops)
        else:
            kinds = [e["eventType"] for e in server.events()]
            assert kinds.count("Ended") >= 2
            by_transaction: dict[str, list[int]] = {}
            for event in server.events():
                by_transaction.setdefault(event["transactionInfo"]["transactionId"], []).append(
                    event["seqNo"]
                )
            assert all(numbers == list(range(len(numbers))) for numbers in by_transaction.values())


async def test_what_happens_offline_is_told_after_the_reconnect_in_order() -> None:
    """The radio goes, a session ends, the radio returns: the end is told, marked offline in 2.x."""
    clock = ManualClock(NOW)
    async with echo("2.0.1") as server:
        station = await living(server, "2.0.1", clock)
        life, outlet = station.life, station.life.outlets[0]
        stay = outlet.stay or life.arrive(clock.now_ms(), outlet)
        assert stay is not None
        if stay.tx is None:
            life.start(clock.now_ms(), outlet, stay)
        await station.idle()
        life.lose_link(clock.now_ms(), "no carrier", clock.now_ms() + 5_000)
        life.finish(clock.now_ms(), outlet, "Local", stay.visit.token)
        heard = len(server.heard)
        await pass_time(clock, [station], 3)
        assert len(server.heard) == heard
        clock.advance(3)
        life.rejoin(clock.now_ms())
        await station.idle()
        await station.stop()
        ended = [e for e in server.events() if e["eventType"] == "Ended"]
        assert ended[0]["offline"] is True
        assert server.invalid == []


async def test_a_lost_server_is_redialled() -> None:
    """The server hangs up: the station comes back by itself, without a boot."""
    clock = ManualClock(NOW)
    async with echo("1.6") as server:
        station = await living(server, "1.6", clock)
        station.life.demand = 0.001
        await server.sockets[0].close(1001)
        await station.link.closed()
        await pass_time(clock, [station], 10)
        assert station.link.online
        assert len(server.sockets) == 2
        assert server.actions().count("BootNotification") == 1
        await station.stop()


async def test_an_error_answer_is_tried_again_then_given_up() -> None:
    """A StartTransaction refused by CALLERROR is told three times, then the queue goes on."""
    clock = ManualClock(NOW)
    async with echo("1.6") as server:
        station = await living(server, "1.6", clock)
        server.errors["StartTransaction"] = "InternalError"
        life, outlet = station.life, station.life.outlets[0]
        stay = outlet.stay or life.arrive(clock.now_ms(), outlet)
        assert stay is not None
        if stay.tx is None:
            life.start(clock.now_ms(), outlet, stay)
        for _ in range(40):
            clock.advance(1)
            await asyncio.sleep(0.005)
        assert server.actions().count("StartTransaction") >= 3
        assert station.failed >= 1
        await station.stop()


ORDERS_16: list[tuple[str, dict[str, Any], str]] = [
    ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}, "Unavailable"),
    ("ReserveNow", {"connectorId": 2, "expiryDate": "2031-01-01T00:00:00Z", "idTag": "A", "reservationId": 5},
     "Reserved"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "payload", "status"), ORDERS_16)
async def test_orders_change_the_status(action: str, payload: dict[str, Any], status: str) -> None:
    """What is accepted has an effect that is told."""
    clock = ManualClock(NOW)
    async with echo("1.6") as server:
        station = await living(server, "1.6", clock, pace=1)
        answer = await server.call(action, payload)
        assert answer[2] == {"status": "Accepted"}
        await pass_time(clock, [station], 2)
        told = [p for a, p in server.heard if a == "StatusNotification" and p["status"] == status]
        assert told
        await station.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_remote_start_limit_and_stop(version: str) -> None:
    """A remote start brings a car, a limit holds its power, a remote stop ends it with reason Remote."""
    clock = ManualClock(NOW)
    first = version == "1.6"
    async with echo(version) as server:
        station = await living(server, version, clock, pace=1)
        if first:
            answer = await server.call("RemoteStartTransaction", {"connectorId": 1, "idTag": "ANNA"})
        else:
            token = {"idToken": "ANNA", "type": "Central"}
            answer = await server.call(
                "RequestStartTransaction", {"evseId": 1, "idToken": token, "remoteStartId": 9}
            )
        assert answer[2] == {"status": "Accepted"}
        await pass_time(clock, [station], 8)
        outlet = station.life.outlets[0]
        assert outlet.stay is not None
        tx = outlet.stay.tx
        assert tx is not None
        assert tx.token == "ANNA"
        schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 2000.0}]}
        profile = {
            "chargingProfileKind": "Absolute",
            "chargingProfilePurpose": "TxDefaultProfile",
            "stackLevel": 0,
        }
        if first:
            profile |= {"chargingProfileId": 1, "chargingSchedule": schedule}
            await server.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile})
        else:
            profile |= {"id": 1, "chargingSchedule": [schedule | {"id": 1}]}
            await server.call("SetChargingProfile", {"evseId": 1, "chargingProfile": profile})
        assert 0 < (outlet.gauge().power_w or 0) <= 2000
        if first:
            await server.call("RemoteStopTransaction", {"transactionId": tx.number})
        else:
            await server.call("RequestStopTransaction", {"transactionId": tx.uid})
        await pass_time(clock, [station], 3)
        if first:
            assert dict(server.heard)["StopTransaction"]["reason"] == "Remote"
        else:
            assert server.events()[-1]["transactionInfo"]["stoppedReason"] == "Remote"
            assert server.events()[0]["transactionInfo"]["remoteStartId"] == 9
        assert server.invalid == []
        await station.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_reset_firmware_trigger_and_settings_take_effect(version: str) -> None:
    """Reset reboots; new firmware is told at the boot after it; settings are read back."""
    clock = ManualClock(NOW)
    first = version == "1.6"
    async with echo(version) as server, shelf() as files:
        station = await living(server, version, clock, pace=1)
        await server.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
        await pass_time(clock, [station], 2)
        assert server.actions().count("StatusNotification") == 4
        if first:
            await server.call("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"})
            answer = await server.call("GetConfiguration", {"key": ["HeartbeatInterval", "Nope"]})
            assert answer[2]["configurationKey"][0]["value"] == "60"
            assert answer[2]["unknownKey"] == ["Nope"]
            await server.call(
                "UpdateFirmware", {"location": files.url + "duet.bin", "retrieveDate": "2026-01-01T00:00:00Z"}
            )
        else:
            where = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
            await server.call("SetVariables", {"setVariableData": [{"attributeValue": "60", **where}]})
            answer = await server.call("GetVariables", {"getVariableData": [where]})
            assert answer[2]["getVariableResult"][0]["attributeValue"] == "60"
            await server.call("GetBaseReport", {"requestId": 3, "reportBase": "FullInventory"})
            firmware = {"location": files.url + "duet.bin", "retrieveDateTime": "2026-01-01T00:00:00Z"}
            await server.call("UpdateFirmware", {"requestId": 7, "firmware": firmware})
        await pass_time(clock, [station], 420, step=5)
        boots = [p for a, p in server.heard if a == "BootNotification"]
        assert len(boots) == 2
        assert station.life.firmware == "3.9.1"
        assert station.life.firmware in str(boots[-1])
        states = [p["status"] for a, p in server.heard if a == "FirmwareStatusNotification"]
        rebooting = [] if first else ["InstallRebooting"]
        assert states == ["Downloading", "Downloaded", "Installing", *rebooting, "Installed"]
        if not first:
            parts = [p for a, p in server.heard if a == "NotifyReport"]
            assert [p["tbc"] for p in parts] == [True] * (len(parts) - 1) + [False]
        await server.call("Reset", {"type": "Hard" if first else "Immediate"})
        await pass_time(clock, [station], 30)
        assert server.actions().count("BootNotification") == 3
        assert server.invalid == []
        await station.stop()


@pytest.mark.parametrize("quirk", sorted(set(NAMED) - {"Q02", "Q23", "Q13"}))
async def test_a_life_with_each_quirk_goes_on(quirk: str) -> None:
    """No quirk stops the simulator itself."""
    clock = ManualClock(NOW)
    version = "2.0.1" if quirk == "Q71" else "1.6"
    async with echo(version) as server:
        station = await living(server, version, clock, habits(quirk))
        station.life.demand = 8
        await pass_time(clock, [station], 60, step=2)
        await station.stop()
        assert station.answered > 5


async def test_the_demo_goes_on_where_its_past_ended() -> None:
    """Open sessions of the past are told on, under their old ids; registers continue."""
    network = load_network(6)
    story = past(network, 2, NOW, 11)
    for _ in story:
        pass
    clock = ManualClock(NOW + 40_000)
    running = {
        life.plan.identity: [(o.stay.tx.number, o.stay.tx.uid) for o in life.outlets if o.stay and o.stay.tx]
        for life in story.lives
    }
    registers = {life.plan.identity: [o.register_wh for o in life.outlets] for life in story.lives}
    async with echo("1.6") as server:
        server.judge = False
        fleet = DemoFleet(network, lives=story.lives, past_end_ms=NOW, clock=clock)
        await fleet.start(server.url)
        await pass_time(clock, fleet.stations, 1200, step=5)
        stations = fleet.stations
        await fleet.stop()
        assert sum(s.connected for s in stations) >= 5
        assert "BootNotification" not in server.actions()[:5]
        ids = {p.get("transactionId") for a, p in server.heard if a in ("MeterValues", "StopTransaction")}
        ids |= {e["transactionInfo"]["transactionId"] for e in server.events()}
        for open_ones in running.values():
            for number, uid in open_ones:
                assert number in ids or uid in ids
        for station in stations:
            before = registers[station.plan.identity]
            assert all(o.register_wh >= r for o, r in zip(station.life.outlets, before, strict=True))


async def test_the_demo_remembers_over_a_restart(tmp_path: Any) -> None:
    """Registers and firmware continue; sessions cut off by the restart are ended as PowerLoss."""
    network = load_network(3)
    clock = ManualClock(NOW)
    memory = tmp_path / "stations.json"
    async with echo("1.6") as server:
        server.judge = False
        fleet = DemoFleet(network, clock=clock, memory=memory, pace=600)
        await fleet.start(server.url)
        await pass_time(clock, fleet.stations, 60)
        registers = [o.register_wh for s in fleet.stations for o in s.life.outlets]
        cut = sum(
            o.stay is not None and o.stay.tx is not None for s in fleet.stations for o in s.life.outlets
        )
        await fleet.stop()
        server.heard.clear()
        again = DemoFleet(network, clock=clock, memory=memory, pace=600)
        await again.start(server.url)
        await pass_time(clock, again.stations, 1)
        now = [o.register_wh for s in again.stations for o in s.life.outlets]
        assert all(b >= a for a, b in zip(registers, now, strict=True))
        await again.stop()
        reasons = [
            p.get("reason") or p.get("transactionInfo", {}).get("stoppedReason") for _, p in server.heard
        ]
        lost = [reason for reason in reasons if reason == "PowerLoss"]
        assert len(lost) == cut


async def test_the_first_charger_charges_once_and_stays() -> None:
    """The empty window's button: one boot, one session, then Available."""
    clock = ManualClock(NOW)
    async with echo("1.6") as server:
        first = FirstCharger(clock=clock)
        await first.start(server.url)
        assert first.station is not None
        await pass_time(clock, [first.station], 150)
        assert server.actions().count("StartTransaction") == 1
        stop = dict(server.heard)["StopTransaction"]
        start = dict(server.heard)["StartTransaction"]
        assert 100 < stop["meterStop"] - start["meterStart"] <= 11_000 * 92 / 3600
        statuses = [
            p["status"] for a, p in server.heard if a == "StatusNotification" and p["connectorId"] == 1
        ]
        assert statuses == ["Available", "Preparing", "Charging", "Finishing", "Available"]
        await first.stop()
        assert not first.running


async def test_simulate_ends_by_itself_and_says_how_it_went() -> None:
    """Bounded: three stations, an hour at high speed."""
    async with echo("2.1") as server:
        tally = await simulate(server.url, 3, "2.1", "busy-day", 6000, 1, duration_s=0.8)
        assert (tally.stations, tally.connected) == (3, 3)
        assert tally.answered > 9
        kinds = [event["eventType"] for event in server.events()]
        assert kinds.count("Started") == kinds.count("Ended")
        assert server.invalid == []


async def test_simulate_says_plainly_that_nobody_could_connect() -> None:
    """A wrong address ends in a sentence."""
    async with echo("1.6") as server:
        gone = server.url
    with pytest.raises(ForecourtError, match="No station could connect to ws://"):
        await simulate(gone, 2, "1.6", duration_s=0.5)


def test_every_scenario_can_be_read() -> None:
    """And an unknown one is named with its alternatives."""
    assert {"normal-day", "busy-day", "bad-radio", "quirks", "everything-broken", "one-charger"} <= set(
        scenario_names()
    )
    for name in scenario_names():
        scenario = load_scenario(name)
        assert scenario.title
        for place in range(15):
            scenario.habits_for(place, random.Random(place))
    with pytest.raises(UsageError, match="normal-day"):
        load_scenario("nonsense")
