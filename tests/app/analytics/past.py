"""A small past, written through the store's own writer, for questions to be asked of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading
from app.domain.records import (
    JournalKind,
    JournalRow,
    LinkRecord,
    ReadingRecord,
    Record,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.store import runs
from app.store.inline import InlineWriter
from app.store.open import Store

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MIDNIGHT = 1_767_225_600_000
"""2026-01-01T00:00Z, which is also 01:00 in Berlin."""


class Past:
    """A store that is filled record by record."""

    def __init__(self, store: Store, writer: InlineWriter) -> None:
        self.store = store
        self.writer = writer

    def add(self, *records: Record, journal: tuple[JournalRow, ...] = ()) -> None:
        """Keep records."""
        self.writer.submit(journal, records)

    def station(self, name: str, /, **more: Any) -> None:
        """A registered station."""
        self.add(StationRecord(StationId(name), **more))

    def link(self, name: str, at_ms: int, state: LinkState, reason: str = "") -> None:
        """A point of a link."""
        self.add(LinkRecord(StationId(name), at_ms, state, reason))

    def status(self, name: str, at_ms: int, word: ConnectorStatus, evse: int = 1, connector: int = 1) -> None:
        """A point of a status."""
        self.add(StatusRecord(StationId(name), evse, connector, at_ms, at_ms, word))

    def session(
        self, number: int, name: str, start_ms: int, end_ms: int | None, wh: int | None, **more: Any
    ) -> None:
        """A session."""
        self.add(
            SessionRecord(
                SessionId(number), StationId(name), 1, 1, TransactionId(f"T{number}"), started_ms=start_ms,
                ended_ms=end_ms, energy_wh=wh, meter_start_wh=1000,
                state=SessionState.OPEN if end_ms is None else SessionState.CLOSED, **more,
            )
        )  # fmt: skip

    def reading(
        self,
        number: int,
        name: str,
        at_ms: int,
        wh: int | None = None,
        power: int | None = None,
        evse: int = 1,
    ) -> None:
        """A reading of a session."""
        read = Reading(at_ms, (), wh, power)
        self.add(ReadingRecord(StationId(name), evse, 1, at_ms, SessionId(number), read))

    def message(self, name: str, at_ms: int, frame: str, answer: str = "", action: str = "X") -> None:
        """A call and its answer."""
        self.add(
            journal=(JournalRow(at_ms, name, JournalKind.IN, frame, answer, action=action, message_id="1"),)
        )

    def ran(self, *spans: tuple[int, int]) -> None:
        """Runs of Forecourt."""
        self.writer.flush()
        for start_ms, end_ms in spans:
            number = self.writer.call(lambda group, at=start_ms: runs.begin(group, at, "0.1.0"))
            self.writer.call(lambda group, n=number, at=end_ms: runs.end(group, n, at))

    def rows(self, table: Table, *where: Any) -> int:
        """How many rows are kept."""
        return int(
            self.ask(lambda c: c.execute(select(func.count()).select_from(table).where(*where)).scalar())
        )

    def empty(self, table: Table) -> None:
        """Keep no row of a table any longer."""

        def clear(group: Any) -> None:
            group.begin()
            group.execute(table.delete())
            group.commit()

        self.writer.flush()
        self.writer.call(clear)

    def ask(self, question: Any, *args: Any, **more: Any) -> Any:
        """Ask a question of what is kept."""
        self.writer.flush()
        return self.store.read(question, *args, **more)


@contextmanager
def a_past(tmp_path: Path) -> Iterator[Past]:
    """An empty store to fill and to ask."""
    store = Store.open(tmp_path)
    try:
        yield Past(store, store.inline_writer())
    finally:
        store.close()
