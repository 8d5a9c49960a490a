"""What was read of a station's settings as records to keep, with what it was before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.ids import StationId
from app.domain.records import VariableRecord
from app.domain.redaction import is_secret
from app.domain.told import UNKNOWN, SettingTold
from app.operations.configuration.naming import Key, key_of, key_of_record


def kept(
    station: str, told: Iterable[SettingTold], before: Iterable[VariableRecord], now_ms: int
) -> list[VariableRecord]:
    """The rows to write for what a station told in answer to a reading, or in a report.

    A value that differs from the one kept is a change: the old one goes to `before`, and `changed_ms`
    is now. A setting the station does not know is kept as that, without a value, and a secret's value
    is never kept (T17).

    Args:
        station: whose.
        told: what it told. The same setting twice: the last word counts.
        before: what is kept of the station (others are passed over).
        now_ms: when it was read, ms UTC.
    """
    known = {key_of_record(record): record for record in before if record.station == station}
    found: dict[Key, VariableRecord] = {}
    for one in told:
        if one.variable.name:
            found[key_of(one.variable)] = _row(station, one, known.get(key_of(one.variable)), now_ms)
    return list(found.values())


def _row(station: str, told: SettingTold, old: VariableRecord | None, now_ms: int) -> VariableRecord:
    detail: dict[str, Any] = {**(json.loads(old.detail) if old else {}), **told.detail}
    detail.pop("status", None)
    if told.status:
        detail["status"] = told.status
    value = None if is_secret(told.variable.name) or told.status in UNKNOWN else told.value
    readonly = told.readonly or (old is not None and old.readonly and told.value is not None)
    changed = old is not None and old.value != value
    return VariableRecord(
        StationId(station),
        told.variable.component if old is None else old.component,
        told.variable.component_instance if old is None else old.component_instance,
        told.variable.evse or 0,
        told.variable.connector or 0,
        told.variable.name if old is None else old.name,
        told.variable.instance if old is None else old.instance,
        told.variable.attribute,
        value,
        readonly,
        now_ms,
        now_ms if changed else old.changed_ms if old else None,
        old.value if changed and old is not None else old.before if old else None,
        _text(detail),
    )


def needs_restart(told: Iterable[SettingTold], before: Iterable[VariableRecord]) -> list[VariableRecord]:
    """The rows to write for answers to a writing: a setting that took effect only after a restart is
    remembered as such, so that the next plan can say so."""
    known = {key_of_record(record): record for record in before}
    rows = []
    for one in told:
        old = known.get(key_of(one.variable))
        if old is not None and one.status == "RebootRequired":
            rows.append(replace(old, detail=_text({**json.loads(old.detail), "restart": True})))
    return rows


def detail_of(record: VariableRecord) -> Mapping[str, Any]:
    """What else is known of a setting: unit, limits, allowed values, whether it needs a restart."""
    found = json.loads(record.detail)
    return found if isinstance(found, dict) else {}


def _text(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
