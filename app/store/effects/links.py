"""Points of the link timeline, numbered: one that is back-dated overrules what it reaches back over."""

from app.domain.records import LinkRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row


def _row(record: LinkRecord, numbers: Numbers) -> Row:
    return (numbers.next_seq("link"), record.station, record.at_ms, record.state, record.reason)


EFFECT = Effect(tables.link, _row, "nothing")
