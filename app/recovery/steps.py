"""What a step of a playbook asks of the station: operations, in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.operations import (
    FetchLog,
    ListedToken,
    Operation,
    Reset,
    SendLocalList,
    SetAvailability,
    StopSession,
    Trigger,
    Unlock,
    WriteConfiguration,
)
from app.recovery.playbooks import Deed

SILENT = frozenset({"wait", "send-person", "restart-link"})
"""Steps that send the station no command."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a step is aimed at.

    `transaction` is what the station calls the stuck session, `settings` what its template wants
    written, `clock` how its clock can be mended, `tokens` what its local list should hold.
    """

    evse: int | None = None
    transaction: str = ""
    settings: WriteConfiguration | None = None
    clock: Operation | None = None
    list_version: int = 1
    tokens: tuple[ListedToken, ...] = ()


def operations_of(deed: Deed, aim: Aim) -> tuple[Operation, ...]:
    """The operations of a step, in order; none where there is nothing to send, or nothing to aim at."""
    match deed:
        case "trigger-status":
            return (Trigger("StatusNotification", aim.evse),)
        case "trigger-boot":
            return (Trigger("BootNotification"),)
        case "unlock":
            return (Unlock(aim.evse),) if aim.evse else ()
        case "out-and-back":
            return (SetAvailability(False, aim.evse), SetAvailability(True, aim.evse)) if aim.evse else ()
        case "soft-reset":
            return (Reset(),)
        case "hard-reset":
            return (Reset(hard=True),)
        case "free-session":
            return (StopSession(aim.transaction),) if aim.transaction else ()
        case "send-configuration":
            return (aim.settings,) if aim.settings is not None and aim.settings.values else ()
        case "set-clock":
            return (aim.clock,) if aim.clock is not None else ()
        case "send-list":
            return (SendLocalList(aim.list_version, aim.tokens),)
        case "fetch-log":
            return (FetchLog(),)
    return ()


def listed(entries: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[ListedToken, ...]:
    """The local list as it was written down (entries of the kind "local-token")."""
    return tuple(
        ListedToken(name, str(body.get("kind", "ISO14443")), str(body.get("status", "Accepted")))
        for name, body in entries
    )
