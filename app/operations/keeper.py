"""What the parts of the desk need of it: keeping, queueing, telling."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Protocol

from app.clock import Clock
from app.domain.ids import StationId
from app.domain.operations import CommandState, Operation
from app.domain.records import CommandRecord, FileRecord
from app.domain.told import SettingTold
from app.intake.turns import Turns
from app.operations.guard import Guard
from app.operations.lines import Called
from app.operations.live import Live
from app.protocol.calls import CallOutcome
from app.protocol.link import Link


class Files(Protocol):
    """What serves files to stations."""

    async def upload_address(self, station: StationId, kind: str, command: int) -> tuple[str, FileRecord]:
        """An address to which the station may upload once, and what is kept of it."""


class Settings(Protocol):
    """What keeps settings as stations told them."""

    async def take(self, station: str, told: Iterable[SettingTold], *, written: bool = False) -> None:
        """Keep them; `written`: they tell how a writing went."""

    def most(self, station: str, version: str, operation: Operation) -> int | None:
        """How many items of an operation the station takes in one message; None: it has not told."""


class Keeper(Protocol):
    """The desk, as its parts see it."""

    clock: Clock
    turns: Turns
    guard: Guard
    files: Files | None
    settings: Settings | None
    lives: dict[int, Live]
    links: Callable[[StationId], Link | None]
    ask_store: Callable[..., Awaitable[Any]]
    timeout_s: float

    async def turn(self, live: Live, *, due_ms: int = 0, expires_ms: int | None = None) -> Called:
        """Wait for the station."""

    def done_with(self, live: Live) -> None:
        """The station is free for the next, if this command held it."""

    def settle(self, live: Live, to: CommandState, proof: str = "") -> bool:
        """Move a command and keep it so."""

    def keep(self, live: Live, record: CommandRecord) -> None:
        """Keep a command as it now stands."""

    async def kept(self, live: Live, record: CommandRecord) -> None:
        """Keep a command and wait until it is on disk."""

    def told(self, live: Live, outcome: CallOutcome) -> None:
        """Tell who waits for the answer itself."""

    def spawn(self, live: Live) -> None:
        """Carry a command out."""

    def background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something of the desk's."""
