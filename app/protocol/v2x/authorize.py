"""Authorize (OCPP 2.1 part 2, block C), and the idTokenInfo that two answers share."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Token, TokenShown
from app.domain.reception import Decided, Reception, TokenStatus
from app.protocol.context import Context
from app.protocol.fields import table, text
from app.protocol.reception import Payload, Route

MAX_TOKEN = 36


def authorize(payload: Payload, ctx: Context) -> Reception:
    """Somebody showed a token. Answered afresh each time, at once.

    A contract certificate is not checked here (there is no root to check it against): the answer
    then tells the station so, and the token alone decides.
    """
    token = token_of(payload.get("idToken")) or Token("")
    event = TokenShown(ctx.station, ctx.received_ms, ctx.received_ms, token)
    contract = bool(payload.get("certificate") or payload.get("iso15118CertificateHashData"))

    def answer(decided: Decided) -> Mapping[str, Any]:
        info = id_token_info(decided, token)
        if contract:
            return {"idTokenInfo": info, "certificateStatus": "NoCertificateAvailable"}
        return {"idTokenInfo": info}

    return Reception((event,), answer, durable=False, repeatable=False)


def token_of(value: Any) -> Token | None:
    """The token of an idToken object; None where there is none (not even NoAuthorization)."""
    fields = table(value)
    token, kind = text(fields.get("idToken")), text(fields.get("type"))
    return Token(token, kind) if token or kind else None


def id_token_info(decided: Decided, token: Token) -> dict[str, Any]:
    """The verdict. No verdict is a refusal, but a free charge (NoAuthorization) is never refused."""
    verdict = decided.token_status or TokenStatus.UNKNOWN
    if token.kind == "NoAuthorization":
        verdict = TokenStatus.ACCEPTED
    info: dict[str, Any] = {"status": verdict.value}
    if decided.token_group and len(decided.token_group) <= MAX_TOKEN:
        info["groupIdToken"] = {"idToken": decided.token_group, "type": "Central"}
    return info


ROUTES: Mapping[str, Route] = {"Authorize": authorize}
