"""What recovery needs of a control room."""

from collections.abc import Callable
from typing import Any, Protocol

from app.clock import Clock
from app.domain.intents import Asked
from app.domain.records import FaultRecord
from app.operations.configuration.room import Configuration
from app.operations.desk import Desk


class Faults(Protocol):
    """What recovery needs of the faults."""

    def open(self) -> tuple[FaultRecord, ...]:
        """The open ones."""

    def row(self, fault: int) -> FaultRecord | None:
        """One as it is now."""

    def on_lines(self, tell: Callable[[Any], None]) -> None:
        """Be told of new lines."""


class Room(Protocol):
    """What recovery needs of the control room."""

    clock: Clock
    desk: Desk
    faults: Any
    fleet: Any
    entries: Any
    configuration: Configuration
    server: Any

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Ask the store."""
