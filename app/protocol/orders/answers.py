"""Answers of stations as verdicts in plain words."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import operations as op
from app.domain.operations import Operation
from app.domain.told import MonitorTold, SettingTold
from app.protocol.commands import status_word
from app.protocol.orders.refusals import (
    AGREED,
    ANY_ACTION,
    BY_ACTION,
    ERRORS,
    NOTHING,
    REASONS,
    SAME_AS,
    Words,
)
from app.protocol.orders.results import result_of
from app.protocol.orders.verdict import Verdict

Answer = Mapping[str, Any]

REPORTS = frozenset(
    {
        "GetBaseReport", "GetReport", "GetMonitoringReport", "GetDisplayMessages", "GetChargingProfiles",
        "CustomerInformation", "GetDERControl",
    }
)  # fmt: skip
"""What is answered in messages of its own afterwards (2.x)."""


def read_answer(version: str, operation: Operation, action: str, payload: Answer) -> Verdict:
    """What a station's answer to one message of an operation means. Never raises: an answer without
    the fields it should have is read as far as it goes.

    Args:
        version: the station's.
        operation: what was meant; `Message` for one written by hand.
        action: the message that is answered.
        payload: the CALLRESULT.
    """
    verb = SAME_AS.get(action, action)
    result = result_of(version, action, payload)
    status = payload.get("status")
    if isinstance(status, str):
        return _by_status(action, verb, payload, status, result)
    if isinstance(result, tuple) and result and isinstance(result[0], SettingTold):
        return _by_setting(action, verb, result)
    if isinstance(result, tuple) and result and isinstance(result[0], MonitorTold):
        return _by_item(verb, [(m.status, "", str(m.monitor or m.variable.name)) for m in result], result)
    if action == "ClearTariffs":
        items = [_item(item) for item in _list(payload, "clearTariffsResult")]
        return _by_item(verb, items, dict(payload))
    if action == "GetDiagnostics" and not payload.get("fileName"):
        return Verdict(None, "", "The station has no diagnostics to send.")
    return Verdict(True, status_word(payload), _plainly(action, result), result=result)


def _by_status(action: str, verb: str, payload: Answer, status: str, result: Any) -> Verdict:
    word = status_word(payload)
    why = _reason(payload.get("statusInfo"))
    if status in AGREED:
        return Verdict(
            True,
            word,
            _join(AGREED[status], why),
            result=result,
            restart=status == "RebootRequired",
            scheduled=status == "Scheduled",
            more=action in REPORTS,
        )
    words = BY_ACTION.get((verb, status))
    if words is None and status in NOTHING:
        return Verdict(None, word, _join(NOTHING[status], why), result=result)
    words = words or ANY_ACTION.get(status) or Words(f"The station answered {status}.")
    return Verdict(False, word, _join(words.sentence, why), words.remedy, result)


def _by_setting(action: str, verb: str, told: Sequence[SettingTold]) -> Verdict:
    """One word for many settings: refused where one is, and it is named."""
    if action == "GetConfiguration":
        unknown = [t.variable.name for t in told if not t.known]
        known = len(told) - len(unknown)
        if not unknown:
            return Verdict(True, "", f"{_count(known, 'setting')} read.", result=tuple(told))
        text = f"{_count(known, 'setting')} read; the station does not know {_names(unknown)}."
        return Verdict(True if known else None, "", text, result=tuple(told))
    if action == "GetVariables":
        odd = [t for t in told if t.status]
        text = f"{_count(len(told) - len(odd), 'setting')} read."
        if not odd:
            return Verdict(True, "Accepted", text, result=tuple(told))
        words = BY_ACTION.get((verb, odd[0].status)) or Words(f"The station answered {odd[0].status}.")
        names = _names([_name(t) for t in odd])
        whole = len(odd) == len(told)
        text = f"{names}: {words.sentence}" if whole else f"{text[:-1]}; not {names}: {words.sentence}"
        return Verdict(
            None if whole else True, odd[0].status, _join(text, odd[0].reason), words.remedy, tuple(told)
        )
    refused = [t for t in told if t.status not in ("", "Accepted", "RebootRequired")]
    if refused:
        first = refused[0]
        words = BY_ACTION.get((verb, first.status)) or Words(f"The station answered {first.status}.")
        names = _names([_name(t) for t in refused])
        word = f"{first.status} ({first.reason})" if first.reason else first.status
        return Verdict(
            False, word, _join(f"{names}: {words.sentence}", first.reason), words.remedy, tuple(told)
        )
    restart = any(t.status == "RebootRequired" for t in told)
    word = "RebootRequired" if restart else "Accepted"
    return Verdict(True, word, AGREED[word], result=tuple(told), restart=restart)


def _by_item(verb: str, items: Sequence[tuple[str, str, str]], result: Any) -> Verdict:
    """One word for many items of (status, reason, name)."""
    for status, why, name in items:
        if status in ("", *AGREED):
            continue
        words = BY_ACTION.get((verb, status)) or ANY_ACTION.get(status)
        if status in NOTHING:
            sentence = words.sentence if words else NOTHING[status]
            return Verdict(
                None, status, _join(f"{name}: {sentence}" if name else sentence, why), result=result
            )
        words = words or Words(f"The station answered {status}.")
        sentence = f"{name}: {words.sentence}" if name else words.sentence
        return Verdict(False, status, _join(sentence, why), words.remedy, result)
    return Verdict(True, "Accepted", AGREED["Accepted"], result=result)


def _item(item: Any) -> tuple[str, str, str]:
    if not isinstance(item, dict):
        return "", "", ""
    return str(item.get("status", "")), _reason(item.get("statusInfo")), str(item.get("tariffId", ""))


def read_error(version: str, operation: Operation, action: str, code: str, text: str = "") -> Verdict:
    """What a CALLERROR means: always a refusal. The station's own text follows where it gives one."""
    found = ERRORS.get(code)
    if found is None:
        said = f"The station answered {action} with the error {code or 'without a code'}."
        remedy = "Its vendor should know what this error means."
    else:
        said, remedy = found.sentence.format(action=action), found.remedy
    if isinstance(operation, op.UpdateFirmware | op.FetchLog) and code in ("NotImplemented", "NotSupported"):
        remedy = "Use the vendor's own tool for this station, or another message from the console."
    own = " ".join(text.split())
    return Verdict(False, code, f"{said[:-1]}: {own}." if own else said, remedy)


def _plainly(action: str, result: Any) -> str:
    if action in ("GetLocalListVersion",) and isinstance(result, int):
        if result < 0:
            return "The station keeps no local list."
        return (
            f"The station holds version {result} of the local list." if result else "The local list is empty."
        )
    if action == "GetTransactionStatus" and isinstance(result, dict):
        ongoing = result.get("ongoingIndicator")
        runs = "The session is running" if ongoing else "The session has ended"
        if ongoing is None:
            runs = "The station answered"
        waits = "messages wait to be sent" if result.get("messagesInQueue") else "no message waits to be sent"
        return f"{runs}; {waits}."
    if action == "GetConfiguration":
        return "The station told no settings."
    if action == "UpdateFirmware":
        return "The station took the order; what comes of it, it tells by itself."
    return "The station answered."


def _reason(info: Any) -> str:
    """A 2.x `statusInfo` in words."""
    if not isinstance(info, dict):
        return ""
    code, more = str(info.get("reasonCode", "")), str(info.get("additionalInfo", "") or "")
    said = REASONS.get(code, code)
    return f"{said} ({more.strip()})" if more.strip() else said


def _join(sentence: str, why: str) -> str:
    """A sentence with the station's own reason behind it."""
    return f"{sentence[:-1]}: {REASONS.get(why, why)}." if why and why != "NoError" else sentence


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _name(told: SettingTold) -> str:
    variable = told.variable
    return f"{variable.component}.{variable.name}" if variable.component else variable.name


def _list(payload: Answer, key: str) -> list[Any]:
    found = payload.get(key)
    return found if isinstance(found, list) else []
