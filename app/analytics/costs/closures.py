"""When nobody could come to a site, or nobody could see it: such drivers did not leave (reference H)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.analytics.costs.periods import Span
from app.analytics.timelines import intersect, length, union
from app.analytics.uptime_history import exclusions_of
from app.domain.records import EntryRecord, StationRecord
from app.domain.status import Admission

DAY_MS = 86_400_000
FOREVER_MS = 1 << 60
NO_CLOSURE = frozenset({"VEHICLE"})
"""Codes of exclusions that close no site."""


@dataclass(frozen=True, slots=True)
class Closures:
    """Spans of a day or more in which a whole site was shut, by site; `unseen` are those in which
    Forecourt itself did not run."""

    shut: Mapping[str, tuple[Span, ...]]
    unseen: tuple[Span, ...] = ()

    def within(self, site: str, span: Span) -> int:
        """How much of a span the site was shut or nobody looked, in ms."""
        return length(intersect([span], union((*self.shut.get(site, ()), *self.unseen))))


def closures_of(
    entries: Iterable[EntryRecord], stations: Iterable[StationRecord], unseen: Iterable[Span] = ()
) -> Closures:
    """What was written down of whole sites (exclusions and announced work), and sites all of whose stations
    were retired, from when they were last heard. Shorter than a day, it changes nobody's habits."""
    shut: dict[str, list[Span]] = {}
    for body, span in exclusions_of(entries):
        whole = body.get("site") and not body.get("stations")
        if whole and span.code not in NO_CLOSURE and span.end - span.start >= DAY_MS:
            shut.setdefault(str(body["site"]), []).append((span.start, span.end))
    here: dict[str, list[StationRecord]] = {}
    for record in stations:
        here.setdefault(record.site, []).append(record)
    for site, found in here.items():
        if all(one.admission is Admission.RETIRED for one in found):
            shut.setdefault(site, []).append((max(one.last_seen_ms for one in found), FOREVER_MS))
    gaps = tuple(span for span in unseen if span[1] - span[0] >= DAY_MS)
    return Closures({site: tuple(union(spans)) for site, spans in shut.items()}, gaps)
