"""A shift's page and the queue's own figures, as rows of words; and the page as text to pass on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.analytics.alarm_kpis import TARGETS, AlarmKpis
from app.analytics.fault_history import Handover
from app.domain.records import FaultRecord
from app.faults.codes import Codes
from ui.models.fault_words import lasted, owner, recovery_text, state_text, where
from ui.theme.formats import UNKNOWN, clock, count, day, duration, number, percent, when

MOST = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: a heading and its lines (fault number or 0, words, what stands at the end)."""

    title: str
    lines: tuple[tuple[int, str, str], ...]
    none: str = "none"


def handover_parts(told: Handover, now_ms: int, zone: ZoneInfo) -> list[Part]:
    """The parts of a shift's page, in the order in which they are read."""

    def line(record: FaultRecord) -> tuple[int, str, str]:
        words = "  ".join(
            part for part in (record.priority, owner(record), where(record), record.title) if part
        )
        if record.safety:
            words = f"SAFETY  {words}"
        more = [lasted(record, now_ms), record.assigned, recovery_text(record.recovery)]
        return record.fault, words, ", ".join(part for part in more if part)

    def stated(record: FaultRecord) -> tuple[int, str, str]:
        return *line(record)[:2], state_text(record, now_ms, zone)

    def due(record: FaultRecord) -> tuple[int, str, str]:
        return *line(record)[:2], f"by {when(record.due_ms, now_ms, zone)}"

    def part(
        title: str, records: Sequence[FaultRecord], make: Callable[[FaultRecord], tuple[int, str, str]] = line
    ) -> Part:
        more = len(records) - MOST
        rows = [make(record) for record in records[:MOST]]
        if more > 0:
            rows.append((0, f"and {count(more, 'more', 'more')}", ""))
        return Part(f"{title} {number(len(records))}" if records else title, tuple(rows))

    notes = tuple(
        (note.fault, f"{clock(note.at_ms, zone)}  {note.actor}: {note.text}", f"fault {note.fault}")
        for note in told.notes[-MOST:]
    )
    acts = tuple((0, name, count(times, "act")) for name, times in told.acts)
    return [
        part("Not seen by anybody", told.unseen),
        part("In hand", told.in_hand),
        part("Due", told.due, due),
        part("Shelved", told.shelved, stated),
        part("Out of service", told.out_of_service, stated),
        part("Ended in this shift", told.closed),
        Part("Notes of this shift", notes),
        Part("Who acted", acts, "nobody"),
    ]


def summary(told: Handover) -> str:
    """The shift in one sentence."""
    parts = [
        f"{count(told.opened, 'fault')} opened",
        f"{count(len(told.closed), 'fault')} ended",
        f"{number(len(told.unseen))} not seen",
        f"{number(told.suppressed)} suppressed under a cause",
    ]
    if told.escalated:
        parts.append(f"in {count(len(told.escalated), 'fault')} nobody acted in time")
    return ", ".join(parts) + "."


def as_text(told: Handover, now_ms: int, zone: ZoneInfo) -> str:
    """The page as plain text, to be passed on."""
    span = f"{day(told.from_ms, zone, weekday=True)} {clock(told.from_ms, zone)} to {clock(told.to_ms, zone)}"
    lines = [f"Handover, {span} ({zone.key})", summary(told), ""]
    for part in handover_parts(told, now_ms, zone):
        lines.append(part.title)
        lines += [f"  {words}   {more}".rstrip() for _, words, more in part.lines] or [f"  {part.none}"]
        lines.append("")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the queue: its value, what is aimed at, and whether it is worse ("" = good or no aim)."""

    title: str
    value: str
    aim: str = ""
    worse: str = ""
    hint: str = ""


def whole_percents(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Shares of one whole as percents that add up to 100, by largest remainder."""
    exact = {name: share * 100 for name, share in sorted(shares.items())}
    found = {name: int(value) for name, value in exact.items()}
    over = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in over[: round(sum(exact.values())) - sum(found.values())]:
        found[name] += 1
    return found


def alarm_words(kind: str) -> str:
    """ "BLG-04  EVSE 1  Card reader fails" of "ReaderFailure BLG-04 1", as the other rows say it."""
    code, _, place = kind.partition(" ")
    station, _, evse = place.rpartition(" ")
    if station and " " not in station and evse.isdecimal():
        place = f"{station}  EVSE {evse}"
    return f"{place}  {Codes()[code].title}".strip()


def figures(told: AlarmKpis) -> list[Figure]:
    """The queue's figures with their targets (ISA-18.2, EEMUA 191)."""
    chatter = sum(times for _, times in told.chattering)
    mix = ", ".join(f"{name} {whole}%" for name, whole in whole_percents(told.priorities).items())
    return [
        _figure("Alarms per operator-hour", "per_operator_hour", told.per_operator_hour),
        _figure("Alarms in ten minutes, on average", "per_ten_minutes", told.per_ten_minutes),
        _figure("Most in ten minutes", "most_in_ten_minutes", told.most_in_ten_minutes),
        _figure("Ten-minute periods above ten", "periods_above_ten", told.periods_above_ten, share=True),
        _figure("Time in floods", "time_in_flood", told.time_in_flood, share=True),
        _figure(
            "The ten most frequent, of all", "share_of_most_frequent", told.share_of_most_frequent, share=True
        ),
        _figure("Chattering episodes", "chattering", chatter),
        _figure("Fleeting alarms", "fleeting", told.fleeting),
        _figure("Stale, a day", "stale_a_day", told.stale_a_day),
        Figure("P1 acknowledged, median", duration(told.median_acknowledge_ms)),
        Figure("P1 acknowledged, nine of ten within", duration(told.p90_acknowledge_ms)),
        Figure("Priorities", mix or UNKNOWN, "few P1, most P3"),
        Figure("Announced while nobody was there", number(told.unattended_alarms)),
        Figure("Hours somebody was there", duration(told.attended_ms)),
    ]


def _figure(title: str, key: str, value: Fraction | int | None, *, share: bool = False) -> Figure:
    target = TARGETS[key]

    def said(amount: float | None) -> str:
        if amount is None:
            return UNKNOWN
        if share:
            return percent(amount, 1)
        return number(amount, 0 if float(amount) == int(amount) else 1)

    worse = ""
    known = None if value is None else float(value)
    if known is not None and target.limit is not None and known > target.limit:
        worse = "above the limit"
    elif known is not None and target.target is not None and known > target.target:
        worse = "above the target"
    aim = f"target {said(target.target)}" if target.target is not None else ""
    if target.limit is not None:
        aim += f", limit {said(target.limit)}"
    return Figure(title, said(known), aim, worse)
