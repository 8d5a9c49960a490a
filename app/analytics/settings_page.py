"""What the settings page asks of what was written down: organisation, sites, prices, rules, switches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.entries import body_of
from app.domain.records import EntryRecord
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands, with who wrote it and when."""

    kind: str
    entry: str
    body: Mapping[str, Any]
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SettingsView:
    """All that stands, by kind; `site_names` are those that stations stand at or that were written down."""

    written: Mapping[str, tuple[Written, ...]]
    site_names: tuple[str, ...]

    def of(self, kind: str) -> tuple[Written, ...]:
        """What stands of a kind, by entry."""
        return self.written.get(kind, ())

    def body(self, kind: str, entry: str) -> Mapping[str, Any]:
        """The body of one; empty where there is none."""
        return next((one.body for one in self.of(kind) if one.entry == entry), {})


KINDS = ("organisation", "site", "price", "energy-cost", "notify-rule", "playbook", "recovery")


def settings_view(connection: Connection) -> SettingsView:
    """What was written down of the kinds that settings show."""
    kept: dict[str, list[Written]] = {kind: [] for kind in KINDS}
    for record in current_entries(connection):
        if record.kind in kept and not record.gone:
            kept[record.kind].append(_written(record))
    names = {one.entry for one in kept["site"]} | {s.site for s in all_stations(connection) if s.site}
    return SettingsView({kind: tuple(found) for kind, found in kept.items()}, tuple(sorted(names)))


def _written(record: EntryRecord) -> Written:
    return Written(record.kind, record.entry, body_of(record), record.by, record.at_ms)
