"""Limits, needs and profiles (OCPP 2.1 part 2, block K). No schedule is computed here yet.

So the answers say so: what an EV needs is kept, but no profile is promised.
"""

from collections.abc import Mapping

from app.domain.reception import Answer, Reception
from app.protocol.context import Context
from app.protocol.fields import table, text
from app.protocol.reception import Payload, Route, always, notice, stamped
from app.protocol.v2x.availability import place

_ACCEPTED = always({"status": "Accepted"})
_REJECTED = always({"status": "Rejected"})
_NO_PROFILE = always({"status": "NoChargingProfile"})


def charging_limit(payload: Payload, ctx: Context) -> Reception:
    """Somebody else, such as a site's energy manager, limits the station or an EVSE."""
    source = text(table(payload.get("chargingLimit")).get("chargingLimitSource"))
    return notice(ctx, "limit", source, payload, evse=place(payload.get("evseId")))


def cleared_limit(payload: Payload, ctx: Context) -> Reception:
    """A limit of somebody else is gone."""
    detail = {**payload, "cleared": True}
    source = text(payload.get("chargingLimitSource"))
    return notice(ctx, "limit", source, detail, evse=place(payload.get("evseId")))


def _needs(payload: Payload, ctx: Context, answer: Answer) -> Reception:
    wanted = text(table(payload.get("chargingNeeds")).get("requestedEnergyTransfer"))
    evse = place(payload.get("evseId"))
    return notice(ctx, "ev-needs", wanted, payload, evse=evse, answer=answer)


def charging_needs(payload: Payload, ctx: Context) -> Reception:
    """What an EV wants. Rejected in 2.0.1: the service of making a schedule is not available."""
    return _needs(payload, ctx, _REJECTED)


def charging_needs_21(payload: Payload, ctx: Context) -> Reception:
    """What an EV wants. 2.1 has a word for having no profile: the EV charges as it may."""
    return _needs(payload, ctx, _NO_PROFILE)


def charging_schedule(payload: Payload, ctx: Context) -> Reception:
    """What an EV plans. It exceeds no limit of ours while we set none, so it is accepted."""
    stamp = stamped(ctx, payload.get("timeBase"))
    evse = place(payload.get("evseId"))
    # The time base lies ahead or behind by nature, so it does not date the message.
    detail = {**payload, "timeBaseMs": stamp.said_ms}
    return notice(ctx, "ev-schedule", "NotifyEVChargingSchedule", detail, evse=evse, answer=_ACCEPTED)


def charging_profiles(payload: Payload, ctx: Context) -> Reception:
    """Profiles installed at an EVSE; `requestId` and `tbc` join the parts."""
    source = text(payload.get("chargingLimitSource"))
    return notice(ctx, "profile", source, payload, evse=place(payload.get("evseId")))


def priority_charging(payload: Payload, ctx: Context) -> Reception:
    """A driver switched priority charging on or off."""
    name = "activated" if payload.get("activated") is True else "deactivated"
    return notice(ctx, "priority", name, payload)


def pull_schedule(payload: Payload, ctx: Context) -> Reception:
    """The station asks for new values of a dynamic profile; none is of ours, so none is known."""
    return notice(ctx, "profile", "PullDynamicScheduleUpdate", payload, answer=_REJECTED)


ROUTES: Mapping[str, Route] = {
    "NotifyChargingLimit": charging_limit,
    "ClearedChargingLimit": cleared_limit,
    "NotifyEVChargingNeeds": charging_needs,
    "NotifyEVChargingSchedule": charging_schedule,
    "ReportChargingProfiles": charging_profiles,
}
NEW_IN_21: Mapping[str, Route] = {
    "NotifyEVChargingNeeds": charging_needs_21,
    "NotifyPriorityCharging": priority_charging,
    "PullDynamicScheduleUpdate": pull_schedule,
}
