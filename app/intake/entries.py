"""What persons wrote down, in its newest versions; changed only by what is committed."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.domain.entries import KINDS, body_of
from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord
from app.intake.actions import Deed

ENTRY_DEEDS = ("SaveEntry", "RemoveEntry")


class Entries:
    """The newest version of every entry, by kind and name.

    Args:
        records: what the store holds.
    """

    def __init__(self, records: Iterable[EntryRecord] = ()) -> None:
        self._newest = {(r.kind, r.entry): r for r in records}
        self._told: list[Callable[[EntryRecord], None]] = []

    def newest(self, kind: str, entry: str) -> EntryRecord | None:
        """The newest version, also of one that was taken back."""
        return self._newest.get((kind, entry))

    def body(self, kind: str, entry: str) -> Mapping[str, Any] | None:
        """What an entry says now; None where there is none (any more)."""
        found = self._newest.get((kind, entry))
        return None if found is None or found.gone else body_of(found)

    def all(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """What stands of a kind, by entry."""
        return {
            r.entry: body_of(r) for (of, _), r in sorted(self._newest.items()) if of == kind and not r.gone
        }

    def apply(self, record: EntryRecord) -> None:
        """Take in a committed version and tell who listens."""
        self._newest[record.kind, record.entry] = record
        for tell in self._told:
            tell(record)

    def on_change(self, tell: Callable[[EntryRecord], None]) -> None:
        """Be told of every version from now on."""
        self._told.append(tell)


def entry_of(deed: Deed, entries: Entries, at_ms: int) -> EntryRecord:
    """The version a deed writes. Pure.

    Raises:
        ForecourtError: there is no such kind, the entry has no name, or there is nothing to take back.
    """
    kind, name = str(deed.fields.get("kind", "")), str(deed.fields.get("entry", "")).strip()
    if kind not in KINDS:
        raise ForecourtError(f"Forecourt keeps no entries of the kind {kind!r}.")
    if not name:
        raise ForecourtError("The entry needs a name.")
    before = entries.newest(kind, name)
    version = 1 if before is None else before.version + 1
    if deed.intent == "RemoveEntry":
        if before is None or before.gone:
            raise ForecourtError(f"There is no {kind} {name} to take back.")
        return EntryRecord(kind, name, version, at_ms, deed.by, deed.why, before.body, True)
    body = json.dumps(deed.fields.get("body", {}), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return EntryRecord(kind, name, version, at_ms, deed.by, deed.why, body)
