"""Time that a rule may excuse, as persons wrote it down: rows of a list, and what a sheet asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.entries import body_of
from app.domain.records import EntryRecord
from ui.models.cells import Cell, Column, Tone
from ui.theme.formats import WIDEST_DAY, clock, day, duration

CODES = {
    "GRID": "No grid",
    "VEHICLE": "Fault of the vehicle",
    "SCHED_MAINT": "Planned maintenance",
    "VANDALISM": "Vandalism",
    "DISASTER": "Natural disaster",
    "CLOSED_HOURS": "Site closed",
    "SITE_OWNER": "Caused by the site's owner",
}
"""The codes of app.analytics.uptime_views in words."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One span. `entry` names it; planned work is changed where work is planned, not here."""

    kind: str
    entry: str
    start_ms: int
    end_ms: int
    code: str
    site: str
    stations: tuple[str, ...]
    evses: tuple[int, ...]
    evidence: tuple[str, ...]
    note: str
    by: str
    at_ms: int

    @property
    def proved(self) -> bool:
        """Whether it is subtracted; a span without evidence is only claimed."""
        return bool(self.evidence) or self.kind == "planned-work"

    @property
    def where(self) -> str:
        """ "Venlo Blerick", "VLB-01, VLB-02, EVSE 1", "everywhere"."""
        parts = [*self.stations] or ([self.site] if self.site else ["everywhere"])
        parts += [f"EVSE {evse}" for evse in self.evses]
        return ", ".join(parts)


def exclusions(records: Iterable[EntryRecord], window: tuple[int, int] | None = None) -> list[Exclusion]:
    """What stands, newest first; only what touches the window, if one is given."""
    found = [
        made
        for record in records
        if record.kind in ("exclusion", "planned-work") and not record.gone
        for made in _of(record)
    ]
    if window is not None:
        found = [one for one in found if one.start_ms < window[1] and one.end_ms > window[0]]
    return sorted(found, key=lambda one: (-one.start_ms, one.entry))


def _of(record: EntryRecord) -> list[Exclusion]:
    body = body_of(record)
    if not {"start_ms", "end_ms"} <= body.keys():
        return []
    return [
        Exclusion(
            record.kind, record.entry, int(body["start_ms"]), int(body["end_ms"]),
            str(body.get("code") or "SCHED_MAINT"), str(body.get("site") or ""),
            tuple(map(str, body.get("stations") or ())), tuple(map(int, body.get("evses") or ())),
            tuple(map(str, body.get("evidence") or ())), str(body.get("note") or body.get("title") or ""),
            record.by, record.at_ms,
        )
    ]  # fmt: skip


def body(values: Mapping[str, str], code: str, zone: ZoneInfo) -> dict[str, Any]:
    """The entry's body from what was typed; the checks below passed."""
    stations = [part for part in values["stations"].replace(";", ",").split(",") if part.strip()]
    evses = [int(part) for part in values["evses"].replace(";", ",").split(",") if part.strip()]
    evidence = [line.strip() for line in values["evidence"].split(";") if line.strip()]
    return {
        "site": values["site"].strip(), "stations": [s.strip() for s in stations], "evses": evses,
        "start_ms": moment(values["start"], zone), "end_ms": moment(values["end"], zone), "code": code,
        "evidence": evidence, "note": values["note"].strip(),
    }  # fmt: skip


def moment(text: str, zone: ZoneInfo) -> int | None:
    """ms UTC of "2026-10-15 14:30" in the zone; None if it is no moment."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return round((at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp() * 1000)


def written(at_ms: int, zone: ZoneInfo) -> str:
    """The same the other way round; the doubled hour carries its offset."""
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    early, late = at.replace(fold=0).utcoffset(), at.replace(fold=1).utcoffset()
    return f"{at:%Y-%m-%d %H:%M}" if early == late else at.isoformat(" ", "minutes")


def columns(zone: ZoneInfo) -> tuple[Column[Exclusion], ...]:
    """When, why, where, what proves it, who wrote it down."""

    def when(one: Exclusion) -> Cell:
        end = clock(one.end_ms, zone)
        if day(one.start_ms, zone) != day(one.end_ms, zone):
            end = f"{day(one.end_ms, zone)} {end}"
        text = f"{day(one.start_ms, zone, year=True)} {clock(one.start_ms, zone)} to {end}"
        return Cell(text, below=duration(one.end_ms - one.start_ms))

    def why(one: Exclusion) -> Cell:
        return Cell(CODES.get(one.code, one.code), below=one.note or one.code, strong=True)

    def proof(one: Exclusion) -> Cell:
        if one.kind == "planned-work":
            return Cell("Announced work", tone=Tone.QUIET, below="from Maintenance")
        if not one.proved:
            return Cell("None", below="claimed, not subtracted", strong=True)
        return Cell("; ".join(one.evidence), tone=Tone.QUIET)

    def who(one: Exclusion) -> Cell:
        return Cell(one.by, tone=Tone.QUIET, below=day(one.at_ms, zone, year=True))

    return (
        Column("when", "When", when, "30 September 2026 14:30 to 15:30", fixed=True),
        Column("why", "Reason", why, "Caused by the site's owner", fixed=True),
        Column("where", "Where", lambda one: Cell(one.where), "Antwerpen Linkeroever", fixed=True),
        Column("proof", "Evidence", proof, "claimed, not subtracted", stretch=True, yields=1),
        Column("who", "Written by", who, f"{WIDEST_DAY} 2026", yields=2),
    )
