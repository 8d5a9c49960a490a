"""What all adapters share: the shape of a route, the empty answer, notices."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.events import Noticed
from app.domain.reception import Answer, Decided, Reception
from app.protocol.context import Context
from app.protocol.stamps import Stamp, judge, written

Payload = Mapping[str, Any]
Route = Callable[[Payload, Context], Reception]

_NOTHING: Mapping[str, Any] = {}


def nothing(decided: Decided) -> Mapping[str, Any]:
    """`{}`: the answer of all messages that only tell."""
    return _NOTHING


def always(payload: Mapping[str, Any]) -> Answer:
    """An answer that hangs on no decision."""
    return lambda decided: payload


def the_time(decided: Decided) -> Mapping[str, Any]:
    """The answer to Heartbeat, in all versions."""
    return {"currentTime": written(decided.now_ms)}


def stamped(ctx: Context, said: Any) -> Stamp:
    """Judge a time of this message."""
    return judge(said, ctx.received_ms, *ctx.clock)


def now(ctx: Context) -> Stamp:
    """The stamp of a message that carries no time by its definition."""
    return Stamp(ctx.received_ms, None, True, True, "")


def quirks_of(*stamps: Stamp) -> tuple[str, ...]:
    """The oddities of times, each once."""
    return tuple(sorted({stamp.quirk for stamp in stamps if stamp.quirk}))


def notice(
    ctx: Context,
    subject: str,
    name: str,
    detail: Mapping[str, Any],
    *,
    stamp: Stamp | None = None,
    evse: int | None = None,
    connector: int | None = None,
    critical: bool = False,
    answer: Answer = nothing,
    is_now: bool = True,
) -> Reception:
    """A message that has no event of its own: kept under `subject`, answered with `answer`.

    `is_now`: its stamp is when it was written, so the station's skew can be measured by it.
    """
    at = stamp or now(ctx)
    event = Noticed(ctx.station, at.at_ms, ctx.received_ms, subject, name, detail, evse, connector, critical)
    return Reception((event,), answer, quirks=quirks_of(at), said_ms=at.said_ms if is_now else None)
