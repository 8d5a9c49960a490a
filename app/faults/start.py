"""The engine as a start or a replay finds it: rules, catalogue, and what the store knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.records import ReadingRecord, Record
from app.faults import catalogue
from app.faults.codes import Codes
from app.faults.engine import Engine
from app.faults.learning import LEARN_MS, learn
from app.faults.limits import Limits
from app.faults.money import Pricer
from app.faults.own import Own
from app.faults.priming import prime
from app.faults.rows import open_alarms
from app.faults.rule import Rule
from app.faults.rules import all_rules
from app.faults.shown import looked_until_ms
from app.faults.timeouts import REMEMBER_MS
from app.faults.views import Money
from app.faults.watch import Faults
from app.store.inline import InlineWriter
from app.store.open import Store
from app.store.readers.entries import current_entries
from app.store.readers.faults import faults_closed_since, next_fault, standing_faults
from app.store.readers.past import heard_since, learnt_from
from app.store.readers.stations import all_stations

RECENT_MS = 86_400_000
UTC_ZONE = ZoneInfo("UTC")
READINGS_MS = 1_800_000
LOOK = 16
"""Whether the past is wanted is asked before every so many records."""


def engine_of(
    connection: Connection,
    now_ms: int,
    data_dir: Path | None = None,
    rules: Sequence[Rule] | None = None,
    blind_from_ms: int | None = None,
    zone: ZoneInfo = UTC_ZONE,
    stopped: Callable[[], bool] = lambda: False,
    *,
    past: bool = True,
) -> Engine:
    """An engine that knows what the store knows.

    Args:
        connection: the store.
        now_ms: the start.
        data_dir: where `alarms`, `codes` and `rules` may lie that replace ours.
        rules: what is looked for; all where None.
        blind_from_ms: since when nobody looked.
        stopped: asked again and again whether nobody wants it any more.
        zone: in which sites live whose entry names none: demand is learnt by the hour of their week.
        past: whether it hears the past; else it knows the faults that stand and no habits.

    Raises:
        ForecourtError: such a file cannot be used.
        NotWanted: it was stopped.
    """
    kinds, codes, ours = files_of(data_dir, zone)
    looked_for = ours if rules is None else rules
    engine = Engine(looked_for, kinds, next_fault(connection), codes)
    kept = standing_faults(connection, now_ms - REMEMBER_MS)
    if not past:
        prime(engine, kept, _known(connection, now_ms), now_ms, blind_from_ms)
        return engine
    readings = any(ReadingRecord in rule.hears for rule in looked_for)
    learn(
        engine,
        _wanted(_habits(connection, now_ms), stopped),
        faults_closed_since(connection, now_ms - LEARN_MS),
    )
    recent = _wanted(_recent(connection, now_ms, readings=readings), stopped)
    prime(engine, kept, recent, now_ms, blind_from_ms)
    return engine


def files_of(
    data_dir: Path | None, zone: ZoneInfo = UTC_ZONE
) -> tuple[catalogue.Catalogue, Codes, tuple[Rule, ...]]:
    """The kinds of alarms, the vocabulary and the rules, with what the data directory replaces.

    Raises:
        ForecourtError: one of its files cannot be used.
    """
    own = {name: data_dir / name if data_dir is not None else None for name in ("alarms", "codes", "rules")}
    kinds = catalogue.load(own["alarms"])
    codes, limits = Codes(own["codes"]), Limits(own["rules"])
    return kinds, codes, (*all_rules(codes, limits, Pricer(zone, limits)), Own(limits))


def prices_of(
    connection: Connection, now_ms: int, data_dir: Path | None = None, zone: ZoneInfo = UTC_ZONE
) -> Mapping[int, Money]:
    """What the open faults of the store cost, by number, when somebody looked last: a closed directory's
    stand still. The past is read for it, so it takes as long as a start does.

    Raises:
        ForecourtError: a file of the data directory's alarms, codes or rules cannot be used.
    """
    at_ms = min(now_ms, (looked_until_ms(connection) or 0) + 1_000)
    engine = engine_of(connection, at_ms, data_dir, zone=zone)
    pricer = engine.rules["money"]
    assert isinstance(pricer, Pricer)
    alarms = open_alarms(engine.rows.by_fault.values())
    return pricer({alarm.row.fault: alarm.row for alarm in alarms if alarm.row is not None}, at_ms)


class NotWanted(Exception):
    """The reading of the past was stopped, because the program is."""


def _wanted(past: Iterator[tuple[Record, int]], stopped: Callable[[], bool]) -> Iterator[tuple[Record, int]]:
    for number, heard in enumerate(past):
        if not number % LOOK and stopped():
            raise NotWanted
        yield heard


def _known(connection: Connection, at_ms: int) -> Iterator[tuple[Record, int]]:
    """What persons wrote down, and the stations."""
    known: list[Record] = [*current_entries(connection), *all_stations(connection)]
    yield from ((record, at_ms) for record in known)


def _habits(connection: Connection, now_ms: int) -> Iterator[tuple[Record, int]]:
    """The long past up to where the recent one begins, entries and stations before it."""
    yield from _known(connection, 0)
    yield from learnt_from(connection, now_ms - LEARN_MS, now_ms - RECENT_MS)


def _recent(connection: Connection, now_ms: int, *, readings: bool) -> Iterator[tuple[Record, int]]:
    heard = heard_since(
        connection, now_ms - RECENT_MS, now_ms + 1, now_ms - READINGS_MS if readings else now_ms
    )
    first = next(heard, None)
    began_ms = min(first[1], now_ms) if first is not None else now_ms - RECENT_MS
    yield from _known(connection, began_ms)
    if first is not None:
        yield first
        yield from heard


class ReplayedFaults:
    """Makes the faults of a replay; call it with the replay's writer, `finish` it at the log's end."""

    def __init__(self, store: Store, data_dir: Path | None, at_ms: int, zone: ZoneInfo = UTC_ZONE) -> None:
        self._store = store
        self._zone = zone
        self._data_dir = data_dir
        self._at_ms = at_ms
        self.faults = Faults(watched=False)

    def __call__(self, writer: InlineWriter) -> Faults:
        """Begin, with the writer that keeps what is found."""
        writer.flush()
        engine = self._store.read(engine_of, self._at_ms, self._data_dir, zone=self._zone)
        self.faults.begin(engine, writer.submit)
        return self.faults

    def finish(self, at_ms: int) -> None:
        """The log ends here."""
        self.faults.engine.tick(at_ms)
        self.faults.keep()
