"""Verify: two histories are the same, or the first difference is told in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading, Sample
from app.domain.records import (
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.store.open import Store
from app.store.verify import first_difference

NOW = 1_767_225_600_000
S1 = StationId("S1")
SESSION = SessionRecord(SessionId(1), S1, 1, 1, TransactionId("7"), energy_wh=100)
SAMPLE = Sample("Voltage", "230", 230.0, "V", "L1", "Outlet", "Sample.Periodic")
READING = ReadingRecord(S1, 1, 1, NOW, SessionId(1), Reading(NOW, (SAMPLE,), 100))
HISTORY: list[Any] = [
    StationRecord(S1, name="One"),
    StatusRecord(S1, 1, 1, NOW, NOW, ConnectorStatus.AVAILABLE),
    StatusRecord(StationId("S2"), 1, 1, NOW, NOW, ConnectorStatus.AVAILABLE),
    LinkRecord(S1, NOW, LinkState.ONLINE),
    SESSION,
    READING,
    replace(READING, session=None),
    NoticeRecord(S1, NOW, NOW, "boot", "PowerUp"),
]


@contextmanager
def two(tmp_path: Path, one: list[Any], other: list[Any]) -> Iterator[str | None]:
    stores = []
    for name, records in (("kept", one), ("replayed", other)):
        store = Store.open(tmp_path / name)
        writer = store.inline_writer()
        for record in records:
            writer.submit([], [record])
        writer.flush()
        stores.append(store)
    with stores[0].connect() as kept, stores[1].connect() as replayed:
        yield first_difference(kept, replayed)
    for store in stores:
        store.close()


def test_the_same_history_in_another_order_of_arrival_is_the_same(tmp_path: Path) -> None:
    with two(tmp_path, HISTORY, HISTORY[::-1]) as difference:
        assert difference is None


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            [replace(SESSION, energy_wh=90) if r is SESSION else r for r in HISTORY],
            "The session with session 1 differs: energy_wh is 100 in history and 90 by the journal.",
        ),
        (
            [r for r in HISTORY if r is not SESSION],
            "History has a session that the journal does not give: session 1.",
        ),
        (
            [*HISTORY, LinkRecord(S1, NOW + 5, LinkState.OFFLINE, "gone")],
            "The journal gives a link state that history does not have: "
            f'station "S1", at_ms {NOW + 5}, state "offline", reason "gone".',
        ),
        (
            [replace(r, name="Two") if isinstance(r, StationRecord) else r for r in HISTORY],
            'The station with station "S1" differs: name is "One" in history and "Two" by the journal.',
        ),
        (
            [replace(r, trusted=False) if r is READING else r for r in HISTORY],
            f'The meter reading with at_ms {NOW}, station "S1", evse 1, connector 1, session 1 differs: '
            "trusted is true in history and false by the journal.",
        ),
    ],
)
def test_the_first_difference_is_one_plain_sentence(tmp_path: Path, other: list[Any], sentence: str) -> None:
    with two(tmp_path, HISTORY, other) as difference:
        assert difference == sentence
