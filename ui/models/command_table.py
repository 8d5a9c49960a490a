"""The command log of all stations as a table: what is listed, in which columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord
from ui.models.cells import DASH, Cell, Column, Tone
from ui.models.command_words import BAD, command_line, operation_of, title_of
from ui.theme import formats

SEGMENTS = (("all", "All"), ("open", "Under way"), ("bad", "To look at"), ("good", "Worked"))
UNDER_WAY = frozenset(CommandState) - ENDED
_LOOK_AT = BAD | {CommandState.UNKNOWN, CommandState.EXPIRED}
_GOOD = frozenset((CommandState.DONE, CommandState.PROVED))


@dataclass(frozen=True, slots=True)
class CommandFilter:
    """Which commands are listed. Every word of `text` must occur; `batch` 0: of any."""

    text: str = ""
    segment: str = "all"
    operation: str = ""
    batch: int = 0


def in_segment(record: CommandRecord, segment: str) -> bool:
    """Whether a command belongs under a segment."""
    match segment:
        case "open":
            return record.outcome in UNDER_WAY
        case "bad":
            return record.outcome in _LOOK_AT
        case "good":
            return record.outcome in _GOOD
    return True


def fits(record: CommandRecord, wanted: CommandFilter) -> bool:
    """Whether a command passes the filter. What was done to a fault stands in its own timeline, so it is
    listed here only where it is asked for."""
    if record.operation == "ActOnFault" and wanted.operation != "ActOnFault":
        return False
    if wanted.batch and record.batch != wanted.batch:
        return False
    if wanted.operation and record.operation != wanted.operation:
        return False
    if not in_segment(record, wanted.segment):
        return False
    if not wanted.text.strip():
        return True
    known = (
        f"{record.station} {meant(record)} {record.action} {record.asked_by} {record.reason} "
        f"{record.outcome} {record.proof} {record.answer}"
    ).casefold()
    return all(word in known for word in wanted.text.casefold().split())


def listed(records: Iterable[CommandRecord], wanted: CommandFilter) -> list[CommandRecord]:
    """The commands that fit, newest first."""
    return sorted((r for r in records if fits(r, wanted)), key=lambda r: -r.command)


def took_text(record: CommandRecord) -> str:
    """How long the answer took: "41 ms", "2.1 s", or nothing."""
    if record.sent_ms is None or record.answered_ms is None:
        return ""
    took = record.answered_ms - record.sent_ms
    return f"{formats.number(took / 1000, 1)} s" if took >= 1000 else f"{formats.number(took)} ms"


def meant(record: CommandRecord) -> str:
    """What was meant; of work on many stations what it is called."""
    if record.operation != "Bulk":
        return title_of(record)
    title = operation_of(record).get("title")
    return f"{title}, many stations" if isinstance(title, str) else "Work on many stations"


def columns(now_ms: Callable[[], int], zone: Callable[[], ZoneInfo]) -> tuple[Column[CommandRecord], ...]:
    """Asked, station, command, state, what is known, who, answer time."""

    def state(record: CommandRecord) -> Cell:
        line = command_line(record, now_ms(), zone())
        shapes = (line.shown,) if line.shown is not None else ()
        return Cell(line.state, icon="" if shapes else line.icon, shapes=shapes, strong=bool(shapes))

    def told(record: CommandRecord) -> Cell:
        return Cell(command_line(record, now_ms(), zone()).sentence, tone=Tone.QUIET)

    def took(record: CommandRecord) -> Cell:
        text = took_text(record)
        return Cell(text, tone=Tone.FAINT) if text else DASH

    def asked(record: CommandRecord) -> Cell:
        return Cell(formats.when(record.asked_ms, now_ms(), zone()), tone=Tone.FAINT)

    return (
        Column("asked", "Asked", asked, f"{formats.WIDEST_DAY} 00:00", fixed=True),
        Column("station", "Station", lambda r: Cell(str(r.station) or "–"), "UTRECHT-001", fixed=True),
        Column(
            "command", "Command", lambda r: Cell(meant(r)), "Take out of service, connector 2", fixed=True
        ),
        Column("state", "State", state, "Not proved", extra_px=24, fixed=True),
        Column("told", "What is known", told, "The station came back", stretch=True, yields=1),
        Column(
            "who",
            "By",
            lambda r: Cell(r.asked_by or "automatic", tone=Tone.QUIET),
            "Sanne van der Berg",
            yields=3,
        ),
        Column("took", "Answer", took, "12,345 ms", right=True, yields=2),
    )
