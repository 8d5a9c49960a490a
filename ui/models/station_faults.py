"""A station's faults as its page tells them: the condition, what is open, what is over, what comes back."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from app.analytics.station_faults import PastFault, Repeat
from app.faults.views import FaultView
from ui.models.cards import Condition
from ui.models.cells import Cell, Column, Tone
from ui.models.fault_words import ended_words, lasted, sentence_of, shown_of, state_text, where
from ui.models.losses import amounts
from ui.models.words import within
from ui.theme.formats import WIDEST_DAY, count, number, when
from ui.theme.money import money
from ui.theme.shapes import WORDS


def fault_condition(open_faults: Sequence[FaultView], now_ms: int, zone: ZoneInfo) -> Condition | None:
    """The dearest open fault as the condition of its station; None where none is open."""
    if not open_faults:
        return None
    view = open_faults[0]
    record = view.record
    shown = shown_of(record)
    place = f", {where(record)}" if where(record) else ""
    title = f"{WORDS[shown]}: {within(record.title)}{place}"
    told = view.money
    since = when(record.onset_ms, now_ms, zone)
    if told is not None and told.losing:
        parts = [f"Losing {money(told.losing, told.currency)} per hour since {since}"]
    else:
        parts = [f"Since {since}"]
    if told is not None and told.lost:
        parts.append(f"{money(told.lost, told.currency)} lost so far")
    if len(open_faults) > 1:
        parts.append(f"and {count(len(open_faults) - 1, 'more fault')}")
    return Condition(shown, title, "  ·  ".join(parts), record.fault)


def open_columns(now_ms: Callable[[], int], zone: Callable[[], ZoneInfo]) -> tuple[Column[FaultView], ...]:
    """What is open: fault, state, money."""

    def fault(view: FaultView) -> Cell:
        record, now = view.record, now_ms()
        parts = [f"since {when(record.onset_ms, now, zone())}", lasted(record, now), *view.signs]
        if record.drivers_hit:
            parts.append(count(record.drivers_hit, "driver"))
        return Cell(
            record.title, where(record), shapes=(shown_of(record),), strong=True,
            below="  ·  ".join(parts), spoken=sentence_of(view, now),
        )  # fmt: skip

    def state(view: FaultView) -> Cell:
        text = state_text(view.record, now_ms(), zone())
        return Cell(text, strong=view.new, tone=Tone.NORMAL if view.new else Tone.QUIET,
                    below=view.record.assigned)  # fmt: skip

    def losing(view: FaultView) -> Cell:
        told = view.money
        if told is None or told.losing is None:
            return Cell("–", tone=Tone.FAINT, spoken="no price known")
        return Cell(money(told.losing, told.currency), strong=True, below=money(told.lost, told.currency))

    return (
        Column("fault", "Fault", fault, stretch=True, fixed=True),
        Column("state", "State", state, "Out of service", fixed=True),
        Column("money", "Per hour", losing, "€1,284.50", right=True, fixed=True, hint="over what it lost"),
    )


def past_columns(now_ms: Callable[[], int], zone: Callable[[], ZoneInfo]) -> tuple[Column[PastFault], ...]:
    """What is over: fault, how long, what ended it, what it cost."""

    def fault(one: PastFault) -> Cell:
        record = one.fault
        # Where it is stands below, as beside the title it gives way on a laptop and two faults look alike.
        parts = [where(record), when(record.onset_ms, now_ms(), zone())]
        return Cell(record.title, shapes=(shown_of(record),), below="  ·  ".join(filter(None, parts)))

    def lost(one: PastFault) -> Cell:
        record = one.fault
        known = record.lost_minor is not None and record.currency
        return Cell(money(record.lost_minor, record.currency) if known else "–", tone=Tone.QUIET)

    return (
        Column("fault", "Fault", fault, "Connector lock failure", stretch=True, fixed=True, extra_px=20),
        Column("lasted", "Lasted", lambda one: Cell(lasted(one.fault, now_ms())), "47 h 59 min", yields=3),
        Column("end", "What ended it", lambda one: Cell(_end(one), tone=Tone.QUIET),
               "Out of service by Sanne", stretch=True, fixed=True),
        Column("lost", "Lost", lost, "€1,284.50", right=True, yields=2),
    )  # fmt: skip


def repeat_columns(now_ms: Callable[[], int], zone: Callable[[], ZoneInfo]) -> tuple[Column[Repeat], ...]:
    """What comes back: fault, how often, when last, what it cost in all."""

    def fault(one: Repeat) -> Cell:
        return Cell(one.title, below=f"EVSE {one.evse}" if one.evse else "")

    return (
        Column("fault", "Fault", fault, "Connector lock failure", stretch=True, fixed=True),
        Column("times", "Times", lambda one: Cell(number(one.times), strong=one.times > 2), "1,000",
               right=True, fixed=True),
        Column("last", "Last", lambda one: Cell(when(one.last_ms, now_ms(), zone()), tone=Tone.QUIET),
               f"{WIDEST_DAY} 14:30", yields=1),
        Column("lost", "Lost in all", lambda one: Cell(amounts(one.lost) or "–", tone=Tone.QUIET),
               "€1,284.50", right=True, yields=2),
    )  # fmt: skip


def _end(one: PastFault) -> str:
    words = ended_words(one.ended_by)
    return words[:1].upper() + words[1:]
