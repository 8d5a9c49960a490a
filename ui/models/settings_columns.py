"""The columns of a station's settings. No Qt."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from app.domain.status import Shown
from ui.models.cells import DASH, EMPTY, Cell, Column, Tone
from ui.models.command_settings import Setting
from ui.theme import formats


def columns(now_ms: Callable[[], int], zone: ZoneInfo) -> tuple[Column[Setting], ...]:
    """Name, value, what is to be written, what the template wants, how old it is."""
    return (
        Column("name", "Setting", _name, "StopTransactionOnEVSideDisconnect", fixed=True),
        Column("value", "Value", _value, "Energy.Active.Import.Register", fixed=True, stretch=True),
        Column("draft", "Change", _draft, "60 → 300, read back", fixed=True, extra_px=20),
        Column("wanted", "Template", _wanted, "true", extra_px=20, yields=2),
        Column(
            "read", "Read", lambda row: _read(row, now_ms(), zone), f"{formats.WIDEST_DAY} 00:00",
            right=True, yields=3,
        ),
    )  # fmt: skip


def _name(row: Setting) -> Cell:
    if row.heading:
        return Cell(row.name, row.shown, strong=True)
    return Cell(row.name, mono=True, icon="lock" if row.readonly else "",
                spoken=f"{row.name}{', read only' if row.readonly else ''}")  # fmt: skip


def _value(row: Setting) -> Cell:
    if row.heading:
        return EMPTY
    if row.value is None:
        return Cell("–", row.note or "kept to itself", tone=Tone.FAINT)
    return Cell(
        row.value,
        ", ".join(part for part in (row.unit, row.note) if part),
        mono=True,
        tone=Tone.QUIET if row.readonly else Tone.NORMAL,
    )


def _draft(row: Setting) -> Cell:
    if row.heading:
        return EMPTY
    if row.draft is not None:
        return Cell(row.draft, strong=True, icon="pencil", spoken=f"will be written: {row.draft}")
    if row.result == "equal":
        return Cell("Read back, equal", icon="check", tone=Tone.QUIET)
    if row.result:
        return Cell(row.result, shapes=(Shown.DEGRADED,))
    return EMPTY


def _wanted(row: Setting) -> Cell:
    if row.heading:
        return EMPTY
    if row.wanted is None:
        return DASH
    if row.differs:
        return Cell(row.wanted, shapes=(Shown.DEGRADED,), spoken=f"differs, the template wants {row.wanted}")
    return Cell("•", tone=Tone.QUIET, spoken="as the template wants it")


def _read(row: Setting, now_ms: int, zone: ZoneInfo) -> Cell:
    if row.heading:
        return EMPTY
    return Cell(formats.age(row.read_ms or None, now_ms, zone), tone=Tone.FAINT)
