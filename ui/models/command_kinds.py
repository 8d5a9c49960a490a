"""The commands a station's page offers, in the words of who gives them. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.operations import Operation
from app.domain.status import ConnectorStatus, LinkState
from app.fleet.views import StationView
from ui.models.command_fields import Ask, Facts, Values
from ui.theme.formats import count

NO_FIELDS: Callable[[Facts], tuple[Ask, ...]] = lambda _facts: ()  # noqa: E731


@dataclass(frozen=True, slots=True)
class Kind:
    """A command as it is offered.

    `says` is what it does and when it counts as done; `note` the line under its title; `asks` what
    has to be filled in; `make` the operation (ForecourtError: the sentence says what is wrong);
    `operation` the name the desk judges by (`desk.can`); `since_2` True: not before OCPP 2.0.1.
    `undo` gives the operation that takes it back, None where nothing can.
    """

    key: str
    title: str
    icon: str
    group: str
    operation: str
    verb: str
    says: str
    make: Callable[[Values, Facts], Operation]
    asks: Callable[[Facts], tuple[Ask, ...]] = NO_FIELDS
    note: Callable[[StationView], str] = lambda _view: ""
    undo: Callable[[Operation], Operation | None] = lambda _operation: None
    cuts: bool = False
    keys: str = ""
    preview: tuple[tuple[str, str], ...] = ()


GROUPS = (
    ("", ""),
    ("session", "Sessions"),
    ("service", "Service"),
    ("limit", "Limits and reservations"),
    ("driver", "Drivers"),
    ("data", "Data and settings"),
)
"""Group → its heading, in order; the first stands without one."""


def kinds() -> tuple[Kind, ...]:
    """Every command, in the order it is offered."""
    from ui.models.command_kinds_care import CARE
    from ui.models.command_kinds_hand import HAND

    every = (*HAND, *CARE)
    order = [group for group, _ in GROUPS]
    return tuple(sorted(every, key=lambda kind: order.index(kind.group)))


def kind_of(key: str) -> Kind:
    """A command by its key. KeyError: there is none."""
    return {kind.key: kind for kind in kinds()}[key]


def running(view: StationView) -> int:
    """How many sessions run there now."""
    return sum(1 for plug in view.connectors if plug.session is not None)


def note_of(kind: Kind, view: StationView) -> str:
    """The line under a command's title, as it stands now."""
    if view.link in (LinkState.OFFLINE, LinkState.NEVER):
        return "Not connected; it can wait until it calls"
    return kind.note(view)


def waits(view: StationView) -> str:
    """What a restart in good order does with what runs."""
    busy = running(view)
    if not busy:
        return "Free now: restarts at once"
    verb = "Ends" if view.version == "1.6" else "Waits for"
    tail = " first" if view.version == "1.6" else " to end"
    return f"{verb} {count(busy, 'session')}{tail}"


def would_cut(kind: Kind, view: StationView) -> bool:
    """Whether giving it now would cut what runs."""
    if not running(view):
        return False
    return kind.key in ("reset-hard", "stop") or (kind.key == "reset-soft" and view.version == "1.6")


def cuts(view: StationView) -> str:
    """What a restart at once would cut."""
    busy = running(view)
    return f"Cuts {count(busy, 'session')}" if busy else "Cuts nothing now"


def out_of_service(view: StationView) -> bool:
    """Whether all of it is out of service."""
    statuses = {plug.status for plug in view.connectors}
    return view.station_status is ConnectorStatus.UNAVAILABLE or statuses == {ConnectorStatus.UNAVAILABLE}


def connectors_words(view: StationView) -> str:
    """ "Choose 1, 2 or 3"."""
    numbers = sorted({plug.evse for plug in view.connectors if plug.evse})
    if len(numbers) < 2:
        return f"Connector {numbers[0]}" if numbers else ""
    return f"Choose {', '.join(map(str, numbers[:-1]))} or {numbers[-1]}"
