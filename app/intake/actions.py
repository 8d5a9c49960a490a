"""What an operator's deed does to the books: an intent becomes a journal text and records.

The text is what the journal keeps and what replay reads again, so it holds facts only (a hash,
never a password), and `decide_action` is a pure function of it and the station's record.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.ids import SessionId, StationId
from app.domain.intents import (
    Asked,
    CloseSession,
    Intent,
    SetPassword,
)
from app.domain.records import ConnectorPlan, StationRecord
from app.domain.status import Admission

SWITCHES = ("assume_1.6", "pinned", "strict", "alias")


@dataclass(frozen=True, slots=True)
class Deed:
    """An operator's deed as the journal keeps it."""

    intent: str
    station: str
    by: str
    why: str
    fields: Mapping[str, Any]

    def text(self) -> str:
        """The journal's JSON."""
        return json.dumps(
            {"intent": self.intent, "by": self.by, "why": self.why, **self.fields},
            separators=(",", ":"),
            ensure_ascii=False,
        )


def read_deed(station: str, text: str) -> Deed:
    """Read a journal text back."""
    fields = json.loads(text)
    intent, by, why = fields.pop("intent"), fields.pop("by", ""), fields.pop("why", "")
    return Deed(intent, station, by, why, fields)


def deed_of(asked: Asked, *, station: str = "", password_hash: str = "") -> Deed:
    """The deed an intent stands for.

    Args:
        asked: the intent with who and why.
        station: the station of an intent that names none itself (a session's, a fault's).
        password_hash: what a SetPassword keeps instead of the password; "" removes it.
    """
    intent: Intent = asked.intent
    if isinstance(intent, CloseSession):
        return Deed("CloseSession", station, asked.by, asked.why, {"session": intent.session})
    if isinstance(intent, SetPassword):
        return Deed("SetPassword", intent.station, asked.by, asked.why, {"password_hash": password_hash})
    fields = {k: v for k, v in asdict(intent).items() if k != "station" and v is not None}
    return Deed(type(intent).__name__, str(getattr(intent, "station", station)), asked.by, asked.why, fields)


def decide_action(deed: Deed, current: StationRecord | None, at_ms: int) -> StationRecord:
    """What the station's row becomes. CloseSession changes no station and is not handled here.

    Raises:
        ForecourtError: the station is not known, or the deed does not fit its state.
    """
    if deed.intent == "AddStation":
        if current is not None and current.admission not in (Admission.WAITING, Admission.LAPSED):
            raise ForecourtError(f"{deed.station} is registered already; open it to change it.")
        base = current or StationRecord(station=StationId(deed.station), first_seen_ms=at_ms)
        return _described(replace(base, admission=Admission.ACCEPTED), deed.fields)
    if current is None:
        raise ForecourtError(f"There is no station {deed.station}; check the identity.")
    match deed.intent:
        case "AdmitStation":
            return replace(current, admission=Admission.ACCEPTED)
        case "RefuseStation":
            return replace(current, admission=Admission.REFUSED)
        case "RetireStation":
            return replace(current, admission=Admission.RETIRED)
        case "ReplaceHardware":
            return replace(
                current, serial="", vendor="", model="", firmware="", meter_serial="", iccid="", imsi="",
                booted=False, quirks=(),
            )  # fmt: skip
        case "SetPassword":
            return replace(current, password_hash=str(deed.fields.get("password_hash", "")))
        case "SetStationSwitch":
            return _switched(current, str(deed.fields["switch"]), str(deed.fields["value"]))
        case "DescribeStation":
            return _described(current, deed.fields)
    raise ForecourtError(f"Forecourt does not know the action {deed.intent}.")


def session_of(deed: Deed) -> SessionId:
    """The session a CloseSession names."""
    return SessionId(int(deed.fields["session"]))


def _switched(current: StationRecord, switch: str, value: str) -> StationRecord:
    if switch not in SWITCHES:
        raise ForecourtError(f"There is no switch {switch!r}; choose one of {', '.join(SWITCHES)}.")
    settings = json.loads(current.settings)
    if value:
        settings[switch] = value
    else:
        settings.pop(switch, None)
    return replace(current, settings=json.dumps(settings, sort_keys=True))


def _described(current: StationRecord, fields: Mapping[str, Any]) -> StationRecord:
    latitude = fields.get("latitude", current.latitude)
    longitude = fields.get("longitude", current.longitude)
    if latitude is not None and not -90 <= latitude <= 90:
        raise ForecourtError(f"A latitude lies between −90 and 90; {latitude} does not.")
    if longitude is not None and not -180 <= longitude <= 180:
        raise ForecourtError(f"A longitude lies between −180 and 180; {longitude} does not.")
    plan = current.plan
    if "plan" in fields:
        plan = tuple(ConnectorPlan(**(p if isinstance(p, dict) else asdict(p))) for p in fields["plan"])
    return replace(
        current,
        name=str(fields.get("name", current.name)).strip(),
        site=str(fields.get("site", current.site)).strip(),
        latitude=latitude,
        longitude=longitude,
        plan=plan,
    )
