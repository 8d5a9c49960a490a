"""Makes the next version of a session's record; the message path does this a thousand times a second."""

from typing import Any

from app.domain.fact import changed
from app.domain.records import Flag, SessionRecord

_ORDER = {flag: rank for rank, flag in enumerate(Flag)}


def change(session: SessionRecord, changes: dict[str, Any]) -> SessionRecord:
    """`session` with `changes`; the very same record if they change nothing."""
    for name, value in changes.items():
        if getattr(session, name) != value:
            return changed(session, **changes)
    return session


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
