"""Section C of the field behaviours: frames that are not as the specification has them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.records import Flag
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.protocol.calls import Ending
from app.simulator.link import Unanswered
from app.simulator.quirky import Habits
from app.simulator.scripted import SimStation
from app.simulator.speech import Gauge, Tx
from app.simulator.wire import stamp
from tests.helpers.story import booted, count, links, raw, restart, story, told

AT = "2026-01-01T00:00:00Z"
LATER = "2026-01-01T00:30:00Z"


async def test_q24_binary_fragments_empty_and_plain_text_then_a_heartbeat(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        start = json.dumps([2, "b", "StartTransaction", started()]).encode()
        await s.send_raw(start)
        assert json.loads(await s.receive_raw())[:2] == [3, "b"]
        await s.send_fragments('[2,"f","Heart', 'beat",', "{}]")
        assert json.loads(await s.receive_raw())[:2] == [3, "f"]
        await s.send_raw("")
        await s.send_raw("hello, is anybody there?")
        assert "currentTime" in await s.heartbeat()
        assert count(w, "Q24") == 1
        assert await told(w) == [("ANNA", "open", None)]
        with pytest.raises(Unanswered):
            await s.call("DataTransfer", {"vendorId": "V", "data": "x" * (1 << 20)})
        assert s.close_code == 1009
        await s.connect()
        assert "currentTime" in await s.heartbeat()


def started(**changes: Any) -> dict[str, Any]:
    return {"connectorId": 1, "idTag": "ANNA", "meterStart": 1_000, "timestamp": AT} | changes


async def stopped(s: Any, number: Any, **changes: Any) -> None:
    stop = {"transactionId": number, "meterStop": 4_000, "timestamp": LATER, "idTag": "ANNA"}
    await s.call("StopTransaction", stop | changes)


async def test_q25_numbers_as_text_and_text_as_numbers(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        answer = await s.call("StartTransaction", started(meterStart="1000.0", connectorId="1", idTag=4711))
        number = answer["transactionId"]
        await w.advance(minutes=20)
        await s.call(
            "MeterValues",
            {
                "connectorId": "1", "transactionId": str(number),
                "meterValue": [{"timestamp": stamp(s.now_ms), "sampledValue": [{"value": 3000.4}]}],
            },
        )  # fmt: skip
        await w.advance(minutes=10)
        await stopped(s, str(number), meterStop=3999.6, idTag="4711")
        assert await told(w) == [("4711", "closed", 3_000)]
        assert count(w, "Q25") == 3


async def test_q26_words_in_lower_case_or_of_another_world(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        status = {"connectorId": 1, "errorCode": "NoError", "timestamp": AT}
        await s.call("StatusNotification", status | {"status": "available"})
        assert w.plug().status is ConnectorStatus.AVAILABLE
        await s.call("StatusNotification", status | {"status": "Available", "errorCode": "Error"})
        assert (w.plug().error, w.plug().vendor_error, w.plug().shown) == (
            "OtherError",
            "Error",
            Shown.DEGRADED,
        )
        await s.call("StatusNotification", status | {"status": "Occupied"})
        assert w.plug().status in (ConnectorStatus.PREPARING, ConnectorStatus.UNKNOWN)
        await s.call("StatusNotification", status | {"status": "Dancing"})
        assert w.plug().status is ConnectorStatus.UNKNOWN
        assert count(w, "Q26") == 4


async def test_q27_padded_tags_find_their_driver(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        number = (await s.call("StartTransaction", started(idTag=" F6 CA 0C C5\x00")))["transactionId"]
        await w.advance(minutes=30)
        # Its stop names no session; the tag is spelled otherwise, and is the same one.
        await stopped(s, -1, idTag="f6ca0cc5")
        session = await w.only_session()
        assert (session.state.value, session.energy_wh, session.transaction) == ("closed", 3_000, str(number))
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "info": "null"}
        await s.call("StatusNotification", status | {"timestamp": LATER})
        assert w.plug().info == ""
        assert count(w, "Q27") >= 2


async def test_q28_one_field_too_many_in_each_message_changes_nothing(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        more = {"customData": {"vendorId": "V"}, "connectorIdX": 1}
        assert (await s.call("Authorize", {"idTag": "ANNA", "connectorId": 1}))["idTagInfo"]["status"]
        number = (await s.call("StartTransaction", started(reservationId=0, **more)))["transactionId"]
        await s.call("Heartbeat", more)
        await s.call(
            "StatusNotification",
            {"connectorId": 1, "errorCode": "NoError", "status": "Charging", "timestamp": AT, **more},
        )
        await w.advance(minutes=30)
        await stopped(s, number, **more)
        assert await told(w) == [("ANNA", "closed", 3_000)]
        assert count(w, "Q28") == 5


@pytest.mark.parametrize("field", ["connectorId", "idTag", "meterStart", "timestamp"])
async def test_q29_a_start_without_one_of_its_fields_is_taken(field: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Preparing")
        payload = started()
        del payload[field]
        answer = await s.call("StartTransaction", payload)
        assert answer["transactionId"] > 0
        await w.advance(minutes=30)
        await stopped(s, answer["transactionId"])
        (session,) = await told(w)
        energy = None if field == "meterStart" else 3_000
        assert session == (
            "" if field == "idTag" else "ANNA",
            "review" if energy is None else "closed",
            energy,
        )
        assert count(w, "Q29") == 1


async def test_q29_a_start_without_connector_and_tag_goes_to_review(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Preparing")
        await s.status(2, "Available")
        await s.call("StartTransaction", {"meterStart": 1_000, "timestamp": AT})
        assert [state for _, state, _ in await told(w)] == ["review"]


async def test_q30_an_answer_under_another_id_is_taken_if_it_can_only_be_that(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(answer_other_id=True))
        await w.advance(seconds=30)
        outcome = await w.room.call("DEPOT-7", "ClearCache", {})
        assert (outcome.ending, outcome.quirks) == (Ending.ANSWERED, ("Q30",))
        assert s.online


async def test_q31_an_answer_after_the_timeout_is_never_the_next_calls(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(answer_delay_s=35))
        await w.advance(seconds=30)
        late = asyncio.ensure_future(w.room.call("DEPOT-7", "ClearCache", {}, 30))
        await s.next_call("ClearCache")
        await w.advance(seconds=32)
        await w.until(late.done, "timed out")
        assert late.result().ending is Ending.TIMEOUT
        s.answers["Reset"] = {"status": "Rejected"}
        running = asyncio.ensure_future(w.room.call("DEPOT-7", "Reset", {"type": "Soft"}, 60))
        await s.next_call("Reset")
        await w.advance(seconds=10)  # the late answer comes while another call runs
        assert not running.done()
        await w.advance(seconds=30)
        await w.until(running.done, "answered")
        assert running.result().payload == {"status": "Rejected"}
        assert await links(w) == ["online"]


async def test_q32_the_same_id_again_is_the_same_message_and_id_1_after_a_boot_is_not(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        first = await s.call("StartTransaction", started(), message_id="7")
        assert await s.call("StartTransaction", started(), message_id="7") == first
        await restart(w, s)
        assert await s.call("StartTransaction", started(), message_id="7") == first
        await w.advance(minutes=30)
        await stopped(s, first["transactionId"])
        await s.reboot()
        s.restart_ids()
        other = started(idTag="BEA", meterStart=4_000, timestamp=stamp(s.now_ms))
        second = await s.call("StartTransaction", other, message_id="7")
        assert second["transactionId"] != first["transactionId"]
        assert await told(w) == [("ANNA", "closed", 3_000), ("BEA", "open", None)]


async def test_q33_three_calls_in_one_burst_while_ours_is_open_are_all_answered(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(silent_on=frozenset({"ChangeAvailability"})))
        await w.advance(seconds=30)
        ours = asyncio.ensure_future(
            w.room.call("DEPOT-7", "ChangeAvailability", {"connectorId": 0, "type": "Operative"})
        )
        await s.next_call("ChangeAvailability")
        answers = await asyncio.gather(
            s.authorize("ANNA"), s.call("StartTransaction", started()), s.heartbeat()
        )
        assert answers[0]["idTagInfo"]["status"] == "Accepted"
        assert answers[1]["transactionId"] > 0
        assert not ours.done()
        s.drop()
        assert (await ours).ending is Ending.LOST


async def test_q34_an_action_that_is_never_answered_holds_up_no_other(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(silent_on=frozenset({"ChangeAvailability"})))
        await w.advance(seconds=30)
        mute = asyncio.ensure_future(
            w.room.call("DEPOT-7", "ChangeAvailability", {"connectorId": 0, "type": "Operative"})
        )
        other = asyncio.ensure_future(w.room.call("DEPOT-7", "ClearCache", {}))
        await s.next_call("ChangeAvailability")
        assert not other.done()
        await w.advance(seconds=40)
        await w.until(lambda: mute.done() and other.done(), "both ended")
        assert (mute.result().ending, other.result().ending) == (Ending.TIMEOUT, Ending.ANSWERED)
        assert await links(w) == ["online"]


async def test_q35_a_sites_backlog_of_five_thousand_is_answered_in_order(tmp_path: Path) -> None:
    """Ten stations come back at once. Nothing of the past overwrites what is live; all is kept once."""
    async with story(tmp_path) as w:
        stations = [await booted(w, f"DEPOT-{n}", patience_s=50) for n in range(10)]
        for s in stations:
            await s.status(1, "Available")
            s.go_offline()
        t0 = w.clock.now_ms()
        await w.advance(minutes=60)
        for s in stations:
            await s.connect()
            await s.status(1, "Charging")
        answers = await asyncio.gather(*[flushed(s, t0) for s in stations])
        for s, answered in zip(stations, answers, strict=True):
            assert answered == [f"q{n}" for n in range(500)]
            assert w.plug(s.identity).status is ConnectorStatus.CHARGING
            assert w.view(s.identity).link is LinkState.ONLINE
            # The start was lost: what the readings prove is counted, and the gap is said.
            (session,) = await w.sessions(s.identity)
            assert session.state.value in ("closed", "review")
            assert Flag.START_UNKNOWN in session.flags
        assert await raw(w, backlog(stations[3], t0)[250]) == 10


async def flushed(s: SimStation, t0: int) -> list[str]:
    """Send a whole backlog without waiting; the ids answered, in their order."""
    frames = backlog(s, t0)
    for frame in frames:
        await s.send_raw(frame)
    return [json.loads(await s.receive_raw(50))[1] for _ in frames]


def backlog(s: SimStation, t0: int) -> list[str]:
    """499 readings of an hour and the stop, of a transaction begun offline whose start was lost."""
    tx, frames = Tx(1, 1, "ANNA", "u"), []
    for number in range(499):
        action, payload = s.speech.sample(tx, t0 + number * 7_000, Gauge(1_000 + number * 10))
        frames.append(json.dumps([2, f"q{number}", action, payload | {"transactionId": 4_242}]))
    action, payload = s.speech.stop(tx, t0 + 499 * 7_000, Gauge(5_990), "Local", "ANNA")
    return [*frames, json.dumps([2, "q499", action, payload | {"transactionId": 4_242}])]
