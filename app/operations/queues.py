"""The lines of all stations: who may send next is called as soon as the station is there and free."""

import asyncio
from collections.abc import Callable

from app.clock import Clock
from app.domain.ids import StationId
from app.operations.lines import Called, Line, Turn
from app.protocol.link import Link


class Queues:
    """One line for each station that anybody waits for.

    Args:
        clock: time.
        links: open links by station.
    """

    def __init__(self, clock: Clock, links: Callable[[StationId], Link | None]) -> None:
        self._clock = clock
        self._links = links
        self._lines: dict[StationId, Line] = {}

    async def wait(
        self, station: StationId, rank: int, number: int, *,
        due_ms: int = 0, expires_ms: int | None = None, forced: bool = False,
        waits: Callable[[Turn], None] = lambda turn: None,
    ) -> Called:  # fmt: skip
        """Wait for a station; GO means that it is held until `free`.

        Args:
            station: whom it is for.
            rank: smaller goes first.
            number: among equals the smaller goes first.
            due_ms: not before then.
            expires_ms: not after then; None: however long it takes.
            forced: may go before the station's boot is answered (Q13).
            waits: told of the place in the line, by which it may be left.
        """
        called: asyncio.Future[Called] = asyncio.get_running_loop().create_future()

        def tell(how: Called) -> None:
            if not called.done():
                called.set_result(how)

        turn = Turn(rank, number, tell, due_ms, expires_ms, forced)
        waits(turn)
        line = self._lines.setdefault(station, Line())
        line.join(turn)
        line.expire(self._clock.now_ms())
        self.pump(station)
        try:
            return await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled() and called.result() is Called.GO:
                self.free(station)
            elif turn in line.waiting:
                line.waiting.remove(turn)
            raise

    def leave(self, station: StationId, turn: Turn) -> bool:
        """Wait no more; whether it did wait."""
        line = self._lines.get(station)
        return line is not None and line.leave(turn)

    def free(self, station: StationId) -> None:
        """The station is free for the next."""
        line = self._lines.get(station)
        if line is not None:
            line.busy = False
            self.pump(station)

    def pump(self, station: StationId) -> None:
        """Call who is next at a station, if it is there and free."""
        line = self._lines.get(station)
        if line is None or not line.waiting:
            return
        link = self._links(station)
        held = link is not None and self._clock.monotonic_s() < link.hold_until_s
        line.call_next(self._clock.now_ms(), open=link is not None and not link.closed, held=held)

    def tick(self, now_ms: int) -> None:
        """What waits may be due by now, or over."""
        for station, line in list(self._lines.items()):
            line.expire(now_ms)
            self.pump(station)
            if not line.busy and not line.waiting:
                del self._lines[station]
