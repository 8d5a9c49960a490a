"""What a command would do to drivers and what speaks against it, with the facts, before it is sent.

From the live picture alone; nothing is asked of the station.
"""

from collections.abc import Callable, Iterable

from app.domain.errors import ForecourtError
from app.domain.operations import (
    Consequence,
    Message,
    Operation,
    Reset,
    SetAvailability,
    StartSession,
    StopSession,
    Unlock,
    UpdateFirmware,
    Wish,
)
from app.fleet.views import ConnectorView, StationView

CANNOT = "cannot"
CHARGING = "charging"
WAITS = "waits"
SAFETY = "safety"

_REMOTE = (Reset, Unlock, StartSession)
"""Acts for which a station with an open safety fault asks a typed reason (alarm rules, safety)."""


class NotAgreed(ForecourtError):
    """Something speaks against the command and was not agreed to; `consequences` hold the facts."""

    def __init__(self, consequences: tuple[Consequence, ...]) -> None:
        super().__init__(consequences[0].text)
        self.consequences = consequences


class NeedsWhy(ForecourtError):
    """A typed reason is needed."""


class CannotBeDone(ForecourtError):
    """The station cannot do it; the sentence says why."""


def consequences(
    operation: Operation,
    view: StationView | None,
    now_ms: int,
    *,
    cannot: str = "",
    safety: str = "",
    worth: Callable[[ConnectorView], str] = lambda plug: "",
) -> tuple[Consequence, ...]:
    """What applies, the worst first.

    Args:
        operation: what is meant; a message by hand counts as what it stands for.
        view: the station as it is now.
        now_ms: the time.
        cannot: why the station cannot do it at all, "" if it can.
        safety: the open safety fault of the station in words, "" for none.
        worth: what the session at a plug comes to so far, in words; "" where that is not known.
    """
    found: list[Consequence] = []
    if cannot:
        found.append(Consequence(CANNOT, cannot, blocks=True))
    meant = meaning(operation)
    if safety and isinstance(meant, _REMOTE):
        text = f"{safety} Be sure that nobody is in danger, and write down why."
        found.append(Consequence(SAFETY, text, asks_why=True))
    if view is not None:
        found += _charging(meant, view, lambda plug: _facts(plug, now_ms, worth(plug)))
    return tuple(found)


def check(wish: Wish, found: Iterable[Consequence]) -> None:
    """Let a wish pass only where all that applies was agreed to.

    Raises:
        CannotBeDone: the station cannot do it.
        NotAgreed: something applies that was not agreed to.
        NeedsWhy: a reason is asked for and none was given.
    """
    applies = tuple(found)
    for one in applies:
        if one.blocks:
            raise CannotBeDone(one.text)
    open_ = tuple(one for one in applies if one.key not in wish.agreed)
    if open_:
        raise NotAgreed(open_)
    hurting = [one.text for one in applies if one.asks_why]
    if hurting and not wish.why.strip():
        raise NeedsWhy(f"Write down why, because this can hurt: {hurting[0]}")


def meaning(operation: Operation) -> Operation:
    """What a message by hand stands for, where it is one that can hurt."""
    if not isinstance(operation, Message):
        return operation
    get = operation.payload.get
    evse = get("evseId", get("connectorId"))
    number = evse if isinstance(evse, int) else None
    match operation.action:
        case "Reset":
            return Reset(get("type") in ("Hard", "Immediate", "ImmediateAndResume"), number)
        case "UnlockConnector":
            return Unlock(number or 0)
        case "RemoteStopTransaction" | "RequestStopTransaction":
            return StopSession(str(get("transactionId", "")))
        case "RemoteStartTransaction" | "RequestStartTransaction":
            return StartSession(number, "")
        case "ChangeAvailability":
            word = get("type", get("operationalStatus"))
            place = get("evse")
            inner = place.get("id") if isinstance(place, dict) else number
            return SetAvailability(word == "Operative", inner if isinstance(inner, int) else None)
        case "UpdateFirmware" | "SignedUpdateFirmware":
            return UpdateFirmware("")
    return operation


Facts = Callable[[ConnectorView], str]


def _charging(operation: Operation, view: StationView, facts: Facts) -> list[Consequence]:
    """Whom it concerns who charges there."""
    match operation:
        case Reset(hard=hard, evse=evse):
            waits = not hard and view.version in ("2.0.1", "2.1")
            then = "It restarts once the session has ended." if waits else "The session is cut."
            return _told(view, evse, facts, WAITS if waits else CHARGING, then, hurts=not waits)
        case Unlock(evse=evse):
            cut = view.version == "1.6"
            then = (
                "Unlocking ends the session."
                if cut
                else "The station refuses while the session is authorized."
            )
            return _told(view, evse, facts, CHARGING, then, hurts=True)
        case StopSession(transaction=_, session=session):
            mine = [c for c in view.connectors if c.session is not None and c.session == session]
            return _of(mine, facts, CHARGING, "The session ends.", hurts=False)
        case SetAvailability(operative=False, evse=evse):
            then = "It goes out of service once the session has ended."
            return _told(view, evse, facts, WAITS, then, hurts=False)
        case UpdateFirmware():
            then = "The station restarts to install; a running session may be cut."
            return _told(view, None, facts, CHARGING, then, hurts=True)
    return []


def _told(
    view: StationView, evse: int | None, facts: Facts, key: str, then: str, *, hurts: bool
) -> list[Consequence]:
    reached = [c for c in view.connectors if c.session is not None and (not evse or c.evse == evse)]
    return _of(reached, facts, key, then, hurts=hurts)


def _of(
    connectors: list[ConnectorView], facts: Facts, key: str, then: str, *, hurts: bool
) -> list[Consequence]:
    if not connectors:
        return []
    said = "; ".join(facts(c) for c in connectors)
    sessions = tuple(c.session for c in connectors if c.session is not None)
    if len(connectors) > 1:
        then = then.replace("The session is", "The sessions are").replace(
            "the session has", "the sessions have"
        )
    return [Consequence(key, f"{said}. {then}", asks_why=hurts, sessions=sessions)]


def _facts(connector: ConnectorView, now_ms: int, worth: str) -> str:
    who = masked(connector.session_token)
    energy = connector.session_energy_wh
    charged = "energy not known" if energy is None else f"{energy / 1000:.1f} kWh"
    minutes = ""
    if connector.session_started_ms is not None:
        minutes = f" in {max(0, (now_ms - connector.session_started_ms) // 60_000)} min"
    return f"{who} charges at connector {connector.evse}: {charged}{minutes}{f', {worth}' if worth else ''}"


def masked(token: str) -> str:
    """A driver's identification, so that it can be told apart but not be used."""
    if not token:
        return "An unknown driver"
    return f"…{token[-4:]}" if len(token) > 6 else f"{token[:1]}…"
