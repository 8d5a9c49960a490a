"""The twelve habits of real chargers that matter most, each played by a station over a real socket.

Each ends with the same questions: is the link as it should be, does the session list say what a
hand would write, does the energy equal the truth or stand in review, and was the oddity counted.
"""

import json
from dataclasses import replace

import pytest

from app.domain.records import Flag, SessionState
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.simulator.quirky import habits
from app.simulator.scripted import SimStation
from app.simulator.speech import Gauge
from tests.helpers.world import World, world

VERSIONS = ("1.6", "2.0.1", "2.1")


async def came(w: World, quirk: str, version: str = "1.6", **options: object) -> SimStation:
    """A station with this habit, booted."""
    s = await w.station(version=version, habits=habits(quirk), **options)
    await s.boot()
    return s


def counted(w: World, quirk: str) -> int:
    return dict(w.view().quirks).get(quirk, 0)


@pytest.mark.parametrize("version", VERSIONS)
async def test_q01_the_newest_socket_wins(version: str) -> None:
    """The old socket stays open and unread; the station is online on the new one, nothing is lost."""
    async with world() as w:
        s = await came(w, "Q01", version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await s.connect()
        await w.advance(minutes=10)
        await car.leave(2_500)
        assert w.view().link is LinkState.ONLINE
        assert len(w.room.server.links) == 1
        assert (await w.only_session()).energy_wh == 1_500


async def test_q09_a_missing_pong_kills_nothing() -> None:
    """Heartbeats without a single pong keep the station online for half an hour."""
    async with world() as w:
        s = await came(w, "Q09")
        for _ in range(6):
            await w.advance(minutes=5)
            await s.heartbeat()
        assert s.online
        assert w.view().link is LinkState.ONLINE


async def test_q13_silence_until_boot_is_answered() -> None:
    """A station that hangs up on any early call stays up."""
    async with world() as w:
        s = await w.station(habits=habits("Q13"))
        await w.advance(seconds=3)
        await s.boot()
        await w.advance(seconds=4)
        assert s.online
        await w.advance(seconds=30)
        assert s.online
        assert w.view().link is LinkState.ONLINE


@pytest.mark.parametrize("way", ["leading-comma", "empty-value", "nul", "cut-tail"])
async def test_q23_broken_json_is_kept_and_repaired(way: str) -> None:
    """What can be read again is; what cannot is kept; the link stays, the energy is right."""
    async with world() as w:
        s = await w.station(habits=replace(habits("Q23"), mangle=way), patience_s=1)
        await s.boot()
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        answer = await car.sample(meter_wh=1_800, power_w=5_000)
        assert (answer is None) == (way == "cut-tail")
        s.queue.clear()
        await w.advance(minutes=2)
        await car.leave(2_000)
        assert s.online
        assert (await w.only_session()).energy_wh == 1_000
        await w.until(lambda: counted(w, "Q23"), "counted")


@pytest.mark.parametrize("version", VERSIONS)
async def test_q36_one_start_however_often_it_is_told(version: str) -> None:
    """Twice told, also over a restart of the server: one session, one id."""
    async with world() as w:
        s = await came(w, "Q36", version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        first = car.transaction
        s.drop()
        await w.restart()
        s.url = w.url
        await s.come_back()
        if version == "1.6":
            when = w.clock.now_ms()
            again = s.speech.start(car.tx, when - when % 1_000, Gauge(1_000), "Authorized")
            payload = again[1] | {"timestamp": _started(s)}
            assert (await s.call("StartTransaction", payload))["transactionId"] == first
        await w.advance(minutes=10)
        await car.leave(2_200)
        session = await w.only_session()
        assert session.energy_wh == 1_200
        assert session.state is SessionState.CLOSED


async def test_q37_a_stop_with_a_foreign_id_finds_its_session() -> None:
    """-1 with one open session that fits: that one is closed; nobody else's is touched."""
    async with world() as w:
        s = await came(w, "Q37")
        anna = await s.plug_in(1, "ANNA", 1_000)
        await s.plug_in(2, "BEA", 50_000)
        await w.advance(minutes=10)
        await anna.leave(2_000, tag="ANNA")
        closed = [x for x in await w.sessions() if x.state is SessionState.CLOSED]
        assert [(x.token, x.energy_wh) for x in closed] == [("ANNA", 1_000)]
        assert Flag.STOP_FOREIGN_ID in closed[0].flags
        assert [x.token for x in await w.open_sessions()] == ["BEA"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_q39_every_stop_is_acknowledged(version: str) -> None:
    """Twenty times the same end, each answered, one session."""
    async with world() as w:
        s = await came(w, "Q39", version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        assert await car.leave(2_000) is not None
        session = await w.only_session()
        assert (session.state, session.energy_wh) == (SessionState.CLOSED, 1_000)


async def test_q40_a_zombie_is_closed_with_evidence_and_reopened_by_the_truth() -> None:
    """No stop, the next driver starts: closed at the last reading; the late stop then rules."""
    async with world() as w:
        s = await came(w, "Q40")
        anna = await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=10)
        await anna.sample(meter_wh=1_700, power_w=7_000)
        await anna.leave(2_000)
        await w.advance(minutes=15)
        await s.plug_in(1, "BEA", 2_000)
        zombie = next(x for x in await w.sessions() if x.token == "ANNA")
        assert zombie.state is SessionState.INFERRED
        assert zombie.energy_wh == 700
        stop = s.speech.stop(anna.tx, s.now_ms, Gauge(2_000), "PowerLoss", "")
        await s.say(stop)
        truth = next(x for x in await w.sessions() if x.token == "ANNA")
        assert (truth.state, truth.energy_wh) == (SessionState.CLOSED, 1_000)


@pytest.mark.parametrize("version", VERSIONS)
async def test_q49_a_false_zero_never_bills_a_lifetime(version: str) -> None:
    """Begin 0, then 909,948 and 910,031 Wh: 83 Wh."""
    async with world() as w:
        s = await came(w, "Q49", version)
        car = await s.plug_in(tag="ANNA", meter_wh=909_900)
        await w.advance(minutes=5)
        await car.sample(meter_wh=909_948, power_w=1_000)
        await w.advance(minutes=5)
        await car.leave(910_031)
        session = await w.only_session()
        assert session.energy_wh == 83
        assert Flag.FALSE_ZERO in session.flags
        assert counted(w, "Q49") >= 1


async def test_q52_units_are_checked_against_power_and_time() -> None:
    """kWh labelled Wh beside 11 kW: no bill, a person is asked."""
    async with world() as w:
        s = await came(w, "Q52")
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        for minute in range(1, 31):
            await w.advance(minutes=1)
            await car.sample(meter_wh=minute * 183, power_w=11_000)
        session = await w.only_session()
        assert session.energy_wh is None
        assert Flag.UNIT_DOUBTFUL in session.flags


async def test_q61_a_status_has_an_age_and_may_be_doubted() -> None:
    """Finishing for ever: shown as told, since when, and a new session on it is still seen."""
    async with world() as w:
        s = await came(w, "Q61")
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.leave(2_000)
        await w.advance(minutes=40)
        await s.heartbeat()
        plug = w.plug()
        assert plug.status is ConnectorStatus.FINISHING
        assert plug.shown is Shown.FINISHING
        assert plug.session is None
        await s.plug_in(tag="BEA", meter_wh=2_000)
        assert w.plug().session is not None


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_q71_events_follow_their_numbers(version: str) -> None:
    """0, 1, 4, 3, 2: one session, ended, with all its readings; no gap is left."""
    async with world() as w:
        s = await came(w, "Q71", version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=5)
        await car.sample(meter_wh=1_500, power_w=6_000)
        await w.advance(minutes=5)
        await car.sample(meter_wh=2_000, power_w=6_000)
        await car.leave(2_100)
        session = await w.only_session()
        assert (session.state, session.energy_wh) == (SessionState.CLOSED, 1_100)
        assert session.seq_seen == "0-4"
        assert Flag.SEQ_GAP not in session.flags
        assert counted(w, "Q71") >= 1


def _started(s: SimStation) -> str:
    starts = [json.loads(text) for text in s.sent if '"StartTransaction"' in text]
    return str(starts[0][3]["timestamp"])
