"""Monitors and customer information (OCPP 2.1 part 2, block N)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.reception import Payload, Route, notice, stamped


def monitoring_report(payload: Payload, ctx: Context) -> Reception:
    """One part of a list of monitors; `requestId`, `seqNo` and `tbc` join the parts."""
    stamp = stamped(ctx, payload.get("generatedAt"))
    return notice(ctx, "monitoring", "NotifyMonitoringReport", payload, stamp=stamp)


def customer_information(payload: Payload, ctx: Context) -> Reception:
    """One part of what a station knows of a customer: personal data."""
    stamp = stamped(ctx, payload.get("generatedAt"))
    return notice(ctx, "customer", "NotifyCustomerInformation", payload, stamp=stamp)


ROUTES: Mapping[str, Route] = {
    "NotifyMonitoringReport": monitoring_report,
    "NotifyCustomerInformation": customer_information,
}
