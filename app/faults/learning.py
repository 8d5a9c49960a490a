"""What rules and prices learn from the long past at a start: habits, which no single day shows.

It is heard before the recent past is (`priming`), by those that learn alone; nothing is found of it.
"""

from collections.abc import Iterable
from typing import Any

from app.domain.records import EntryRecord, FaultRecord, Record, StationRecord
from app.faults.engine import Engine
from app.faults.money import Pricer
from app.faults.rule import Rule

LEARN_MS = 26 * 7 * 86_400_000
"""The window of the demand model."""


def learn(engine: Engine, past: Iterable[tuple[Record, int]], closed: Iterable[FaultRecord] = ()) -> None:
    """Let a fresh engine's rules learn.

    Args:
        engine: which has heard nothing yet.
        past: entries and stations first, then what was heard, in order, with when.
        closed: faults that are over, for how long they usually last.
    """
    learners = [rule for rule in engine.rules.values() if getattr(rule, "learns", False)]
    scene = engine.scene
    scene.learning = True
    wanting: dict[type, list[Rule]] = {}
    for rule in learners:
        for kind in rule.hears:
            wanting.setdefault(kind, []).append(rule)
    for record, at_ms in past:
        scene.now = max(scene.now, at_ms)
        if isinstance(record, StationRecord | EntryRecord):
            scene.apply(record)
        for rule in wanting.get(type(record), ()):
            for _ in rule.hear(record, scene):
                continue
    scene.learning = False
    for learner in learners:
        learnt: Any = getattr(learner, "learnt", None)
        if learnt is not None:
            learnt(scene)
    pricer = engine.rules.get("money")
    if isinstance(pricer, Pricer):
        for row in closed:
            pricer.learn(row, row.closed_ms or 0)
