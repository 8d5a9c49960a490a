"""Messages of a stream are read together; whoever speaks alone, leaves or floods does not wait."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

from app.clock import ManualClock
from app.protocol.gathering import FEW, MOST_READ, Gathering
from app.protocol.wire import MOST_GATHERED, Wire
from tests.helpers.listening import Host, serving, until
from tests.helpers.raw_station import RawStation

SPAN_S = 0.02


class _Loop:
    """Time that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now_s

    def call_later(self, seconds: float, fn: Callable[[], None]) -> None:
        self.due.append((self.now_s + seconds, fn))

    def call_soon(self, fn: Callable[[], None]) -> None:
        self.call_later(0, fn)

    def go_on(self, seconds: float) -> None:
        self.now_s += seconds
        due = [fn for at_s, fn in self.due if at_s <= self.now_s + 1e-9]
        self.due = [entry for entry in self.due if entry[0] > self.now_s + 1e-9]
        for fn in due:
            fn()


class _Wire:
    def __init__(self, read: "list[_Wire]") -> None:
        self._read = read
        self.broken = False
        self.cut = ""

    def read_on(self) -> None:
        self._read.append(self)
        if self.broken:
            raise ValueError

    def abort(self, reason: str) -> None:
        self.cut = reason


class _Fleet:
    """Stations that speak to a `Gathering` by number; `read` is who was read, in order."""

    def __init__(self, span_s: float = SPAN_S) -> None:
        self.loop = _Loop()
        self.gathering = Gathering(cast(asyncio.AbstractEventLoop, self.loop), span_s, self._together)
        self.read: list[_Wire] = []
        self.around: list[int] = []
        self.wires = [_Wire(self.read) for _ in range(1000)]

    @contextmanager
    def _together(self) -> Iterator[None]:
        self.around.append(len(self.read))
        yield
        self.around.append(len(self.read))

    def speak(self, *numbers: int) -> list[bool]:
        return [self.gathering.takes(cast(Wire, self.wires[number])) for number in numbers]

    def numbers(self) -> list[int]:
        found = [self.wires.index(wire) for wire in self.read]
        self.read.clear()
        return found


def test_few_stations_are_read_at_once() -> None:
    fleet = _Fleet()
    for _ in range(20):
        assert not any(fleet.speak(*range(FEW)))
        fleet.loop.go_on(SPAN_S / 8)
    assert fleet.loop.due == []


def test_one_station_alone_empties_its_queue_unhindered() -> None:
    fleet = _Fleet()
    assert not any(fleet.speak(*[7] * 500))


def test_a_stream_is_read_at_the_end_of_each_span() -> None:
    fleet = _Fleet()
    assert fleet.speak(*range(FEW + 2)) == [False] * FEW + [True] * 2
    fleet.loop.go_on(SPAN_S)
    assert fleet.around == [0, 2]
    assert fleet.numbers() == [FEW, FEW + 1]
    # Two waited only: the next few are read at once again.
    assert fleet.speak(*range(FEW + 1)) == [False] * FEW + [True]
    assert fleet.speak(*range(10, 20)) == [True] * 10
    fleet.loop.go_on(SPAN_S)
    assert fleet.numbers() == [FEW, *range(10, 20)]
    # Now it is a stream, in which the first of a span waits as well.
    for span in range(3):
        assert all(fleet.speak(*range(span, span + 8)))
        fleet.loop.go_on(SPAN_S / 2)
        assert fleet.numbers() == []
        fleet.loop.go_on(SPAN_S / 2)
        assert fleet.numbers() == list(range(span, span + 8))
    fleet.loop.go_on(SPAN_S)
    assert not any(fleet.speak(1))
    assert fleet.loop.due == []


def test_a_crowd_leaves_others_their_turn_on_the_loop() -> None:
    fleet = _Fleet()
    fleet.speak(*range(FEW))
    assert all(fleet.speak(*range(FEW, 1000)))
    fleet.loop.go_on(SPAN_S)
    rounds = [len(fleet.numbers())]
    while len(fleet.gathering):
        fleet.loop.go_on(0)
        rounds.append(len(fleet.numbers()))
    assert rounds == [MOST_READ] * 3 + [1000 - FEW - 3 * MOST_READ]


def test_one_that_cannot_be_read_costs_its_own_link_alone() -> None:
    fleet = _Fleet()
    fleet.wires[5].broken = True
    fleet.speak(*range(8))
    fleet.loop.go_on(SPAN_S)
    assert fleet.numbers() == [4, 5, 6, 7]
    assert [number for number, wire in enumerate(fleet.wires) if wire.cut] == [5]


def test_no_span_gathers_nothing() -> None:
    fleet = _Fleet(span_s=0)
    assert not any(fleet.speak(*range(100)))


@asynccontextmanager
async def _streaming(**how: Any) -> AsyncIterator[tuple[Host, RawStation]]:
    """A server in whose endless span several have spoken, and a station of it that has not yet."""
    async with serving(gather_ms=600_000, **how) as host:
        others = [await RawStation.connect(host.port, f"/S{n}") for n in range(FEW)]
        for other in others:
            other.call()
            assert (await other.message())[0] == 3
        host.ears.inbound.clear()
        late = await RawStation.connect(host.port, "/LATE")
        yield host, late
        for each in (*others, late):
            each.hang_up()


async def test_what_waits_counts_from_when_it_came_and_keeps_its_order() -> None:
    clock = ManualClock()
    async with _streaming(clock=clock) as (host, late):
        came_ms = clock.now_ms()
        for number in range(3):
            late.call(message_id=str(number))
        await until(lambda: len(host.server.gathering))
        await asyncio.sleep(0.01)
        link = host.server.links["LATE"]
        clock.advance(0.5)
        assert host.ears.inbound == []
        link.read_on()
        assert [i.message_id for _, i in host.ears.inbound] == ["0", "1", "2"]
        assert {i.received_ms for _, i in host.ears.inbound} == {came_ms}
        assert link.heard_ms == came_ms


async def test_the_last_words_of_a_link_are_heard() -> None:
    async with _streaming() as (host, late):
        late.call(message_id="last")
        await until(lambda: len(host.server.gathering))
        late.cut()
        await until(lambda: host.ears.gone)
        assert [i.message_id for _, i in host.ears.inbound] == ["last"]


async def test_what_came_before_we_close_is_answered() -> None:
    async with _streaming() as (host, late):
        late.call(message_id="before")
        await until(lambda: len(host.server.gathering))
        host.server.links["LATE"].close()
        assert (await late.message())[1] == "before"
        assert await late.close_code() == 1000


async def test_a_flood_is_read_before_it_fills_the_memory() -> None:
    async with _streaming() as (host, late):
        host.ears.mute = True
        while not host.ears.inbound:
            late.call("DataTransfer", {"vendorId": "V", "data": "x" * (MOST_GATHERED // 4)})
            await asyncio.sleep(0.005)
        assert host.server.links["LATE"].closed is False


async def test_a_paused_link_is_not_read_with_the_others() -> None:
    async with _streaming() as (host, late):
        late.call(message_id="1")
        await until(lambda: len(host.server.gathering))
        link = host.server.links["LATE"]
        link.pause()
        link.read_on()
        assert host.ears.inbound == []
        link.resume()
        assert (await late.message())[1] == "1"
