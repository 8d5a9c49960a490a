"""The handover sheet at the end of a shift: one page on what stands, what is in hand and what was done."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from sqlalchemy import Connection

from app.analytics.fault_history import handover
from app.domain.records import FaultRecord
from app.reports.document import Cell, Column, Document, Draft, Figure, moment, span_text, text

_COLUMNS = (
    Column("Priority"), Column("What", wide=True), Column("Where", wide=True), Column("Since"), Column("Age"),
    Column("With", wide=True), Column("Recovery", wide=True),
)  # fmt: skip
ROOM, LEAST = 10, 1
"""Rows that one page has room for, and how many of them every part gets that needs them."""


def shift_report(
    connection: Connection, from_ms: int, to_ms: int, zone: tzinfo, now_ms: int, *, demo: bool = False
) -> Document:
    """What the next shift has to know of [from, to), as of now."""
    told = handover(connection, from_ms, to_ms)
    draft = Draft()
    unseen = len(told.unseen)
    draft.say(
        "Nothing waits to be seen." if not unseen
        else f"{_counted(unseen, 'fault')} nobody has acknowledged.",
        strong=True,
    )  # fmt: skip
    draft.figures(
        Figure("Opened in the shift", str(told.opened)),
        Figure("Closed in the shift", str(len(told.closed))),
        Figure("In hand", str(len(told.in_hand))),
        Figure("Shelved", str(len(told.shelved))),
        Figure("Out of service", str(len(told.out_of_service))),
        Figure("Escalated", str(len(told.escalated))),
    )
    parts = (
        ("Not acknowledged", told.unseen), ("In hand", told.in_hand), ("Shelved", told.shelved),
        ("Out of service", told.out_of_service), ("Closed", told.closed),
    )  # fmt: skip
    room = _shared([*(len(faults) for _, faults in parts), len(told.notes)])
    for (title, faults), most in zip(parts, room, strict=False):
        if faults:
            draft.heading(title)
            draft.grid(_COLUMNS, list(_rows(faults, zone, now_ms)), most=most)
    if told.notes:
        draft.heading("Notes")
        columns = (Column("When"), Column("Who"), Column("Fault"), Column("Note", wide=True))
        draft.grid(
            columns,
            [[moment(n.at_ms, zone), text(n.actor), text(str(n.fault)), text(n.text)] for n in told.notes],
            most=room[-1],
        )
    if told.acts:
        acted = (f"{who} {_counted(times, 'time')}" for who, times in told.acts)
        draft.say(f"Who acted: {', '.join(acted)}.")
    begun, ended = moment(from_ms, zone)[1], moment(to_ms, zone)[1]
    hidden = _counted(told.suppressed, "fault")
    lines = (f"{hidden} under {'its' if told.suppressed == 1 else 'their'} cause, not listed here.",)
    return Document(
        "handover", "Handover", f"{begun} to {ended}", now_ms, tuple(draft.blocks),
        lines if told.suppressed else (), demo, f"handover-{begun[:10]}",
    )  # fmt: skip


def _rows(faults: Iterable[FaultRecord], zone: tzinfo, now_ms: int) -> Iterable[list[tuple[Cell, str]]]:
    for fault in faults:
        where = fault.station or fault.site or "Forecourt"
        plug = f" EVSE {fault.evse}" if fault.evse else ""
        yield [
            text("safety" if fault.safety else fault.priority), text(fault.title), text(f"{where}{plug}"),
            moment(fault.onset_ms, zone), text(span_text((fault.closed_ms or now_ms) - fault.onset_ms)),
            text(_with(fault, zone)), text(fault.recovery),
        ]  # fmt: skip


def _with(fault: FaultRecord, zone: tzinfo) -> str:
    due = f"due {moment(fault.due_ms, zone)[1]}" if fault.due_ms is not None else ""
    return ", ".join(part for part in (fault.assigned, due) if part)


def _shared(wanted: Sequence[int]) -> list[int]:
    """How many rows each part gets of the page's room: the first ones most, none of them nothing."""
    given = [min(rows, LEAST) for rows in wanted]
    left = ROOM - sum(given)
    for n, rows in enumerate(wanted):
        more = min(rows - given[n], max(0, left))
        given[n] += more
        left -= more
    return given


def _counted(times: int, word: str) -> str:
    return f"{times} {word}" if times == 1 else f"{times} {word}s"
