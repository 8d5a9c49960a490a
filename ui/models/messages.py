"""The message log as lines a person can read: summary, pairing of call and answer, filter, pretty print."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.status import Shown
from app.fleet.views import MessageView
from app.operations.message_filter import FilterError, MessageFilter, parse
from ui.theme import formats

IN, OUT, LINK = "in", "out", "link"
ANSWERS = ("result", "error", "result-error")
"""Kinds of a message that answer a call."""
_SHORT = 160


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One line of the log. `number` rises by one and names the line."""

    number: int
    view: MessageView
    summary: str
    mark: tuple[Shown, str] | None = None
    """What is out of the ordinary about it, as a shape and a word."""

    @property
    def is_error(self) -> bool:
        """Whether this is a CALLERROR or its kind."""
        return self.view.kind in ("error", "result-error")

    @property
    def pair(self) -> tuple[str, str]:
        """What a call and its answer share."""
        return (self.view.station, self.view.message_id)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines are shown. `text` is in the language of app.operations.message_filter. `only` is
    "all", "errors" or "slow" (answered after a second)."""

    text: str = ""
    only: str = "all"


SLOW_MS = 1_000
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")


def title(view: MessageView) -> str:
    """The action as OCPP spells it; what happened on our side in words ("Describe station", "connected")."""
    if view.direction == LINK:
        return _HUMP.sub(" ", view.action).capitalize() or view.note
    return view.action or "unreadable"


def matches(line: MessageLine, wanted: LogFilter) -> bool:
    """Whether a line passes the filter."""
    view = line.view
    if wanted.only == "errors" and not line.is_error:
        return False
    if wanted.only == "slow" and (view.latency_ms or 0) < SLOW_MS:
        return False
    if not wanted.text.strip():
        return True
    read = filter_of(wanted.text)
    if read is not None:
        return read(view)
    whole = f"{view.station} {view.action} {view.kind} {line.summary} {view.frame} {view.note}".casefold()
    return all(word in whole for word in wanted.text.casefold().split())


@lru_cache(maxsize=64)
def filter_of(text: str) -> MessageFilter | None:
    """The filter that a text means; None for one that is not whole yet (its words are looked for)."""
    try:
        return parse(text)
    except FilterError:
        return None


def filter_error(text: str) -> str:
    """What is wrong with a filter, as a sentence; "" if nothing."""
    try:
        parse(text)
    except FilterError as error:
        return str(error)
    return ""


def payload_of(frame: str) -> Any:
    """The payload inside a frame's text; the text itself where it is no OCPP frame."""
    try:
        parsed = json.loads(frame)
    except (ValueError, RecursionError):
        return frame
    match parsed:
        case [2 | 6, str(), str(), payload, *_]:
            return payload
        case [3, str(), payload, *_]:
            return payload
        case [4 | 5, str(), code, text, *details]:
            return {
                "errorCode": code,
                "errorDescription": text,
                "errorDetails": details[0] if details else {},
            }
        case _:
            return parsed


def pretty(frame: str) -> str:
    """A payload over several lines, or a frame with its head on the first; what is no JSON stays as it is."""
    try:
        parsed = json.loads(frame)
        if not isinstance(parsed, list) or len(parsed) < 3 or not isinstance(parsed[-1], dict):
            return json.dumps(parsed, indent=2, ensure_ascii=False)
        head = ", ".join(json.dumps(part, ensure_ascii=False) for part in parsed[:-1])
        return f"[{head}, {json.dumps(parsed[-1], indent=2, ensure_ascii=False)}]"
    except (ValueError, RecursionError):
        return frame


def summary(view: MessageView) -> str:
    """What a message says, in one line."""
    if view.kind == "note" or view.direction == LINK:
        return view.note if view.action else ""
    payload = payload_of(view.frame) if view.frame else {}
    if not isinstance(payload, dict):
        return str(payload)[:_SHORT]
    if "errorCode" in payload and view.kind in ("error", "result-error"):
        return f"{payload['errorCode']} {payload.get('errorDescription', '')}".strip()[:_SHORT]
    found = _SUMMARIES.get(view.action)
    text = found(payload) if found is not None and view.kind in ("call", "send") else ""
    return (text or _fields(payload))[:_SHORT]


REFUSALS = frozenset(
    (
        "Rejected", "Failed", "NotSupported", "NotImplemented", "UnlockFailed", "UnknownVendorId",
        "UnknownMessageId", "VersionMismatch", "Invalid", "Blocked", "Expired", "InvalidMessage",
        "InvalidCertificate", "SignatureError", "DownloadFailed", "InstallationFailed", "UploadFailed",
    )
)  # fmt: skip
"""Words of a status that say no, or that something failed (OCPP 1.6 section 7, 2.0.1 part 2 section 3)."""


def mark(view: MessageView) -> tuple[Shown, str] | None:
    """What stands out: an error, a refusal, a fault that is told, a message read leniently."""
    if view.kind in ("error", "result-error"):
        return Shown.FAULTED, "CALLERROR" if view.kind == "error" else "RESULTERROR"
    if view.kind == "note" or view.direction == LINK:
        return None
    word = _STATUS.search(view.frame)
    status = word.group(1) if word is not None else ""
    if status == "Faulted" and view.action == "StatusNotification":
        return Shown.FAULTED, "Faulted"
    if status in REFUSALS and (view.kind == "result" or view.action.endswith("StatusNotification")):
        return Shown.DEGRADED, status
    if view.note:
        return Shown.DEGRADED, "Schema"
    return None


_STATUS = re.compile(r'"(?:status|connectorStatus)"\s*:\s*"(\w+)"')


def _fields(payload: dict[str, Any]) -> str:
    parts = []
    for key, value in payload.items():
        if isinstance(value, dict):
            inner = value.get("status") or value.get("id") or value.get("value")
            parts.append(f"{key} {inner}" if isinstance(inner, str | int | float) else key)
        elif isinstance(value, list):
            parts.append(f"{len(value)} {key}")
        else:
            parts.append(f"{key} {value}")
        if len(parts) == 4:
            break
    return ", ".join(parts)


def _meter(payload: dict[str, Any]) -> str:
    where = payload.get("connectorId", payload.get("evseId"))
    values = _values(payload.get("meterValue", payload.get("transactionData", [])))
    head = f"{'conn' if 'connectorId' in payload else 'evse'} {where}: " if where is not None else ""
    return head + ", ".join(values)


def _values(batches: Any) -> list[str]:
    out: list[str] = []
    for batch in batches if isinstance(batches, list) else ():
        samples = batch.get("sampledValue", ()) if isinstance(batch, dict) else ()
        for sample in samples if isinstance(samples, list) else ():
            if isinstance(sample, dict) and not sample.get("phase"):
                out.append(_value(sample))
    return out[:6]


def _value(sample: dict[str, Any]) -> str:
    measurand = str(sample.get("measurand", "Energy.Active.Import.Register"))
    measure = _inner(sample, "unitOfMeasure")
    unit = str(sample.get("unit") or measure.get("unit", ""))
    value = str(sample.get("value", ""))
    power = measure.get("multiplier", 0)
    try:
        number = float(value) * 10 ** (power if isinstance(power, int) and abs(power) < 12 else 0)
    except ValueError:
        return f"{value} {unit}".strip()
    if unit in ("W", "Wh") or (not unit and measurand.startswith("Energy")):
        return f"{formats.number(number / 1000, 1)} k{unit or 'Wh'}"
    name = {"Percent": "%", "Celsius": "°C", "Celcius": "°C"}.get(unit, unit)
    if measurand == "SoC":
        name = "%"
    return f"{value}{'' if name == '%' else ' '}{name}".strip()


def _status(payload: dict[str, Any]) -> str:
    evse = payload.get("evseId")
    where = (
        f"evse {evse} conn {payload.get('connectorId')}"
        if evse is not None
        else f"conn {payload.get('connectorId')}"
    )
    error = payload.get("errorCode", "NoError")
    told = payload.get("status", payload.get("connectorStatus", ""))
    parts = [f"{where} {told}"]
    if error != "NoError":
        parts.append(str(error))
    parts += [str(payload[key]) for key in ("vendorErrorCode", "info") if payload.get(key)]
    return ", ".join(parts)


def _start(payload: dict[str, Any]) -> str:
    card = _masked(payload.get("idTag"))
    return f"conn {payload.get('connectorId')}, card {card}, meter {payload.get('meterStart')} Wh"


def _stop(payload: dict[str, Any]) -> str:
    reason = payload.get("reason", "Local")
    return f"transaction {payload.get('transactionId')}, meter {payload.get('meterStop')} Wh, {reason}"


def _event(payload: dict[str, Any]) -> str:
    info = _inner(payload, "transactionInfo")
    parts = [str(payload.get("eventType", ""))]
    if info.get("chargingState"):
        parts.append(str(info["chargingState"]))
    parts += _values(payload.get("meterValue", []))
    parts.append(f"seq {payload.get('seqNo')}")
    return ", ".join(part for part in parts if part)


def _authorize(payload: dict[str, Any]) -> str:
    token = payload.get("idTag") or _inner(payload, "idToken").get("idToken", "")
    return f"card {_masked(token)}"


def _boot(payload: dict[str, Any]) -> str:
    inner = _inner(payload, "chargingStation")
    vendor = payload.get("chargePointVendor") or inner.get("vendorName", "")
    model = payload.get("chargePointModel") or inner.get("model", "")
    firmware = payload.get("firmwareVersion") or inner.get("firmwareVersion", "")
    parts = [
        f"{vendor} {model}".strip(),
        f"firmware {firmware}" if firmware else "",
        str(payload.get("reason", "")),
    ]
    return ", ".join(part for part in parts if part)


def _inner(payload: dict[str, Any], key: str) -> dict[str, Any]:
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def _masked(token: object) -> str:
    return f"···{str(token)[-4:]}" if token else "none"


_SUMMARIES = {
    "MeterValues": _meter,
    "StatusNotification": _status,
    "StartTransaction": _start,
    "StopTransaction": _stop,
    "TransactionEvent": _event,
    "Authorize": _authorize,
    "BootNotification": _boot,
}


def numbered(views: Iterable[MessageView], first: int) -> list[MessageLine]:
    """Lines of the log, numbered from `first`."""
    return [MessageLine(first + i, view, summary(view), mark(view)) for i, view in enumerate(views)]


def partner(lines: Sequence[MessageLine], line: MessageLine) -> MessageLine | None:
    """The answer to a call, or the call of an answer; None where it is not (yet) there."""
    wants_call = line.view.kind in ANSWERS
    nearby = [
        other
        for other in lines
        if other.pair == line.pair
        and other.number != line.number
        and other.view.direction != line.view.direction
        and (other.view.kind == "call") is wants_call
    ]
    return min(nearby, key=lambda other: abs(other.number - line.number), default=None)
