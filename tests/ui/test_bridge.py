"""The bridge: a core in its thread, answers in the GUI thread, nothing lost and nothing blocking."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import ForecourtError, PortTaken
from app.domain.intents import AdmitStation, Asked
from app.fleet.views import Changes, MessageView, Picture, ServerView, Totals
from app.tasks import spawn
from ui.bridge import Bridge, sentence


class Feed:
    """What a room hands to one watcher."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.open = True

    def take(self) -> Any:
        return self.waiting.pop(0) if self.waiting else None

    def close(self) -> None:
        self.open = False


class Source:
    """A fleet or a message feed."""

    def __init__(self, picture: Picture | None = None) -> None:
        self.picture = picture
        self.feeds: list[Feed] = []

    def subscribe(self) -> Feed:
        self.feeds.append(Feed())
        return self.feeds[-1]

    def snapshot(self) -> Picture | None:
        return self.picture


class Room:
    """As much of a control room as the bridge needs."""

    def __init__(self, refuse: str = "") -> None:
        self.fleet = Source(Picture(at_ms=1, totals=Totals(stations=3)))
        self.messages = Source()
        self.done: list[Asked] = []
        self.refuse = refuse
        self.threads: set[str] = set()
        self.gate: asyncio.Event | None = None
        self.stopped = False

    async def start(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.gate = asyncio.Event()
        if self.refuse:
            raise PortTaken(self.refuse)

    async def stop(self) -> None:
        self.stopped = True

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        return fn("connection", *args)

    async def do(self, asked: Asked) -> None:
        if asked.why == "no":
            raise ForecourtError("That station is not known.")
        self.done.append(asked)

    async def call(self, station: str, action: str, payload: dict[str, Any], timeout_s: float) -> Any:
        return {"status": "Accepted", "station": station}

    async def listen_on(self, listen: list[str]) -> list[str]:
        return [f"ws://{address}/" for address in listen]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def bridge(qapp: QApplication, qtbot: QtBot, room: Room) -> Iterator[Bridge]:
    made = Bridge(lambda _bridge: room, operator="SV")
    with qtbot.waitSignal(made.started):
        made.start()
    yield made
    with qtbot.waitSignal(made.stopped):
        made.stop()
    assert room.stopped


def test_the_core_runs_in_its_own_thread_and_its_picture_arrives(bridge: Bridge, room: Room) -> None:
    assert room.threads == {"core"}
    assert bridge.picture.totals.stations == 3


def test_changes_become_part_of_the_picture(bridge: Bridge, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.changed):
        room.fleet.feeds[0].waiting.append(Changes(server=ServerView(state="listening", connected=2)))
    assert bridge.picture.server.connected == 2
    assert bridge.picture.totals.stations == 3


def test_answers_come_back_in_the_gui_thread(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[Any] = []

    def fn(connection: str, number: int) -> int:
        assert connection == "connection"
        return number * 2

    bridge.query("double", fn, 21, done=lambda value: got.append((value, threading.current_thread().name)))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(42, threading.main_thread().name)]


def test_an_answer_that_comes_too_late_is_dropped(bridge: Bridge, room: Room, qtbot: QtBot) -> None:
    got: list[str] = []
    room.gate.clear() if room.gate else None

    async def slow(_room: Any) -> str:
        assert room.gate is not None
        await room.gate.wait()
        return "old"

    bridge.run(slow, got.append, key="page/list")
    bridge.query("page/list", lambda _connection: "new", done=got.append)
    bridge.query("other", lambda _connection: "dropped", done=got.append)
    bridge.drop("other")
    qtbot.waitUntil(lambda: got == ["new"])
    loop = bridge._loop
    assert loop is not None
    assert room.gate is not None
    loop.call_soon_threadsafe(room.gate.set)
    bridge.query("last", lambda _connection: "last", done=got.append)
    qtbot.waitUntil(lambda: "last" in got)
    assert got == ["new", "last"]
    assert bridge.idle


def test_a_question_that_fails_ends_in_a_sentence(
    bridge: Bridge, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def broken(_connection: str) -> None:
        raise KeyError("column")

    bridge.query("broken", broken, done=told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["Something in Forecourt failed (KeyError). The log has the details."]
    assert "a question of the window failed" in caplog.text


def test_intents_carry_who_and_why(bridge: Bridge, room: Room, qtbot: QtBot) -> None:
    told: list[Any] = []
    bridge.do(AdmitStation("VTP-01"), "new site", done=lambda _: told.append("done"))
    bridge.do(AdmitStation("VTP-02"), "no", done=lambda _: told.append("done"), failed=told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["done", "That station is not known."]
    assert room.done == [Asked(AdmitStation("VTP-01"), "SV", "new site")]


def test_calls_and_other_wishes_are_answered(bridge: Bridge, qtbot: QtBot) -> None:
    told: list[Any] = []
    bridge.call("VTP-01", "Reset", {"type": "Soft"}, done=told.append)
    bridge.run(lambda room: room.listen_on(["0.0.0.0:9220"]), told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [{"status": "Accepted", "station": "VTP-01"}, ["ws://0.0.0.0:9220/"]]


def test_a_flow_awaits_its_answers_in_the_window_s_loop(
    bridge: Bridge, room: Room, qtbot: QtBot, gui_loop: object
) -> None:
    """Question, intent, work and a wish, one after the other, without a callback."""
    told: list[Any] = []

    async def flow() -> None:
        told.append(await bridge.ask(lambda _connection, number: number * 2, 21))
        await bridge.perform(AdmitStation("VTP-01"), "new site")
        told.append(await bridge.worked(lambda: threading.current_thread() is threading.main_thread()))
        told.append(await bridge.reach(lambda room: room.listen_on(["127.0.0.1:0"])))
        told.append(threading.current_thread() is threading.main_thread())

    spawn(flow(), name="flow")
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told == [42, False, ["ws://127.0.0.1:0/"], True]
    assert room.done == [Asked(AdmitStation("VTP-01"), "SV", "new site")]


def test_a_flow_hears_a_refusal_as_one_sentence(bridge: Bridge, qtbot: QtBot, gui_loop: object) -> None:
    told: list[str] = []

    async def flow() -> None:
        try:
            await bridge.perform(AdmitStation("VTP-02"), "no")
        except ForecourtError as error:
            told.append(str(error))

    spawn(flow(), name="flow")
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["That station is not known."]


def test_leaving_a_flow_takes_back_nothing(
    bridge: Bridge, room: Room, qtbot: QtBot, gui_loop: object
) -> None:
    begun: list[bool] = []

    async def steps() -> None:
        begun.append(True)
        await bridge.perform(AdmitStation("VTP-03"), "sent")

    flow = spawn(steps(), name="flow")
    qtbot.waitUntil(lambda: bool(begun))
    flow.cancel()
    qtbot.waitUntil(lambda: flow.done() and bool(room.done))
    assert room.done == [Asked(AdmitStation("VTP-03"), "SV", "sent")]


def test_work_needs_no_core(qapp: QApplication, qtbot: QtBot) -> None:
    told: list[Any] = []
    bridge = Bridge(lambda _bridge: Room())
    bridge.work(lambda: threading.current_thread() is threading.main_thread(), done=told.append)
    bridge.work(lambda: 1 / 0, failed=told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert False in told
    assert any("ZeroDivisionError" in str(said) for said in told)


def test_what_is_asked_before_the_core_runs_waits_for_it(
    qapp: QApplication, qtbot: QtBot, room: Room
) -> None:
    got: list[str] = []
    bridge = Bridge(lambda _bridge: room)
    bridge.query("early", lambda _connection: "answered", done=got.append)
    assert not bridge.idle
    bridge.start()
    qtbot.waitUntil(lambda: got == ["answered"])
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()


def test_messages_are_heard_only_while_somebody_follows(bridge: Bridge, room: Room, qtbot: QtBot) -> None:
    line = MessageView(1, "VTP-01", "in", "Heartbeat", "1", "call", "[]")
    bridge.follow_messages(True)
    qtbot.waitUntil(lambda: bridge._messages is not None)
    with qtbot.waitSignal(bridge.heard) as told:
        room.messages.feeds[0].waiting.append((line,))
    assert told.args == [(line,)]
    bridge.follow_messages(False)
    assert not room.messages.feeds[0].open


def test_a_start_that_fails_says_why_and_can_be_tried_again(qapp: QApplication, qtbot: QtBot) -> None:
    rooms = [Room("Port 9220 is in use by another program."), Room()]
    bridge = Bridge(lambda _bridge: rooms.pop(0))
    told: list[str] = []
    bridge.query("early", lambda _connection: "never", done=told.append, failed=told.append)
    with qtbot.waitSignals([bridge.failed, bridge.stopped]):
        bridge.start()
    assert not bridge.running
    assert bridge.picture.server.state == "failed"
    assert bridge.picture.server.cause == "Port 9220 is in use by another program."
    qtbot.waitUntil(lambda: told == ["Port 9220 is in use by another program."])
    with qtbot.waitSignal(bridge.started):
        bridge.start()
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()


def test_a_long_start_can_be_left(qapp: QApplication, qtbot: QtBot) -> None:
    class Slow(Room):
        async def start(self) -> None:
            self.threads.add("starting")
            await asyncio.Event().wait()

    room = Slow()
    bridge = Bridge(lambda _bridge: room)
    bridge.start()
    qtbot.waitUntil(lambda: bool(room.threads))
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()
    assert room.stopped
    assert not bridge.running


def test_stopping_what_never_ran_is_quiet(qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge(lambda _bridge: Room())
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()


def test_a_stalled_window_delays_nothing_in_the_core(bridge: Bridge, room: Room) -> None:
    """The GUI thread waits here without turning its loop; the core answers meanwhile."""
    loop = bridge._loop
    assert loop is not None
    answered = threading.Event()
    asyncio.run_coroutine_threadsafe(room.ask(lambda _connection: answered.set()), loop)
    assert answered.wait(5)


def test_errors_for_people_are_plain_sentences() -> None:
    assert sentence(ForecourtError("The disk is full.")) == "The disk is full."
    assert "Traceback" not in sentence(ValueError("x"))
