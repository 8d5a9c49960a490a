"""Certificates (OCPP 2.1 part 2, blocks A and M). There is no authority, no contract provider and
no OCSP responder behind this server, and each answer says so."""

from collections.abc import Mapping
from typing import Any

from app.domain.reception import Decided, Reception
from app.protocol.context import Context
from app.protocol.fields import rows, text
from app.protocol.frames import OcppError
from app.protocol.reception import Payload, Route, always, notice
from app.protocol.schemas import REQUEST, check
from app.protocol.stamps import DAY_MS, written

_REJECTED = always(
    {
        "status": "Rejected",
        "statusInfo": {"reasonCode": "NotEnabled", "additionalInfo": "no certificate authority"},
    }
)
_NO_CONTRACT = always(
    {
        "status": "Failed",
        "exiResponse": "",
        "statusInfo": {"reasonCode": "NotEnabled", "additionalInfo": "no contract provider"},
    }
)
_NO_OCSP = always(
    {
        "status": "Failed",
        "statusInfo": {"reasonCode": "NotEnabled", "additionalInfo": "no OCSP responder is asked"},
    }
)


def sign_certificate(payload: Payload, ctx: Context) -> Reception:
    """A certificate is asked for; the request is kept."""
    kind = text(payload.get("certificateType")) or "ChargingStationCertificate"
    detail = {**payload, "certificateType": kind}
    return notice(ctx, "certificate", "SignCertificate", detail, answer=_REJECTED)


def ev_certificate(payload: Payload, ctx: Context) -> Reception:
    """An EV asks for its contract certificate."""
    return notice(ctx, "certificate", "Get15118EVCertificate", payload, answer=_NO_CONTRACT)


def certificate_status(payload: Payload, ctx: Context) -> Reception:
    """The station asks whether a certificate is revoked."""
    return notice(ctx, "certificate", "GetCertificateStatus", payload, answer=_NO_OCSP)


def chain_status(payload: Payload, ctx: Context) -> Reception:
    """The station asks about a chain: one answer for each item, all Failed; ask again tomorrow.

    Raises:
        OcppError: an item breaks the schema, and echoing it would break that of the answer.
    """
    if wrong := check("2.1", "GetCertificateChainStatus", REQUEST, payload):
        raise OcppError("FormatViolation", wrong[0].text)
    asked = rows(payload.get("certificateStatusRequests"))

    def answer(decided: Decided) -> Mapping[str, Any]:
        again = written(decided.now_ms + DAY_MS)
        return {
            "certificateStatus": [
                {
                    "certificateHashData": item["certificateHashData"],
                    "source": item["source"],
                    "status": "Failed",
                    "nextUpdate": again,
                }
                for item in asked
            ]
        }

    return notice(ctx, "certificate", "GetCertificateChainStatus", payload, answer=answer)


ROUTES: Mapping[str, Route] = {
    "SignCertificate": sign_certificate,
    "Get15118EVCertificate": ev_certificate,
    "GetCertificateStatus": certificate_status,
}
NEW_IN_21: Mapping[str, Route] = {"GetCertificateChainStatus": chain_status}
