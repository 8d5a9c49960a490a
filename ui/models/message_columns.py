"""The columns of a message log."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from app.fleet.views import MessageView
from ui.models.cells import DASH, EMPTY, Cell, Column, Tone
from ui.models.messages import ANSWERS, IN, LINK, OUT, SLOW_MS, MessageLine, title
from ui.theme import formats


def columns(zone: Callable[[], ZoneInfo], *, station: bool) -> tuple[Column[MessageLine], ...]:
    """Time, direction, (station,) action, summary, round trip."""
    made = [
        Column(
            "time",
            "Time",
            lambda line: Cell(
                formats.clock(line.view.at_ms, zone(), millis=True), tone=Tone.FAINT, mono=True
            ),
            "00:00:00.000",
            fixed=True,
            extra_px=8,
        ),
        Column("dir", "Dir", _direction, "from", extra_px=26, fixed=True),
    ]
    if station:
        made.append(
            Column("station", "Station", lambda m: Cell(m.view.station, mono=True), "UTRECHT-01", fixed=True)
        )
    made += [
        Column("action", "Action", _action, "re RequestStartTransact", fixed=True),
        Column("summary", "What it says", _summary, "conn 1: 58.4 kW", stretch=True, fixed=True),
        Column("mark", "Mark", _mark, "CALLERROR", extra_px=22, fixed=True),
        Column("trip", "Round trip", _trip, "12,345 ms", right=True, yields=2),
    ]
    return tuple(made)


def _direction(line: MessageLine) -> Cell:
    if line.view.direction == LINK:
        return Cell("here" if line.view.action else "link", tone=Tone.FAINT, mono=True, icon=icon(line.view))
    if line.view.direction == IN:
        return Cell("from", tone=Tone.QUIET, mono=True, icon=icon(line.view), spoken="from the station")
    return Cell("to", mono=True, icon=icon(line.view), spoken="to the station")


def icon(view: MessageView) -> str:
    """Which way a line went; what happened here has the mark of who did it."""
    if view.direction == LINK and view.action:
        return "user" if view.note == "operator" else "server"
    return {IN: "arrow-down-left", OUT: "arrow-up-right"}.get(view.direction, "link")


def _action(line: MessageLine) -> Cell:
    view = line.view
    name = title(view)
    if view.kind in ANSWERS:
        return Cell(f"re {name}", tone=Tone.QUIET, mono=True)
    return Cell(name, mono=True)


def _summary(line: MessageLine) -> Cell:
    more = f"  {line.view.note}" if line.view.note and line.view.kind != "note" else ""
    if line.view.held:
        more = f"{more}  kept until the station is accepted"
    return Cell(line.summary, more, tone=Tone.QUIET, mono=True)


def _mark(line: MessageLine) -> Cell:
    if line.mark is None:
        return EMPTY
    shown, word = line.mark
    return Cell(word, shapes=(shown,))


def _trip(line: MessageLine) -> Cell:
    took = line.view.latency_ms
    if took is None:
        return DASH
    if took >= SLOW_MS:
        return Cell(f"{formats.number(took / 1000, 1)} s", strong=True, mono=True)
    return Cell(f"{formats.number(took)} ms", tone=Tone.FAINT, mono=True)
