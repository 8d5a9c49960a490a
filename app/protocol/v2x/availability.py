"""StatusNotification (OCPP 2.1 part 2, G01), and the five words of a 2.x connector."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.domain.events import StatusReported
from app.domain.reception import Reception
from app.domain.status import ConnectorStatus
from app.protocol.context import Context
from app.protocol.fields import text, whole
from app.protocol.reception import Payload, Route, nothing
from app.protocol.stamps import judge

_STATES = {
    "available": ConnectorStatus.AVAILABLE,
    # Without a transaction, that is; the sessions refine it by its chargingState.
    "occupied": ConnectorStatus.PREPARING,
    "reserved": ConnectorStatus.RESERVED,
    "unavailable": ConnectorStatus.UNAVAILABLE,
    "faulted": ConnectorStatus.FAULTED,
}


@lru_cache(maxsize=256)
def state_of(word: str) -> tuple[ConnectorStatus, str]:
    """The state of a 2.x word in any case, and Q26 where the word is not as specified."""
    state = _STATES.get(word.lower(), ConnectorStatus.UNKNOWN)
    return state, "" if word.title() == word and state is not ConnectorStatus.UNKNOWN else "Q26"


def status_notification(payload: Payload, ctx: Context) -> Reception:
    """The state of one connector, in five words; `raw_status` keeps "Occupied"."""
    get = payload.get
    received_ms, clock = ctx.received_ms, ctx.clock
    at_ms, said_ms, _, _, odd_time = judge(get("timestamp"), received_ms, *clock)
    word = get("connectorStatus")
    if type(word) is not str:
        word = text(word)
    state, odd_state = state_of(word)
    event = StatusReported(
        ctx.station,
        at_ms,
        received_ms,
        place(get("evseId")) or 0,
        place(get("connectorId")) or 0,
        state,
        "",
        "",
        "",
        "",
        word,
    )
    quirks = tuple(sorted({odd_time, odd_state} - {""})) if odd_time or odd_state else ()
    return Reception((event,), nothing, True, True, True, quirks, said_ms)


def place(value: Any) -> int | None:
    """An EVSE or connector number; None where none was said."""
    return value if type(value) is int else whole(value)


ROUTES: Mapping[str, Route] = {"StatusNotification": status_notification}
