"""How many stations each wave has."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import StationId
from app.domain.operations import CommandState, Reset, Wish
from app.domain.records import CommandRecord
from app.operations.feed import DeskFeed
from app.operations.waves import Waves, parted
from app.tasks import spawn


@given(st.integers(1, 500), st.lists(st.integers(0, 50), max_size=5))
def test_waves_take_everybody_once(stations: int, waves: list[int]) -> None:
    """None is empty, and together they are all."""
    sizes = parted(stations, waves)
    assert sum(sizes) == stations
    assert all(size > 0 for size in sizes)
    assert len(sizes) <= len(waves) + 1


def test_a_few_then_more_then_the_rest() -> None:
    """As it is told to operators."""
    assert parted(50, (2, 10)) == [2, 10, 38]
    assert parted(7, (2, 10)) == [2, 5]
    assert parted(1, (2, 10)) == [1]


class Flawed:
    """A desk that fails by a flaw of ours at one station."""

    def __init__(self) -> None:
        self.clock: Any = SimpleNamespace(now_ms=lambda: 1)
        self.turns: Any = SimpleNamespace(
            numbers=SimpleNamespace(command_id=lambda: 1), keep=lambda record, at_ms, then: then(None)
        )
        self.feed = DeskFeed()
        self.lives: dict[int, Any] = {}

    async def ask(self, wish: Wish) -> int:
        if wish.station == "B":
            raise RuntimeError("a flaw of ours")
        return 7

    async def ended(self, command: int) -> CommandRecord:
        done = CommandState.PROVED.value
        return CommandRecord(command, StationId("A"), "Reset", "ANNA", "", 1, outcome=done)

    async def cancel(self, command: int, by: str, why: str = "") -> None:
        raise AssertionError("nothing waits")

    def background(self, work: Any, name: str) -> None:
        spawn(work, name=name)


async def test_a_flaw_of_ours_at_one_station_ends_the_batch() -> None:
    """Else it would be said to run for ever."""
    waves = Waves(Flawed())
    wishes = [Wish(name, Reset(), "ANNA", "why") for name in "ABC"]
    await waves.wait(await waves.begin("Restart", wishes, "ANNA", (2,), 1))
    (view,) = waves.views()
    assert (view.state, view.proved, view.failed, view.waiting) == ("stopped", 1, 1, 1)
    assert view.stopped_why.endswith("B: Forecourt could not carry it out; see its log.")
