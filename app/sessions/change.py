"""Makes the next version of a session's record; the message path does this a thousand times a second."""

from dataclasses import fields
from operator import attrgetter
from typing import Any

from app.domain.records import Flag, SessionRecord

_NAMES = tuple(f.name for f in fields(SessionRecord))
_VALUES = attrgetter(*_NAMES)
_ORDER = {flag: rank for rank, flag in enumerate(Flag)}


def change(session: SessionRecord, changes: dict[str, Any]) -> SessionRecord:
    """`session` with `changes`; the very same record if they change nothing."""
    if all(getattr(session, name) == value for name, value in changes.items()):
        return session
    values = dict(zip(_NAMES, _VALUES(session), strict=True))
    values.update(changes)
    return SessionRecord(**values)


def flagged(flags: tuple[Flag, ...], *more: Flag, without: tuple[Flag, ...] = ()) -> tuple[Flag, ...]:
    """`flags` with `more` and `without` some, in the order of the vocabulary."""
    if not without and all(flag in flags for flag in more):
        return flags
    return tuple(sorted({*flags, *more}.difference(without), key=_ORDER.__getitem__))


def noted(note: str, line: str) -> str:
    """`note` with one more line, once; at most some 2,000 characters are kept."""
    if line in note or len(note) > 2000:
        return note
    return f"{note}\n{line}" if note else line
