"""What a station agreed to is asked for again: texts, limits, monitors, streams, reservations, lists."""

from typing import Any

import pytest

from app.domain import operations as op
from app.domain.operations import CommandState, Operation
from app.domain.records import CommandRecord
from app.simulator.wire import Payload
from tests.helpers.hands import VERSIONS, accepted, ready
from tests.helpers.world import World, world

LATER = VERSIONS[1:]
later = pytest.mark.parametrize("version", LATER)
WATCHED = op.Variable("HeartbeatInterval", "OCPPCommCtrlr")


def monitor(number: int, value: float = 600.0) -> Payload:
    return {
        "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"},
        "variableMonitoring": [
            {"id": number, "transaction": False, "value": value, "type": "UpperThreshold", "severity": 5,
             "eventNotificationType": "CustomMonitor"}
        ],
    }  # fmt: skip


def profile(number: int, evse: int = 1) -> Payload:
    period = {"startPeriod": 0, "limit": 4000.0}
    schedule = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
    one = {
        "id": number, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute", "chargingSchedule": [schedule],
    }  # fmt: skip
    return {"evseId": evse, "chargingLimitSource": "CSO", "chargingProfile": [one]}


def text(number: int, content: str) -> Payload:
    return {"id": number, "priority": "NormalCycle", "message": {"format": "UTF8", "content": content}}


async def ended(w: World, command: CommandRecord) -> tuple[str, str]:
    record = await w.room.desk.ended(command.command)
    return record.outcome, record.proof


Case = tuple[Operation, str, str, list[Payload] | None, str, str]
"""The wish, what is asked, what is told in which parts (None: nothing fits), the state, the words."""

GOOD = CommandState.PROVED.value
BAD = CommandState.NOT_PROVED.value
SHOW = op.ShowMessage(5, "Cable 2 is being repaired")
MONITOR = op.SetMonitors(((WATCHED, "UpperThreshold", 600.0, 5),))
CASES: dict[str, Case] = {
    "limit gone": (op.ClearProfile(7), "GetChargingProfiles", "", None, GOOD, "no such charging profile"),
    "limit stays": (
        op.ClearProfile(7), "GetChargingProfiles", "ReportChargingProfiles", [profile(7)], BAD, "profile 7",
    ),
    "limits of a place stay": (
        op.ClearProfile(evse=1), "GetChargingProfiles", "ReportChargingProfiles", [profile(7), profile(9)],
        BAD, "profiles 7, 9",
    ),
    "text held": (
        SHOW, "GetDisplayMessages", "NotifyDisplayMessages",
        [{"messageInfo": [text(5, "Cable 2 is being repaired")]}], GOOD, "word for word",
    ),
    "text lost": (SHOW, "GetDisplayMessages", "", None, BAD, "holds no text 5"),
    "text cut": (
        SHOW, "GetDisplayMessages", "NotifyDisplayMessages", [{"messageInfo": [text(5, "Cable 2")]}], BAD,
        "“Cable 2”",
    ),
    "text gone": (op.ClearMessage(5), "GetDisplayMessages", "", None, GOOD, "no text 5 any more"),
    "text stays": (
        op.ClearMessage(5), "GetDisplayMessages", "NotifyDisplayMessages", [{"messageInfo": [text(5, "x")]}],
        BAD, "still holds text 5",
    ),
    "watched": (
        MONITOR, "GetMonitoringReport", "NotifyMonitoringReport", [{"monitor": [monitor(3)]}], GOOD,
        "watches HeartbeatInterval",
    ),
    "watched otherwise": (
        MONITOR, "GetMonitoringReport", "NotifyMonitoringReport", [{"monitor": [monitor(3, 9.0)]}], BAD,
        "does not watch HeartbeatInterval",
    ),
    "not watched": (MONITOR, "GetMonitoringReport", "", None, BAD, "does not watch HeartbeatInterval"),
    "watched no more": (op.ClearMonitors((3,)), "GetMonitoringReport", "", None, GOOD, "nothing is watched"),
    "watched on": (
        op.ClearMonitors((3,)), "GetMonitoringReport", "NotifyMonitoringReport", [{"monitor": [monitor(3)]}],
        BAD, "still has monitor 3",
    ),
}  # fmt: skip
NONE = {
    "GetChargingProfiles": "NoProfiles", "GetDisplayMessages": "Unknown",
    "GetMonitoringReport": "EmptyResultSet",
}  # fmt: skip


@later
@pytest.mark.parametrize("case", CASES)
async def test_it_is_asked_again_and_compared(version: str, case: str) -> None:
    """Parts come in messages of their own, joined by the number of the request."""
    wish, question, message, parts, state, words = CASES[case]
    async with world() as w:
        station = await ready(w, version)
        asked: list[Payload] = []

        def take(payload: Payload) -> Payload:
            asked.append(payload)
            return {"status": NONE[question] if parts is None else "Accepted"}

        station.answers[question] = take
        if isinstance(wish, op.ClearMonitors):
            station.answers["ClearVariableMonitoring"] = {
                "clearMonitoringResult": [{"id": 3, "status": "Accepted"}]
            }
        if wish is MONITOR:
            item = {"type": "UpperThreshold", "severity": 5, "id": 3, "status": "Accepted"}
            about = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
            station.answers["SetVariableMonitoring"] = {"setMonitoringResult": [item | about]}
        command = await accepted(w, wish)
        await w.until(lambda: bool(asked), "it was asked")
        for number, part in enumerate(parts or ()):
            more: dict[str, Any] = {"requestId": asked[0]["requestId"], "tbc": number + 1 < len(parts or ())}
            if message == "NotifyMonitoringReport":
                more |= {"seqNo": number, "generatedAt": "2026-01-01T00:00:00Z"}
            await station.say((message, part | more))
        outcome, proof = await ended(w, command)
        assert outcome == state
        assert words in proof


@later
async def test_a_list_in_parts_is_waited_for_and_one_that_never_ends_proves_nothing(version: str) -> None:
    """The last part is missing: it says so instead of calling it cleared."""
    async with world() as w:
        station = await ready(w, version)
        station.answers["GetChargingProfiles"] = {"status": "Accepted"}
        command = await accepted(w, op.ClearProfile(7))
        await station.say(
            ("ReportChargingProfiles", profile(8) | {"requestId": command.command, "tbc": True})
        )
        await w.advance(minutes=3)
        assert await ended(w, command) == (
            BAD,
            "It accepted, but did not tell what it holds within 2 minutes.",
        )


async def test_16_has_no_way_to_ask() -> None:
    """The answer is all there is, and that is said."""
    async with world() as w:
        await ready(w)
        command = await accepted(w, op.ClearProfile(7))
        assert await ended(w, command) == (
            "done", "The station agreed; OCPP 1.6 has no way to ask what it holds now.",
        )  # fmt: skip


@pytest.mark.parametrize("interval_s", [30, 60])
async def test_a_stream_has_its_new_pace(interval_s: int) -> None:
    """2.1: the open streams are told at once."""
    async with world() as w:
        station = await ready(w, "2.1")
        stream = {"id": 4, "variableMonitoringId": 3, "params": {"interval": interval_s}}
        station.answers["GetPeriodicEventStream"] = {"constantStreamData": [stream]}
        command = await accepted(w, op.SetStream(4, 3, interval_s=30))
        assert (await ended(w, command))[0] == (GOOD if interval_s == 30 else BAD)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_reservation_given_back_is_proved_by_the_status(version: str) -> None:
    """Reserved no more; a connector that stays Reserved proves that it is not."""
    async with world() as w:
        station = await ready(w, version)
        await station.status(1, "Reserved")
        command = await accepted(w, op.CancelReservation(3))
        await station.status(1, "Available")
        assert await ended(w, command) == (GOOD, "Connector 1 went from Reserved to Available.")
        await station.status(1, "Reserved")
        command = await accepted(w, op.CancelReservation(3))
        await w.advance(minutes=2)
        assert await ended(w, command) == (BAD, "It accepted, but connector 1 stayed Reserved for 60 s.")


async def test_the_live_log_shows_links_come_and_go() -> None:
    """As the kept log does; so that a gap between two messages explains itself."""
    async with world() as w:
        watch = w.room.messages.subscribe("DEPOT-7")
        station = await ready(w)
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        notes = [line.note for line in watch.take() if line.direction == "link"]
        assert notes == ["connected", "disconnected"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("word", ["VersionMismatch", "Failed"])
async def test_a_refused_difference_is_followed_by_the_whole_list(version: str, word: str) -> None:
    """Q70; then the version is asked for as ever."""
    async with world() as w:
        station = await ready(w, version)
        sent: list[Payload] = []

        def take(payload: Payload) -> Payload:
            sent.append(payload)
            return {"status": "Accepted" if payload["updateType"] == "Full" else word}

        key = "listVersion" if version == "1.6" else "versionNumber"
        station.answers |= {"SendLocalList": take, "GetLocalListVersion": {key: 8}}
        anna, bert = op.ListedToken("ANNA"), op.ListedToken("BERT")
        command = await accepted(w, op.SendLocalList(8, (bert,), full=False, whole=(anna, bert)))
        assert await ended(w, command) == (GOOD, "It holds version 8 of the list.")
        assert [(s["updateType"], len(s["localAuthorizationList"])) for s in sent] == [
            ("Differential", 1), ("Full", 2),
        ]  # fmt: skip
