"""Whether a command is already waiting for the same station. Pure."""

from collections.abc import Iterable

from app.domain.operations import (
    CommandState,
    Message,
    Operation,
    ReadCompositeSchedule,
    ReadConfiguration,
    ReadLocalListVersion,
    ReadMessages,
    ReadMonitors,
    ReadProfiles,
    ReadStreams,
    ReadTransaction,
    Trigger,
)
from app.operations.lifecycle import state_of
from app.operations.live import Live

MAY_REPEAT = (
    ReadConfiguration, ReadLocalListVersion, ReadMonitors, ReadProfiles, ReadCompositeSchedule,
    ReadTransaction, ReadMessages, ReadStreams, Trigger, Message,
)  # fmt: skip
"""Asking again harms nothing, and who writes a message by hand means each of them."""


def repeated(lives: Iterable[Live], station: str, operation: Operation) -> str:
    """Why it is not asked twice, naming the command that waits; "" where none does."""
    if isinstance(operation, MAY_REPEAT):
        return ""
    for live in lives:
        waits = state_of(live.record) is CommandState.QUEUED and not live.record.sent_ms
        if waits and live.record.station == station and live.wish.operation == operation:
            return (
                f"Command {live.record.command} asks {station} for the same and still waits, "
                "so it is not asked twice."
            )
    return ""
