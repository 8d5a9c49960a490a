"""What happens to a fault because time passes: shelved ones come back, unattended ones are raised."""

from typing import TYPE_CHECKING

from app.faults.alarm import Alarm
from app.faults.lifecycle import State, Trigger
from app.faults.rows import SERVER

if TYPE_CHECKING:
    from app.faults.engine import Engine

STALE_MS = 86_400_000
REMEMBER_MS = 86_400_000
"""A fault that is over can be noted and opened so long without the store."""
REST_MS = {"P3": 28_800_000, "P2": 28_800_000, "P1": 86_400_000}
"""What is over and was acknowledged by nobody in a shift (of P1: in a day) goes to rest by itself."""
_RAISED = {"P3": "P2", "P2": "P1"}
_WHILE_OPEN = ("stale", "act", "shelf", "rest")


def watch(engine: "Engine", alarm: Alarm) -> None:
    """Set the timers of an occurrence as it stands."""
    row, timers = alarm.row, engine.timers
    assert row is not None
    if alarm.active and not alarm.stale:
        timers.set(("stale", row.fault), row.opened_ms + STALE_MS)
    if row.state == State.UNACK and not alarm.escalated:
        timers.set(("act", row.fault), row.opened_ms + alarm.kind.act_within_ms)
    if row.state == State.SHLVD and row.until_ms is not None:
        timers.set(("shelf", row.fault), row.until_ms)
    if row.state == State.RTNUN and not alarm.kind.safety:
        since = row.cleared_ms if row.cleared_ms is not None else engine.scene.now
        timers.set(("rest", row.fault), since + REST_MS[alarm.kind.priority])
    if row.closed_ms is not None:
        timers.set(("forget", row.fault), row.closed_ms + REMEMBER_MS)


def end(engine: "Engine", alarm: Alarm) -> None:
    """An occurrence is over: nothing is waited for but that it is forgotten."""
    row = alarm.row
    assert row is not None
    for what in _WHILE_OPEN:
        engine.timers.drop((what, row.fault))
    watch(engine, alarm)


def fire(engine: "Engine", what: str, fault: int) -> None:
    """A timer of an occurrence is due."""
    alarm = engine.rows.by_fault.get(fault)
    if alarm is not None and alarm.row is not None and alarm.row.fault == fault:
        _DUE[what](engine, alarm)


def _unshelve(engine: "Engine", alarm: Alarm) -> None:
    if alarm.row is not None and alarm.row.state == State.SHLVD:
        engine.rows.move(alarm, Trigger.UNSHELVE, engine.scene.now, SERVER, "shelf", "its time is over")
        engine.closed(alarm)
        watch(engine, alarm)


def _stale(engine: "Engine", alarm: Alarm) -> None:
    if alarm.active:
        alarm.stale = True
        engine.rows.save(alarm, engine.scene.now)
        engine.rows.tell(alarm, engine.scene.now, SERVER, "watch", "stale", "It has stood for a day")


def _escalate(engine: "Engine", alarm: Alarm) -> None:
    row = alarm.row
    if row is None or row.state != State.UNACK or row.assigned:
        return
    alarm.escalated = True
    priority = _RAISED.get(row.priority, row.priority)
    text = f"Nobody acted within {alarm.kind.act_within_min} min"
    engine.rows.save(alarm, engine.scene.now, priority=priority)
    text += "" if priority == row.priority else f", now {priority}"
    engine.rows.tell(alarm, engine.scene.now, SERVER, "watch", "escalated", text)


def _rest(engine: "Engine", alarm: Alarm) -> None:
    if alarm.row is not None and alarm.row.state == State.RTNUN:
        text = "It was over for long and nobody acknowledged it"
        engine.rows.move(alarm, Trigger.ACKNOWLEDGE, engine.scene.now, SERVER, "watch", text)
        engine.closed(alarm)


def _forget(engine: "Engine", alarm: Alarm) -> None:
    row = alarm.row
    if row is None or row.closed_ms is None:
        return
    engine.rows.forget(row.fault)
    engine.groups.forget(alarm)
    if engine.alarms.get(alarm.key) is alarm and not alarm.held:
        del engine.alarms[alarm.key]
        engine.at_station[alarm.station].pop(alarm.key, None)


_DUE = {"shelf": _unshelve, "stale": _stale, "act": _escalate, "rest": _rest, "forget": _forget}
