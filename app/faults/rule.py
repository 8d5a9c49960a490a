"""What a rule is: it hears committed records and wakes at times it asked for, and says what it found.

A rule runs on the clock of what it reads, so a replayed past finds what a watched one found. It
never looks at a wall clock, a file or a socket, and its findings follow from what it heard alone.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from app.domain.fact import Fact
from app.domain.ids import StationId
from app.domain.records import Record, SessionRecord, StationRecord, StatusRecord
from app.domain.status import LinkState


class Subject(NamedTuple):
    """What is faulty: a connector, an EVSE (connector 0), a station (evse 0), a site.

    Forecourt itself is the subject where all are empty.
    """

    site: str = ""
    station: str = ""
    evse: int = 0
    connector: int = 0


class Finding(Fact, frozen=True):
    """A condition that became true, changed its evidence, or ended.

    The condition is identified by (rule, code, subject, mark); `mark` tells apart what would
    otherwise be one ("fan 2"). `at_ms` is when it began or ended, which may lie before now.
    `held` False says it ended. `evidence` is JSON-ready: what a person needs to believe it (the
    numbers with their units in the names, the threshold, the false-alarm rate where there is one).
    """

    rule: str
    code: str
    subject: Subject
    at_ms: int
    held: bool = True
    title: str = ""
    raw: str = ""
    mark: str = ""
    evidence: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Scene(Protocol):
    """What rules may know, as of the instant they run: built from the same records, nothing else."""

    @property
    def now_ms(self) -> int:
        """The instant."""

    @property
    def learning(self) -> bool:
        """Whether the long past is told, of which nothing is found and after which `learnt` is called."""

    @property
    def blind_ms(self) -> int:
        """How long of the last hour nobody was looking."""

    def station(self, station: StationId) -> StationRecord | None:
        """A station's row."""

    def stations_of(self, site: str) -> Iterable[StationRecord]:
        """The stations of a site, in order of identity."""

    def link(self, station: StationId) -> tuple[LinkState, int]:
        """Its link's state and since when (ms UTC)."""

    def status(self, station: StationId, evse: int, connector: int) -> StatusRecord | None:
        """The last live status of a connector."""

    def connectors(self, station: StationId) -> Iterable[tuple[int, int]]:
        """Its known (evse, connector), none of them 0."""

    def session(self, station: StationId, evse: int) -> SessionRecord | None:
        """The session that runs there."""

    def normal(self, rule: str, subject: Subject) -> bool:
        """Whether a person marked this oddity as normal here, now."""

    def wake(self, rule: str, key: Hashable, at_ms: int) -> None:
        """Have `Rule.wake(key)` called at `at_ms`; a later wish for the same key replaces this one."""

    def sleep(self, rule: str, key: Hashable) -> None:
        """Take such a wish back."""


class Rule(Protocol):
    """One kind of fault. Holds its own memory, which must be small."""

    name: str
    """Its file's name."""
    hears: tuple[type, ...]
    """The record types it wants. Of a running session it hears when something changed but its meter; one
    with `samples` True hears each row."""

    def hear(self, record: Record, scene: Scene) -> Iterable[Finding]:
        """A record was committed; `scene` already knows it."""

    def wake(self, key: Hashable, scene: Scene) -> Iterable[Finding]:
        """A time it asked for has come."""
