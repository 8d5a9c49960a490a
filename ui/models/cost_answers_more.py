"""How complete the data is, and what a maker owes, as tables."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from app.analytics.costs.asked import WARRANTY_COLUMNS, Coverage, Covered, Owed, WarrantyPack, warranty_rows
from app.reports.cells import iso
from ui.models.cells import Cell, Tone
from ui.models.cost_answers import Answer, AnswerRow, Head
from ui.theme.formats import UNKNOWN, WIDEST_DAY, count, day, duration, number

HOUR_MS = 3_600_000
WHOLE = 0.9995
"""From here on a week reads 100 %."""
COVERED = {True: "in warranty", False: "out of warranty", None: "not written down"}


def coverage(found: Coverage, zone: ZoneInfo, site: str = "") -> Answer:
    """The share of each week in which a station's state is known, the least known and the newest first."""
    mine = [one for one in found.stations if not site or one.site == site]
    known = [share for one in mine for share in one.weeks if share is not None]
    if known:
        whole = sum(known) / len(known)
        holes = sum(1 for one in mine if any(share is not None and share < WHOLE for share in one.weeks))
        told = (
            f"{number(int(whole * 1000) / 10, 1)}% of the time is known over {len(found.starts_ms)} weeks; "
            f"{holes} of {count(len(mine), 'station')} have a gap."
        )
    else:
        told = "No whole day has been kept yet, so nothing can be said."
    order = sorted(mine, key=lambda one: (_mean(one), one.station))
    rows = [
        AnswerRow(
            one.station,
            (
                Cell(one.station, tone=Tone.LINK),
                Cell(one.site or UNKNOWN, tone=Tone.QUIET),
                *(_share(share) for share in reversed(one.weeks)),
            ),
            "stations/station",
            one.station,
        )
        for one in order
    ]
    heads = (
        Head("Station", "UTM-01-00"),
        Head("Site", "Antwerpen Linke", stretch=True),
        *(Head(day(at_ms, zone), WIDEST_DAY, right=True) for at_ms in reversed(found.starts_ms)),
    )
    return Answer(told, heads, tuple(rows))


def _mean(one: Covered) -> float:
    known = [share for share in one.weeks if share is not None]
    return sum(known) / len(known) if known else 2.0


def _share(share: float | None) -> Cell:
    if share is None:
        return Cell(UNKNOWN, tone=Tone.FAINT, spoken="not in service yet")
    if share >= WHOLE:
        return Cell("100%", tone=Tone.FAINT)
    return Cell(f"{number(int(share * 1000) / 10, 1)}%", strong=share < 0.95)


def warranty(pack: WarrantyPack, zone: ZoneInfo) -> Answer:
    """The faults a maker stands for, by station and time."""
    hours = sum(owed.down_h for owed in pack.faults)
    told = f"{pack.vendor}: {count(len(pack.faults), 'fault')}, {number(hours, 1)} h in all"
    if pack.unknown:
        told += f"; of {count(len(pack.unknown), 'station')} nobody wrote down the warranty"
    heads = (
        Head("Station", "UTM-01-00"),
        Head("Fault", "12345", right=True),
        Head("What", "Connector lock failure", stretch=True),
        Head("Model, serial", "Bolt 150, UTM00012"),
        Head("Began", f"{WIDEST_DAY} 2026"),
        Head("Lasted", "47 h 59 min", right=True),
        Head("Warranty", "not written down"),
        Head("Until", "2026-12-31"),
    )
    if not pack.vendor:
        return Answer("No station has told its maker yet.", heads, ())
    return Answer(f"{told}.", heads, tuple(_owed(one, zone) for one in pack.faults))


def _owed(one: Owed, zone: ZoneInfo) -> AnswerRow:
    fault, station = one.fault, one.station
    until = one.purchase.warranty_until if one.purchase is not None else ""
    return AnswerRow(
        str(fault.fault),
        (
            Cell(str(station.station), tone=Tone.LINK),
            Cell(str(fault.fault), tone=Tone.QUIET),
            Cell(fault.title),
            Cell(", ".join(filter(None, (station.model, station.serial))) or UNKNOWN, tone=Tone.QUIET),
            Cell(day(fault.onset_ms, zone, year=True), tone=Tone.QUIET),
            Cell(duration(one.down_h * HOUR_MS)),
            Cell(COVERED[one.covered], strong=one.covered is None),
            Cell(until or UNKNOWN, tone=Tone.NORMAL if until else Tone.FAINT),
        ),
        "faults/queue",
        str(fault.fault),
    )


def pack_table(pack: WarrantyPack) -> list[list[str]]:
    """The pack for a file: every fault with its evidence and dates."""
    began, ended = WARRANTY_COLUMNS.index("began"), WARRANTY_COLUMNS.index("ended")

    def text(place: int, cell: object) -> str:
        if cell is None:
            return ""
        return iso(cell) if place in (began, ended) and isinstance(cell, int) else str(cell)

    return [
        list(WARRANTY_COLUMNS),
        *([text(i, cell) for i, cell in enumerate(row)] for row in warranty_rows(pack)),
    ]


def vendor_choices(vendors: Sequence[str]) -> list[tuple[object, str]]:
    """Makers to choose from."""
    return [(vendor, vendor) for vendor in vendors]
