"""Reports that come in messages of their own, joined by the number of the request (2.x, Q75).

Parts may come in any order, twice, or not at all: a report is complete when one part says that no
more follows and all before it are there.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.operations import Variable
from app.domain.records import NoticeRecord
from app.domain.told import MonitorTold, SettingTold
from app.protocol.fields import rows, table, text, whole
from app.protocol.orders.results import number, value_text, variable_of

SUBJECTS = ("report", "monitoring", "customer", "display", "profile", "der")
"""Subjects of notices that are parts of reports."""

SILENCE_MS = 60_000
"""After this long without a further part a report has ended as it is (Q75)."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A report as far as it has come.

    `missing` are the numbers of parts that are known to be lacking. `result` is a tuple of
    `SettingTold` (report), of `MonitorTold` (monitoring), the text (customer), or the rows as told
    (display, profile, der).
    """

    subject: str
    request: int
    complete: bool
    parts: int
    last_ms: int
    missing: tuple[int, ...]
    result: Any

    def ended(self, now_ms: int) -> bool:
        """Whether nothing more is to be expected."""
        return self.complete or now_ms - self.last_ms >= SILENCE_MS


def request_of(notice: NoticeRecord) -> int | None:
    """The request a notice is a part of the answer to; None if it is no part of a report."""
    return whole(_detail(notice).get("requestId")) if notice.subject in SUBJECTS else None


def joined(notices: Iterable[NoticeRecord], request: int) -> Joined | None:
    """What has come for `request` so far; None: nothing yet. Notices of other requests are passed over."""
    found = [n for n in notices if request_of(n) == request]
    if not found:
        return None
    subject = found[0].subject
    found = sorted((n for n in found if n.subject == subject), key=lambda n: n.received_ms)
    by_place: dict[int, Mapping[str, Any]] = {}
    for arrived, one in enumerate(found):
        detail = _detail(one)
        place = whole(detail.get("seqNo"))
        # Profiles and display texts have no number: the order of arrival stands for it.
        by_place[arrived if place is None else place] = detail
    parts = [by_place[place] for place in sorted(by_place)]
    ends = [place for place, part in by_place.items() if part.get("tbc") is not True]
    last = max(by_place) if not ends else max(ends)
    missing = tuple(place for place in range(last) if place not in by_place)
    return Joined(
        subject,
        request,
        bool(ends) and not missing,
        len(parts),
        found[-1].received_ms,
        missing,
        _RESULTS[subject](parts),
    )


def _detail(notice: NoticeRecord) -> Mapping[str, Any]:
    try:
        return table(json.loads(notice.detail))
    except ValueError:
        return {}


Parts = Sequence[Mapping[str, Any]]


def _settings(parts: Parts) -> tuple[SettingTold, ...]:
    return tuple(told for part in parts for row in rows(part.get("reportData")) for told in settings_of(row))


def settings_of(row: Mapping[str, Any]) -> list[SettingTold]:
    """The attributes of one variable of a report, each a setting of its own."""
    base = variable_of(row)
    told = table(row.get("variableCharacteristics"))
    about = {
        key: told[key]
        for key in ("unit", "dataType", "minLimit", "maxLimit", "valuesList", "supportsMonitoring")
        if key in told
    }
    found = []
    for attribute in rows(row.get("variableAttribute")):
        mutability = text(attribute.get("mutability")) or "ReadWrite"
        detail = about | ({"mutability": mutability} if mutability != "ReadWrite" else {})
        for flag in ("constant", "persistent"):
            if attribute.get(flag) is True:
                detail[flag] = True
        kind = text(attribute.get("type")) or "Actual"
        found.append(
            SettingTold(
                Variable(
                    base.name, base.component, base.evse, base.connector, base.component_instance,
                    base.instance, kind,
                ),
                value_text(attribute.get("value")),
                mutability == "ReadOnly" or attribute.get("constant") is True,
                detail=detail,
            )
        )  # fmt: skip
    return found


def _monitors(parts: Parts) -> tuple[MonitorTold, ...]:
    return tuple(
        MonitorTold(
            variable_of(row),
            whole(one.get("id")),
            text(one.get("type")),
            number(one.get("value")),
            whole(one.get("severity")),
        )
        for part in parts
        for row in rows(part.get("monitor"))
        for one in rows(row.get("variableMonitoring"))
    )


def _customer(parts: Parts) -> str:
    return "".join(text(part.get("data")) for part in parts)


def _rows(key: str) -> Callable[[Parts], list[Mapping[str, Any]]]:
    def read(parts: Parts) -> list[Mapping[str, Any]]:
        return [row for part in parts for row in rows(part.get(key))]

    return read


def _profiles(parts: Parts) -> list[Mapping[str, Any]]:
    return [
        {**row, "evseId": part.get("evseId"), "chargingLimitSource": part.get("chargingLimitSource")}
        for part in parts
        for row in rows(part.get("chargingProfile"))
    ]


def _der(parts: Parts) -> list[Mapping[str, Any]]:
    lists = ("curve", "enterService", "fixedPFAbsorb", "fixedPFInject", "fixedVar", "freqDroop", "gradient",
             "limitMaxDischarge")  # fmt: skip
    return [{"kind": key, **row} for part in parts for key in lists for row in rows(part.get(key))]


_RESULTS: Mapping[str, Callable[[Parts], Any]] = {
    "report": _settings,
    "monitoring": _monitors,
    "customer": _customer,
    "display": _rows("messageInfo"),
    "profile": _profiles,
    "der": _der,
}
