"""What batches need of the desk."""

from collections.abc import Coroutine
from typing import Any, Protocol

from app.clock import Clock
from app.domain.operations import Wish
from app.domain.records import CommandRecord
from app.intake.turns import Turns
from app.operations.feed import DeskFeed
from app.operations.live import Live


class BulkDesk(Protocol):
    """The desk, as batches see it."""

    clock: Clock
    turns: Turns
    feed: DeskFeed
    lives: dict[int, Live]

    async def ask(self, wish: Wish) -> int:
        """Keep a wish as a command; its number."""

    async def ended(self, command: int) -> CommandRecord:
        """The command once nothing more can become of it."""

    async def cancel(self, command: int, by: str, why: str = "") -> None:
        """Take a command back that has not been sent."""

    def background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something of the desk's."""
