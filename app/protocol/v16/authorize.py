"""Authorize (OCPP 1.6 section 4.1), and the idTagInfo that three answers share."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Token, TokenShown
from app.domain.reception import Decided, Reception, TokenStatus
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route

MAX_ID_TAG = 20
_UNKNOWN_TOO = {TokenStatus.UNKNOWN: TokenStatus.INVALID}


def authorize(payload: Payload, ctx: Context) -> Reception:
    """Somebody showed a tag. Answered afresh each time, at once."""
    token = Token(text(payload.get("idTag")))
    event = TokenShown(ctx.station, ctx.received_ms, ctx.received_ms, token)
    return Reception((event,), _authorized, durable=False, repeatable=False)


def _authorized(decided: Decided) -> Mapping[str, Any]:
    return {"idTagInfo": id_tag_info(decided)}


def id_tag_info(decided: Decided) -> dict[str, Any]:
    """The verdict in 1.6's words: what 2.x calls Unknown is Invalid here; no verdict is a refusal."""
    verdict = decided.token_status or TokenStatus.INVALID
    info: dict[str, Any] = {"status": _UNKNOWN_TOO.get(verdict, verdict).value}
    # A cut group would match nothing at the charge point, so a longer one is left out (Q47).
    if decided.token_group and len(decided.token_group) <= MAX_ID_TAG:
        info["parentIdTag"] = decided.token_group
    return info


ROUTES: Mapping[str, Route] = {"Authorize": authorize}
