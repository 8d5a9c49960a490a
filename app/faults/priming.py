"""Taking up at a start what the store knows, so that a restart neither loses nor doubles a fault.

Rules hear the recent past again, quietly: what they hold in the end is compared with the faults that
are open. What began meanwhile is announced, what ended meanwhile ends, the rest just goes on.
"""

from collections.abc import Iterable
from typing import Any

from app.domain.records import FaultRecord, Record
from app.faults import timeouts
from app.faults.alarm import Alarm, Key, finding_of, key_of
from app.faults.engine import Engine
from app.faults.rule import Finding

ALONE_MS = 30_000
"""A running server marks at least so often that it looks."""


def prime(
    engine: Engine,
    kept: Iterable[tuple[FaultRecord, int]],
    recent: Iterable[tuple[Record, int]],
    now_ms: int,
    blind_from_ms: int | None = None,
) -> None:
    """Prime a fresh engine.

    Args:
        engine: which has heard nothing yet.
        kept: faults that are open or ended within a day, oldest first, with their last line's number.
        recent: the recent past in order, with when it was heard.
        now_ms: the start.
        blind_from_ms: since when nobody looked.
    """
    for row, seq in kept:
        recall(engine, row, seq)
    engine.quiet = {}
    heard_ms = None
    for record, at_ms in recent:
        engine.hear(record, at_ms)
        heard_ms = at_ms
    engine.tick(now_ms)
    if blind_from_ms is None and heard_ms is not None and heard_ms < now_ms - ALONE_MS:
        # No run marked that it looked, as after a log was replayed: nobody did since its last word.
        blind_from_ms = heard_ms
    if blind_from_ms is not None:
        engine.blind(blind_from_ms, now_ms)
    quiet, engine.quiet = engine.quiet, None
    for alarm in list(engine.rows.by_fault.values()):
        timeouts.watch(engine, alarm)
        _resume(engine, alarm, quiet)
    for key, finding in quiet.items():
        if not (finding.held and _over_since(engine, key, finding)):
            engine.found(finding)
    engine.groups.take_up()


def recall(engine: Engine, row: FaultRecord, seq: int) -> None:
    """Let an engine hold a fault of the store whose last line has the number `seq`."""
    alarm = engine.made(key_of(row), finding_of(row))
    alarm.recall(row, seq)
    alarm.placed = True
    engine.rows.by_fault[row.fault] = alarm
    engine.groups.know(alarm)


def _over_since(engine: Engine, key: Key, finding: Finding) -> bool:
    """Whether the occurrence a condition began with was closed meanwhile, by a person for instance."""
    alarm = engine.alarms.get(key)
    row = alarm.row if alarm is not None else None
    return row is not None and row.closed_ms is not None and row.closed_ms >= finding.at_ms


def _resume(engine: Engine, alarm: Alarm, quiet: dict[Key, Finding]) -> None:
    """Tell a rule of a condition that began before what it heard again, if it wants to know (`resume`)."""
    rule: Any = engine.rules.get(alarm.key.rule)
    if alarm.held and alarm.key not in quiet and hasattr(rule, "resume"):
        rule.resume(alarm.finding, engine.scene)
