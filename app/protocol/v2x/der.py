"""Distributed energy resources (OCPP 2.1 part 2, block R): what the grid code makes an inverter do."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, notice, stamped


def der_report(payload: Payload, ctx: Context) -> Reception:
    """One part of the DER controls in a station; `requestId` and `tbc` join the parts."""
    return notice(ctx, "der", "ReportDERControl", payload)


def der_start_stop(payload: Payload, ctx: Context) -> Reception:
    """A DER control began or ended."""
    stamp = stamped(ctx, payload.get("timestamp"))
    name = "started" if payload.get("started") is True else "stopped"
    return notice(ctx, "der", name, payload, stamp=stamp)


def der_alarm(payload: Payload, ctx: Context) -> Reception:
    """The grid left its bounds, or came back."""
    stamp = stamped(ctx, payload.get("timestamp"))
    name = text(payload.get("gridEventFault")) or text(payload.get("controlType"))
    ended = payload.get("alarmEnded") is True
    return notice(ctx, "der", name, payload, stamp=stamp, critical=not ended)


NEW_IN_21: Mapping[str, Route] = {
    "ReportDERControl": der_report,
    "NotifyDERStartStop": der_start_stop,
    "NotifyDERAlarm": der_alarm,
}
