"""Security events and requests for certificates (OCPP 1.6 security extension)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, always, notice, stamped

CRITICAL = frozenset(
    {
        "securitylogwascleared",
        "memoryexhaustion",
        "tamperdetectionactivated",
        "maintenanceloginfailed",
        "attemptedreplayattacks",
        "invalidfirmwaresignature",
        "invalidfirmwaresigningcertificate",
    }
)
"""Events that a person must see, in lower case.

The specification also marks FirmwareUpdated, SettingSystemTime, StartupOfTheDevice and ResetOrReboot
as critical, meaning that they must be delivered; they tell of everyday life, so they are kept and
shown but call nobody. Attacks that it marks as uncritical are added.
"""


def security_event(payload: Payload, ctx: Context) -> Reception:
    """Something that concerns security happened; unknown types are kept as well."""
    kind = text(payload.get("type"))
    stamp = stamped(ctx, payload.get("timestamp"))
    return notice(ctx, "security", kind, payload, stamp=stamp, critical=kind.lower() in CRITICAL)


_REJECTED = always({"status": "Rejected"})


def sign_certificate(payload: Payload, ctx: Context) -> Reception:
    """A certificate is asked for. There is no authority here that could sign it; the request is kept."""
    return notice(ctx, "certificate", "SignCertificate", payload, answer=_REJECTED)


ROUTES: Mapping[str, Route] = {
    "SecurityEventNotification": security_event,
    "SignCertificate": sign_certificate,
}
