"""The handover sheet at the end of a shift: one page on what stands, what is in hand and what was done."""

from collections.abc import Iterable
from datetime import tzinfo

from sqlalchemy import Connection

from app.analytics.fault_history import handover
from app.domain.records import FaultRecord
from app.reports.document import Cell, Column, Document, Draft, Figure, moment, span_text, text

_COLUMNS = (
    Column("Priority"), Column("What", wide=True), Column("Where", wide=True), Column("Since"), Column("Age"),
    Column("With"), Column("Recovery", wide=True),
)  # fmt: skip


def shift_report(
    connection: Connection, from_ms: int, to_ms: int, zone: tzinfo, now_ms: int, *, demo: bool = False
) -> Document:
    """What the next shift has to know of [from, to), as of now."""
    told = handover(connection, from_ms, to_ms)
    draft = Draft()
    unseen = len(told.unseen)
    draft.say(
        "Nothing waits to be seen." if not unseen
        else f"{unseen} fault{'s' if unseen > 1 else ''} nobody has acknowledged.",
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
    for title, faults in (
        ("Not acknowledged", told.unseen), ("In hand", told.in_hand), ("Shelved", told.shelved),
        ("Out of service", told.out_of_service), ("Due", told.due), ("Closed", told.closed),
    ):  # fmt: skip
        if faults:
            draft.heading(title)
            draft.grid(_COLUMNS, list(_rows(faults, zone, now_ms)))
    if told.notes:
        draft.heading("Notes")
        columns = (Column("When"), Column("Who"), Column("Fault"), Column("Note", wide=True))
        draft.grid(
            columns,
            [[moment(n.at_ms, zone), text(n.actor), text(str(n.fault)), text(n.text)] for n in told.notes],
        )
    if told.acts:
        draft.say("Who acted: " + ", ".join(f"{who} {times} times" for who, times in told.acts) + ".")
    begun, ended = moment(from_ms, zone)[1], moment(to_ms, zone)[1]
    lines = (f"{told.suppressed} faults stand suppressed under their causes and are not listed.",)
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
            text(fault.assigned), text(fault.recovery),
        ]  # fmt: skip
