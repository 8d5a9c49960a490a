"""What recovery needs of a control room."""

from collections.abc import Callable
from typing import Any, Protocol

from app.clock import Clock
from app.domain.intents import Asked
from app.faults.watch import Faults
from app.fleet import Fleet
from app.intake.entries import Entries
from app.operations.configuration.room import Configuration
from app.operations.desk import Desk
from app.protocol.server import Server


class Room(Protocol):
    """What recovery needs of the control room."""

    clock: Clock
    desk: Desk
    faults: Faults
    fleet: Fleet
    entries: Entries
    configuration: Configuration
    server: Server

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Ask the store."""
