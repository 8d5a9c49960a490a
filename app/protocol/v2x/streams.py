"""Periodic event streams (OCPP 2.1 part 2, block N): opened, fed by SENDs, closed."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import rows, table
from app.protocol.reception import Payload, Route, always, notice, stamped

_ACCEPTED = always({"status": "Accepted"})


def open_stream(payload: Payload, ctx: Context) -> Reception:
    """A station begins a stream of values of one monitor."""
    detail = table(payload.get("constantStreamData"))
    return notice(ctx, "stream", "opened", detail, answer=_ACCEPTED)


def stream_data(payload: Payload, ctx: Context) -> Reception:
    """Values of a stream, in seconds after `basetime`. A SEND: its answer is never sent."""
    stamp = stamped(ctx, payload.get("basetime"))
    detail = {**payload, "count": len(rows(payload.get("data")))}
    return notice(ctx, "stream", "data", detail, stamp=stamp, is_now=False)


def close_stream(payload: Payload, ctx: Context) -> Reception:
    """A stream ends."""
    return notice(ctx, "stream", "closed", payload)


NEW_IN_21: Mapping[str, Route] = {
    "OpenPeriodicEventStream": open_stream,
    "NotifyPeriodicEventStream": stream_data,
    "ClosePeriodicEventStream": close_stream,
}
