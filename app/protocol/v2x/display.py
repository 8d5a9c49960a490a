"""NotifyDisplayMessages (OCPP 2.1 part 2, block O)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.reception import Payload, Route, notice


def display_messages(payload: Payload, ctx: Context) -> Reception:
    """One part of the messages that a station shows; `requestId` and `tbc` join the parts."""
    return notice(ctx, "display", "NotifyDisplayMessages", payload)


ROUTES: Mapping[str, Route] = {"NotifyDisplayMessages": display_messages}
