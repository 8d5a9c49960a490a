"""A room that only remembers what was asked of it, for what the window runs in the core's loop."""

from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any

from app.domain.operations import Consequence, Wish


class FakeDesk:
    """Takes wishes and batches down; `cuts` are the consequences by station."""

    def __init__(self, cuts: dict[str, tuple[Consequence, ...]] | None = None) -> None:
        self.cuts = cuts or {}
        self.wishes: list[Wish] = []
        self.batches_begun: list[tuple[str, tuple[Wish, ...], tuple[int, ...], int]] = []
        self.stopped: list[int] = []
        self.cancelled: list[int] = []

    def consequences(self, wish: Wish) -> tuple[Consequence, ...]:
        return self.cuts.get(wish.station, ())

    def can(self, station: str, kind: str) -> str:
        return ""

    async def ask(self, wish: Wish) -> int:
        self.wishes.append(wish)
        return 41

    async def bulk(
        self, title: str, wishes: Sequence[Wish], by: str, waves: tuple[int, ...] = (), stop_after: int = 0
    ) -> int:
        self.batches_begun.append((title, tuple(wishes), waves, stop_after))
        return 7

    async def stop_bulk(self, batch: int, by: str) -> None:
        self.stopped.append(batch)

    async def cancel(self, command: int, by: str, why: str = "") -> None:
        self.cancelled.append(command)


def fake_room(desk: FakeDesk, **more: Any) -> Any:
    """A room with this desk."""
    return SimpleNamespace(desk=desk, **more)


def done(ask: Callable[[Any], Awaitable[Any]], room: Any) -> Any:
    """What `ask(room)` gives; it must not have to wait for anything."""
    coroutine: Any = ask(room)
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waits for something")


def serve(bridge: Any, room: Any) -> None:
    """Have a fake bridge run against `room` from now on."""

    def run(ask: Any, told: Any = None, failed: Any = None, key: str = "", **named: Any) -> None:
        told, failed = named.get("done", told), named.get("failed", failed)
        try:
            value = done(ask, room)
        except Exception as error:
            if failed is not None:
                failed(str(error))
            return
        if told is not None:
            told(value)

    bridge.run = run
