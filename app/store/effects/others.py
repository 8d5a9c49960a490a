"""Notices, contacts that were turned away, and our own commands."""

from operator import attrgetter
from typing import Any

from app.domain.records import CommandRecord, NoticeRecord, RefusalRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_NOTICE = attrgetter(*[c.name for c in tables.notice.columns][1:])
_REFUSAL = attrgetter(*[c.name for c in tables.refusal.columns])
_COMMAND = attrgetter(*[c.name for c in tables.command.columns])


def _notice(record: NoticeRecord, numbers: Numbers) -> Row:
    plain: tuple[Any, ...] = _NOTICE(record)
    return (numbers.next_seq("notice"), *plain)


def _refusal(record: RefusalRecord, numbers: Numbers) -> Row:
    row: Row = _REFUSAL(record)
    return row


def _refusals(earlier: Row, later: Row) -> Row:
    identity, peer, cause, _, first_ms, last_ms, count = earlier
    return (
        identity,
        peer,
        cause,
        later[3],
        min(first_ms, later[4]),
        max(last_ms, later[5]),
        count + later[6],
    )


def _command(record: CommandRecord, numbers: Numbers) -> Row:
    row: Row = _COMMAND(record)
    return row


NOTICE = Effect(tables.notice, _notice, "nothing")
REFUSAL = Effect(
    tables.refusal,
    _refusal,
    "update",
    fold=_refusals,
    sums=frozenset({"count"}),
    least=frozenset({"first_ms"}),
    most=frozenset({"last_ms"}),
)
COMMAND = Effect(tables.command, _command, "update")
