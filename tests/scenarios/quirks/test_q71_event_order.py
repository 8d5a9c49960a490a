"""Q71: 2.x events out of order. seqNo orders them; a gap is flagged, an old one filed, never dropped."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.records import Flag
from app.domain.status import ConnectorStatus
from app.simulator.quirky import habits
from app.simulator.scripted import SimStation
from app.simulator.wire import stamp
from app.store.readers.readings import session_readings
from tests.helpers.story import booted, count, restart, story, told
from tests.helpers.world import World

VERSIONS = ["2.0.1", "2.1"]
T0 = 1_767_225_600_000


def event(kind: str, seq: int, minute: int, register_wh: int, **more: Any) -> tuple[str, dict[str, Any]]:
    """A TransactionEvent of transaction "tx-1" on EVSE 1 at so many minutes from the start."""
    at = stamp(T0 + minute * 60_000)
    value = {"value": register_wh, "context": "Sample.Periodic", "measurand": "Energy.Active.Import.Register"}
    trigger = {"Started": "Authorized", "Updated": "MeterValuePeriodic", "Ended": "EVDeparted"}[kind]
    info = {"transactionId": "tx-1"} | ({"stoppedReason": "EVDisconnected"} if kind == "Ended" else {})
    return "TransactionEvent", {
        "eventType": kind, "timestamp": at, "triggerReason": trigger, "seqNo": seq,
        "transactionInfo": info, "evse": {"id": 1, "connectorId": 1},
        "idToken": {"idToken": "ANNA", "type": "ISO14443"},
        "meterValue": [{"timestamp": at, "sampledValue": [value]}], **more,
    }  # fmt: skip


async def away(w: World, s: SimStation, minutes: int) -> None:
    """The link is lost for a while."""
    s.drop()
    await w.advance(minutes=minutes)
    await s.connect()


@pytest.mark.parametrize("version", VERSIONS)
async def test_0_1_4_3_leaves_a_flagged_gap_that_2_closes(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version=version)
        await s.status(1, "Preparing")
        await away(w, s, minutes=40)
        for one in (
            event("Started", 0, 0, 1_000),
            event("Updated", 1, 10, 1_500),
            event("Ended", 4, 40, 3_000),
            event("Updated", 3, 30, 2_500),
        ):
            await s.call(*one)
        assert await told(w) == [("ANNA", "closed", 2_000)]
        assert (await w.only_session()).seq_seen == "0-1,3-4"
        assert Flag.SEQ_GAP in (await w.only_session()).flags
        assert count(w, "Q71") == 1
        await s.call(*event("Updated", 2, 20, 2_000))
        await restart(w, s)
        session = await w.only_session()
        assert session.seq_seen == "0-4"
        assert Flag.SEQ_GAP not in session.flags
        curve = await w.room.ask(session_readings, session.session)
        registers = [r.reading.energy_wh for r in sorted(curve, key=lambda r: r.reading.at_ms)]
        assert registers == [1_000, 1_500, 2_000, 2_500, 3_000]
        assert await told(w) == [("ANNA", "closed", 2_000)]


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_end_alone_opens_and_ends_a_flagged_session(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version=version)
        await away(w, s, minutes=40)
        await s.call(*event("Ended", 4, 40, 3_000))
        # Whoever ends a transaction need not be who began it.
        assert await told(w) == [("", "review", None)]
        assert Flag.START_UNKNOWN in (await w.only_session()).flags
        # What came before it comes at last, and proves the energy.
        for one in (
            event("Updated", 3, 30, 2_500, offline=True),
            event("Updated", 2, 20, 2_000, offline=True),
            event("Updated", 1, 10, 1_500, offline=True),
            event("Started", 0, 0, 1_000, offline=True),
        ):
            await s.call(*one)
        assert await told(w) == [("ANNA", "closed", 2_000)]


async def test_after_a_boot_seq_no_0_with_an_old_id_goes_on_with_the_session(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        await s.call(*event("Started", 0, 0, 1_000))
        await w.advance(minutes=10)
        await s.call(*event("Updated", 1, 10, 1_500))
        await restart(w, s)
        await s.boot("PowerUp")
        await w.advance(minutes=10)
        await s.call(*event("Updated", 0, 20, 2_000))
        await w.advance(minutes=10)
        await s.call(*event("Ended", 1, 30, 2_500))
        assert await told(w) == [("ANNA", "closed", 1_500)]
        assert Flag.SEQ_GAP in (await w.only_session()).flags
        assert count(w, "Q71") >= 1


async def test_offline_events_are_history_and_leave_the_live_picture_alone(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        await w.advance(minutes=60)
        await s.reboot()
        await s.status(1, "Available")
        for one in (
            event("Started", 0, 0, 1_000, offline=True),
            event("Updated", 1, 10, 1_500, offline=True),
            event("Ended", 2, 30, 3_000, offline=True),
        ):
            await s.call(*one)
        assert w.plug().status is ConnectorStatus.AVAILABLE
        assert (w.plug().session, w.view().sessions_open) == (None, 0)
        assert await told(w) == [("ANNA", "closed", 2_000)]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_that_shuffles_keeps_a_whole_session(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q71"), version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=5)
        await car.sample(meter_wh=1_500, power_w=6_000)
        await w.advance(minutes=5)
        await car.sample(meter_wh=2_000, power_w=6_000)
        await car.leave(2_100)
        assert await told(w) == [("ANNA", "closed", 1_100)]
        assert (await w.only_session()).seq_seen == "0-4"
