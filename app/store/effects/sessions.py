"""A charging session's row, saved whole."""

from operator import attrgetter
from typing import Any

from app.domain.records import SessionRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_NAMES = [c.name for c in tables.session.columns]
_FLAGS = _NAMES.index("flags")
_BEFORE = attrgetter(*_NAMES[:_FLAGS])
_AFTER = attrgetter(*_NAMES[_FLAGS + 1 :])


def _row(record: SessionRecord, numbers: Numbers) -> Row:
    before: tuple[Any, ...] = _BEFORE(record)
    after: tuple[Any, ...] = _AFTER(record)
    return (*before, ",".join(record.flags), *after)


EFFECT = Effect(
    tables.session,
    _row,
    "update",
    steady=("station", "transaction", "started_ms", "ended_ms", "state", "start_key", "stop_key", "alias"),
)
