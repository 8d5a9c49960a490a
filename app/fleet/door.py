"""Who stands at the door: stations that ask to be let in, and contacts that were turned away."""

import json
from collections.abc import Iterable
from dataclasses import replace

from app.domain.records import RefusalRecord
from app.fleet.post import Post
from app.fleet.views import Waiting

MOST_REFUSALS = 200
"""Contacts shown; the one that was not heard of for the longest makes room."""


class Door:
    """The waiting and the refused, newest knock first."""

    __slots__ = ("_refused",)

    def __init__(self) -> None:
        self._refused: dict[tuple[str, str, str], Waiting] = {}

    def refuse(self, record: RefusalRecord) -> None:
        """A contact was turned away; the same one again is the same line."""
        key = (record.identity, record.peer, record.cause)
        self._refused.pop(key, None)
        self._refused[key] = Waiting(
            record.identity,
            record.peer,
            record.first_ms,
            record.last_ms,
            record.count,
            record.cause,
            _remedy(record.detail),
        )
        if len(self._refused) > MOST_REFUSALS:
            del self._refused[next(iter(self._refused))]

    def settled(self, identity: str) -> bool:
        """A station got in: what was held against its identity is over. Returns whether there was any."""
        gone = [key for key in self._refused if key[0] == identity]
        for key in gone:
            del self._refused[key]
        return bool(gone)

    def rows(self, waiting: Iterable[Post]) -> tuple[Waiting, ...]:
        """Those who ask first, then the refused; each newest first."""
        asking = sorted((_asking(post) for post in waiting), key=lambda w: -w.last_ms)
        return (*asking, *sorted(self._refused.values(), key=lambda w: -w.last_ms))


def _asking(post: Post) -> Waiting:
    record = post.record
    row = Waiting(
        post.station, post.peer, 0, post.heard_ms or 0, 1, "waiting", "accept",
        version=post.version, held_messages=post.held,
    )  # fmt: skip
    if record is None:
        return row
    return replace(
        row,
        peer=post.peer or record.peer,
        since_ms=record.first_seen_ms,
        last_ms=max(row.last_ms, record.last_seen_ms),
        vendor=record.vendor,
        model=record.model,
        serial=record.serial,
    )


def _remedy(detail: str) -> str:
    """The remedy a refusal's detail names, "" if it names none."""
    try:
        told = json.loads(detail)
    except ValueError:
        return ""
    return str(told.get("remedy", "")) if isinstance(told, dict) else ""
