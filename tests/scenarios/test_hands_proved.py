"""What a command means comes true, and Forecourt says what it saw of it, in all three versions."""

from typing import Any

import pytest

from app.domain import operations as op
from app.domain.operations import CommandState
from app.domain.records import CommandRecord
from app.simulator.wire import Payload
from tests.helpers.hands import VERSIONS, accepted, ready, wish
from tests.helpers.world import World, world

versions = pytest.mark.parametrize("version", VERSIONS)


async def proved(w: World, command: CommandRecord | int) -> CommandRecord:
    """The command, which has to have been proved."""
    number = command if isinstance(command, int) else command.command
    ended = await w.room.desk.ended(number)
    assert ended.outcome == CommandState.PROVED, ended
    assert ended.proved_ms is not None
    return ended


@versions
async def test_a_reset_is_proved_by_the_boot_and_the_connectors(version: str) -> None:
    """The station goes, boots, tells its connectors; only then it is proved."""
    async with world() as w:
        station = await ready(w, version)
        asked = await accepted(w, op.Reset(hard=True))
        assert asked.outcome == CommandState.ACCEPTED
        await station.reboot("RemoteReset")
        assert w.room.desk.open("DEPOT-7")[0].outcome == CommandState.ACCEPTED
        await station.status(1, "Available")
        ended = await proved(w, asked)
        assert "booted" in ended.proof
        assert "connector 1 is Available" in ended.proof


@versions
async def test_a_reset_that_leaves_a_connector_broken_is_not_proved(version: str) -> None:
    """It booted, but a connector that was Available is Faulted since."""
    async with world() as w:
        station = await ready(w, version)
        asked = await accepted(w, op.Reset())
        await station.reboot("RemoteReset")
        await station.status(1, "Faulted", "GroundFailure")
        await w.advance(minutes=6)
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.NOT_PROVED
        assert ended.proof == "It booted, but connector 1 is Faulted since."


@versions
async def test_a_reset_may_cut_its_own_answer(version: str) -> None:
    """The link goes before the answer; the boot proves it all the same (Q68)."""
    async with world() as w:
        station = await ready(w, version)

        def cut(_: Payload) -> Payload:
            station.drop()
            return {"status": "Accepted"}

        station.answers["Reset"] = cut
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True)))
        await w.until(lambda: not station.online, "it left")
        station.restart_ids()
        await station.connect()
        await station.boot("RemoteReset")
        await station.status(1, "Available")
        ended = await proved(w, number)
        assert ended.proof.endswith("It gave no answer.")


@versions
async def test_a_reset_written_by_hand_is_proved_like_any_other(version: str) -> None:
    """What was typed counts as what it means."""
    async with world() as w:
        station = await ready(w, version)
        kind = "Hard" if version == "1.6" else "Immediate"
        asked = await accepted(w, op.Message("Reset", {"type": kind}))
        assert asked.outcome == CommandState.ACCEPTED
        await station.reboot("RemoteReset")
        await station.status(1, "Available")
        assert "booted" in (await proved(w, asked)).proof


@versions
async def test_a_remote_start_is_proved_by_energy(version: str) -> None:
    """A session with that token begins; it is proved once energy flows, not before."""
    async with world() as w:
        station = await ready(w, version)
        asked_for: dict[str, Any] = {}

        def take(payload: Payload) -> Payload:
            asked_for.update(payload)
            return {"status": "Accepted"}

        station.answers["RemoteStartTransaction"] = station.answers["RequestStartTransaction"] = take
        asked = await accepted(w, op.StartSession(1, "ANNA"))
        car = await station.plug_in(tag="ANNA", remote_start=asked_for.get("remoteStartId"))
        await w.until(lambda: "energy is awaited" in w.room.desk.open()[0].proof, "it began")
        await w.advance(minutes=1)
        await car.sample(meter_wh=200, power_w=7_400)
        ended = await proved(w, asked)
        assert "at connector 1" in ended.proof
        assert "7.4 kW flows" in ended.proof


@versions
async def test_another_drivers_session_proves_no_remote_start(version: str) -> None:
    """Somebody else plugs in meanwhile: that is not the session that was asked for."""
    async with world() as w:
        station = await ready(w, version)
        asked = await accepted(w, op.StartSession(1, "ANNA"))
        car = await station.plug_in(tag="BERT")
        await w.advance(seconds=30)
        await car.sample(meter_wh=500, power_w=7_400)
        await w.advance(minutes=4)
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.NOT_PROVED


@versions
async def test_a_remote_stop_is_proved_by_the_end_of_the_session(version: str) -> None:
    """With the energy of the session in the sentence."""
    async with world() as w:
        station = await ready(w, version)
        car = await station.plug_in(meter_wh=1_000)
        await w.advance(minutes=20)
        running = await w.only_session()
        asked = await accepted(w, op.StopSession(running.transaction, running.session))
        await car.leave(meter_wh=6_500, reason="Remote")
        ended = await proved(w, asked)
        assert "ended with 5.50 kWh" in ended.proof


@versions
async def test_an_unlock_is_proved_by_what_the_plug_says(version: str) -> None:
    """Its status changes."""
    async with world() as w:
        station = await ready(w, version)
        await station.status(1, "Preparing")
        asked = await accepted(w, op.Unlock(1))
        assert asked.answer == '{"status": "Unlocked"}'
        await station.status(1, "Available")
        ended = await proved(w, asked)
        assert ended.proof == "Connector 1 went from Preparing to Available."


@versions
async def test_availability_is_proved_by_the_status(version: str) -> None:
    """Out of service and in again; what is so already is told at once."""
    async with world() as w:
        station = await ready(w, version)
        out = await accepted(w, op.SetAvailability(False, 1))
        await station.status(1, "Unavailable")
        assert (await proved(w, out)).proof == "Connector 1 is Unavailable."
        again = await accepted(w, op.SetAvailability(False, 1))
        assert again.outcome == CommandState.PROVED
        back = await accepted(w, op.SetAvailability(True, 1))
        await station.status(1, "Available")
        assert "connector 1 Available" in (await proved(w, back)).proof


@versions
async def test_availability_waits_for_the_session_that_runs(version: str) -> None:
    """Scheduled: the proof is waited for as long as the car charges."""
    async with world() as w:
        station = await ready(w, version)
        car = await station.plug_in()
        station.answers["ChangeAvailability"] = {"status": "Scheduled"}
        asked = await accepted(w, op.SetAvailability(False, 1))
        await w.until(lambda: "once the session" in w.room.desk.open()[0].proof, "it says that it waits")
        await w.advance(minutes=90)
        assert w.room.desk.open()[0].outcome == CommandState.ACCEPTED
        await car.leave(meter_wh=9_000, statuses=False)
        await station.status(1, "Unavailable")
        await proved(w, asked)


async def test_a_station_that_refuses_connector_0_is_asked_connector_by_connector() -> None:
    """Q67; what each answered is in the log, and all of them have to be out."""
    async with world() as w:
        station = await ready(w)
        await station.status(2, "Available")
        asked: list[int] = []

        def change(payload: Payload) -> Payload:
            asked.append(payload["connectorId"])
            return {"status": "Accepted" if payload["connectorId"] else "Rejected"}

        station.answers["ChangeAvailability"] = change
        out = await accepted(w, op.SetAvailability(False))
        assert asked == [0, 1, 2]
        assert out.answer == '[{"status": "Accepted"}, {"status": "Accepted"}]'
        await station.status(1, "Unavailable")
        await station.status(2, "Unavailable")
        assert (await proved(w, out)).proof == "Connectors 1 and 2 are Unavailable."


@versions
@pytest.mark.parametrize("message", ["Heartbeat", "StatusNotification", "BootNotification"])
async def test_a_trigger_is_proved_by_the_message(version: str, message: str) -> None:
    """Also by one that leaves no trace in history, as a heartbeat does not."""
    async with world() as w:
        station = await ready(w, version)
        asked = await accepted(w, op.Trigger(message))
        if message == "Heartbeat":
            await station.heartbeat()
        elif message == "BootNotification":
            await station.boot("Triggered")
        else:
            await station.status(1, "Available")
        await w.advance(seconds=2)
        assert f"{message} came" in (await proved(w, asked)).proof


async def test_a_16_setting_is_read_back_and_kept() -> None:
    """The value that was written is the value that is told."""
    async with world() as w:
        station = await ready(w)
        keys = {"HeartbeatInterval": "300"}

        def write(payload: Payload) -> Payload:
            keys[payload["key"]] = payload["value"]
            return {"status": "Accepted"}

        def read(payload: Payload) -> Payload:
            told = [{"key": k, "readonly": False, "value": keys[k]} for k in payload["key"] if k in keys]
            return {"configurationKey": told, "unknownKey": []}

        station.answers |= {"ChangeConfiguration": write, "GetConfiguration": read}
        pairs = tuple(
            (op.Variable(name), value) for name, value in (("HeartbeatInterval", "60"), ("X", "a,b"))
        )
        ended = await proved(w, await accepted(w, op.WriteConfiguration(pairs)))
        assert ended.proof == "All 2 read back and equal."
        # One command with its two messages, not two commands.
        assert ended.action == "ChangeConfiguration"
        assert ended.answer == '[{"status": "Accepted"}, {"status": "Accepted"}]'
        keys["HeartbeatInterval"] = "300"
        station.answers["ChangeConfiguration"] = {"status": "Accepted"}
        again = await w.room.desk.ended((await accepted(w, op.WriteConfiguration(pairs[:1]))).command)
        assert again.outcome == CommandState.NOT_PROVED
        assert again.proof == "Read back: HeartbeatInterval is 300, not 60."


@pytest.mark.parametrize("version", VERSIONS[1:])
async def test_a_2x_setting_is_read_back(version: str) -> None:
    """The same by SetVariables and GetVariables."""
    async with world() as w:
        station = await ready(w, version)
        told = "60"

        def read(payload: Payload) -> Payload:
            return {
                "getVariableResult": [
                    {
                        "attributeStatus": "Accepted",
                        "attributeValue": told,
                        "component": item["component"],
                        "variable": item["variable"],
                    }
                    for item in payload["getVariableData"]
                ]
            }

        station.answers["GetVariables"] = read
        variable = op.Variable("HeartbeatInterval", "OCPPCommCtrlr")
        ended = await proved(w, await accepted(w, op.WriteConfiguration(((variable, "60"),))))
        assert ended.proof == "Read back and equal."


@versions
async def test_a_local_list_is_proved_by_its_version(version: str) -> None:
    """The station is asked which version it holds."""
    async with world() as w:
        station = await ready(w, version)
        key = "listVersion" if version == "1.6" else "versionNumber"
        station.answers["GetLocalListVersion"] = {key: 7}
        ended = await proved(w, await accepted(w, op.SendLocalList(7, (op.ListedToken("ANNA"),))))
        assert ended.proof == "It holds version 7 of the list."


@versions
async def test_a_reservation_is_proved_by_the_status(version: str) -> None:
    """The connector says Reserved."""
    async with world() as w:
        station = await ready(w, version)
        until_ms = w.clock.now_ms() + 3_600_000
        asked = await accepted(w, op.Reserve(3, 1, "ANNA", until_ms))
        await station.status(1, "Reserved")
        assert (await proved(w, asked)).proof == "Connector 1 is Reserved."


@versions
async def test_a_limit_is_proved_by_the_schedule_in_force(version: str) -> None:
    """The composite schedule shows no more than the profile allows; one that shows more proves nothing."""
    async with world() as w:
        station = await ready(w, version)
        limit = 4_000.0

        def composite(_: Payload) -> Payload:
            at = "2026-01-01T00:00:10Z"
            period = {"startPeriod": 0, "limit": limit}
            if version == "1.6":
                schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
                return {
                    "status": "Accepted", "connectorId": 1, "scheduleStart": at, "chargingSchedule": schedule,
                }  # fmt: skip
            schedule = {
                "evseId": 1, "duration": 3600, "scheduleStart": at, "chargingRateUnit": "W",
                "chargingSchedulePeriod": [period],
            }  # fmt: skip
            return {"status": "Accepted", "schedule": schedule}

        station.answers["GetCompositeSchedule"] = composite
        profile = op.SetProfile(5, "TxDefault", 1, "W", (op.ProfilePeriod(0, 4_000.0),))
        ended = await proved(w, await accepted(w, profile))
        assert ended.proof == "Its schedule has 4000 W in force."
        limit = 22_000.0
        again = await w.room.desk.ended((await accepted(w, profile)).command)
        assert again.outcome == CommandState.NOT_PROVED
        assert again.proof == "It accepted 4000 W, but its schedule has 22000 W."


@versions
async def test_a_cleared_cache_is_done_with_its_answer(version: str) -> None:
    """There is nothing more to see of it."""
    async with world() as w:
        await ready(w, version)
        done = await accepted(w, op.ClearCache())
        assert (done.outcome, done.proved_ms) == (CommandState.DONE, None)


@versions
async def test_a_refusal_says_why_and_what_to_do(version: str) -> None:
    """The station's word in plain language."""
    async with world() as w:
        station = await ready(w, version)
        station.answers["ClearCache"] = {"status": "Rejected"}
        refused = await accepted(w, op.ClearCache())
        assert refused.outcome == CommandState.REFUSED
        assert len(refused.proof.split()) > 4
