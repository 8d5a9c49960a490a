"""What one row of the queue says, made when it is painted and kept while neither fault nor minute changes."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.money import places
from app.domain.status import Shown
from app.faults.views import FaultView
from ui.models.cells import Cell, Column
from ui.models.fault_queue import HIGH, MIDDLE, Key, QueueRow
from ui.models.fault_words import (
    NOTHING,
    costs_nothing,
    initials,
    lasted,
    owner,
    place,
    recovery_text,
    sentence_of,
    shown_of,
    state_text,
    when_next,
)
from ui.theme.formats import UNKNOWN, count, number
from ui.theme.money import money, rate

TITLE = {
    "safety": "Safety",
    "high": "More than {high} per hour",
    "middle": "{low} to {high} per hour",
    "low": "Less than {low} per hour",
    "unpriced": "No price entered, in kWh per hour",
    "over": "Over, but nobody saw it",
    "shelved": "Shelved",
    "out": "Out of service",
    "suppressed": "Suppressed by design",
}


@dataclass(frozen=True, slots=True)
class RowText:
    """The words of a row, in the places where they stand."""

    title: str
    station: str = ""
    site: str = ""
    priority: str = ""
    more: str = ""
    chip: str = ""
    """A word in a box: New, or what else its state is."""
    who: str = ""
    """Initials of who has it."""
    rate: str = ""
    lost: str = ""
    shown: Shown | None = None
    note: str = ""
    """What stands after a heading's title."""
    right: str = ""
    button: str = ""
    """A deed offered in the row itself."""


def heading_text(row: QueueRow, now_ms: int, zone: ZoneInfo) -> RowText:
    """The words of a heading."""
    currency = row.losing[0][0] if row.losing else "EUR"
    unit: int = 10 ** places(currency)
    ends = {"high": _whole(HIGH * unit, currency), "low": _whole(MIDDLE * unit, currency)}
    note = count(row.faults, "fault")
    lost = " and ".join(rate(amount, kind) for kind, amount in row.losing if kind)
    if row.band == "safety":
        return RowText(
            TITLE["safety"], note=f"{note}, before all money", right="never recovered automatically"
        )
    if row.band == "shelved" and row.until_ms is not None:
        note += f", back at {when_next(row.until_ms, now_ms, zone)}"
    elif lost:
        note += f", losing {lost}"
    return RowText(TITLE.get(row.band, row.band).format(**ends), note=note)


def _whole(minor: int, currency: str) -> str:
    text = money(minor, currency)
    for decimals in (".00", ",00"):
        text = text.replace(decimals, "")
    return text


def fault_text(row: QueueRow, now_ms: int, zone: ZoneInfo) -> RowText:
    """The words of a fault's row."""
    view = row.view
    assert view is not None
    record, told = view.record, view.money
    more = [lasted(record, now_ms)]
    if record.drivers_hit:
        more.append(count(record.drivers_hit, "driver"))
    if view.children:
        more.append(f"{count(view.children, 'fault')} under it")
    more += view.signs
    if record.recovery:
        more.append(recovery_text(record.recovery))
    if record.state in ("SHLVD", "OOSRV"):
        more.append(f"by {record.by}" if record.by else "")
    state = "Over" if row.gone else state_text(record, now_ms, zone)
    chip = "" if (record.state == "ACKED" and not row.gone) or row.band == "closed" else state
    currency = told.currency if told is not None else ""
    offers = (
        view.out_of_service_first and record.state in ("UNACK", "ACKED") and not row.gone and not row.depth
    )
    losing, lost = (NOTHING, "") if costs_nothing(view) else (_losing(view), _lost(row, currency))
    if not view.open:
        losing, lost = lost, ""
    return RowText(
        record.title,
        owner(record),
        place(record),
        record.priority,
        "  ·  ".join(part for part in more if part),
        chip,
        initials(record.assigned),
        losing,
        lost,
        shown_of(record),
        button="Take out of service…" if offers else "",
    )


def _losing(view: FaultView) -> str:
    """Its share an hour; in kWh where no price is known."""
    told = view.money
    if told is None:
        return UNKNOWN
    kwh = told.workings.get("saves_kwh_per_hour")
    if told.losing is None and isinstance(kwh, int | float):
        return f"{number(kwh, 1)} kWh"
    return money(told.losing, told.currency)


def _lost(row: QueueRow, currency: str) -> str:
    view = row.view
    assert view is not None
    if view.money is not None and view.money.lost is not None:
        return money(view.money.lost, currency)
    if view.record.lost_minor is not None:
        return money(view.record.lost_minor, view.record.currency)
    kwh = view.money.workings.get("lost_kwh") if view.money is not None else None
    return f"{number(kwh, 1)} kWh" if isinstance(kwh, int | float) else UNKNOWN


class RowWords:
    """Makes the words of rows, each once until its fault or the minute changes."""

    def __init__(self, now_ms: Callable[[], int], zone: Callable[[], ZoneInfo]) -> None:
        self._now, self._zone = now_ms, zone
        self._kept: dict[Key, tuple[QueueRow, RowText]] = {}
        self._at: tuple[int, str] = (0, "")
        self.made = 0
        """How often words had to be made; a measure of the work done."""

    def of(self, row: QueueRow) -> RowText:
        """The words of a row."""
        now, zone = self._now(), self._zone()
        at = (now // 60_000, zone.key)
        if at != self._at or len(self._kept) > 2_000:
            self._at = at
            self._kept.clear()
        kept = self._kept.get(row.key)
        if kept is not None and (kept[0] is row or (row.view is None and kept[0] == row)):
            return kept[1]
        self.made += 1
        made = (heading_text if row.view is None else fault_text)(row, now, zone)
        self._kept[row.key] = (row, made)
        return made

    def column(self) -> Column[QueueRow]:
        """The queue's only column: what a screen reader says of a row."""

        def cell(row: QueueRow) -> Cell:
            words = self.of(row)
            if row.view is None:
                return Cell(words.title, words.note, spoken=f"{words.title}, {words.note}")
            spoken = sentence_of(row.view, self._now())
            return Cell(words.title, f"{words.station} {words.more}", spoken=spoken)

        return Column("fault", "Fault", cell, "", fixed=True, stretch=True)
