"""Every message that a station may send, over a real socket: answered by its schema, and kept."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.domain.ids import StationId
from app.domain.records import JournalKind, SessionState
from app.protocol.versions import SEND_ACTIONS, STATION_ACTIONS
from app.replay import verify
from app.settings import load
from app.store.journal import Wanted
from app.store.journal import rows as journal_rows
from app.store.tables import metadata
from tests.app.protocol.generate import answer_is_valid, full, minimal
from tests.helpers.plain_client import PlainClient, plain_client
from tests.helpers.world import World, world

VERSIONS = ("1.6", "2.0.1", "2.1")
BOOT = "BootNotification"

# What a message leaves behind, beside its row in the journal: a notice unless it is one of these.
EFFECTS = {
    "StatusNotification": "status",
    "MeterValues": "reading",
    "StartTransaction": "session",
    "StopTransaction": "session",
    "TransactionEvent": "session",
}
HISTORY = ("station", "status", "session", "reading", "notice")


def history(connection: Connection) -> dict[str, list[Any]]:
    """All of what is kept, by table."""
    found = {name: connection.execute(select(metadata.tables[name])).all() for name in HISTORY}
    return {name: [tuple(row) for row in rows] for name, rows in found.items()}


def heard_ms(w: World) -> int | None:
    """When the station was heard of last."""
    view = w.room.fleet.station(StationId("DEPOT-7"))
    return view.last_seen_ms if view is not None else None


async def effect_of(w: World, message: Awaitable[Any]) -> tuple[Any, set[str]]:
    """A message's answer, and which tables it changed; a second passes before it."""
    before = await w.room.ask(history)
    await w.advance(seconds=1)
    answer = await message
    after = await w.room.ask(history)
    return answer, {name for name in HISTORY if before[name] != after[name]}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", [minimal, full])
async def test_every_message_is_answered_kept_and_verified(version: str, make: Any, tmp_path: Path) -> None:
    """Each has its answer, its effect in history, its row in the journal and its line in the log."""
    actions = [BOOT, *sorted(STATION_ACTIONS[version] - {BOOT})]
    async with world(tmp_path) as w, plain_client(w.url, version) as station:
        seen = w.room.subscribe()
        for action in actions:
            answer, changed = await effect_of(w, station.told(action, make(version, action)))
            assert answer_is_valid(version, action, answer), action
            assert heard_ms(w) == w.clock.now_ms(), action
            if action != "Heartbeat":
                assert EFFECTS.get(action, "notice") in changed, (action, changed)
        for action in sorted(SEND_ACTIONS[version]):
            # A SEND has no answer; what comes after it shows that it was taken.
            _, changed = await effect_of(w, after(station.sent(action, make(version, action)), station))
            assert "notice" in changed, action
        rows = await w.room.ask(lambda c: list(journal_rows(c, Wanted(kinds=(JournalKind.IN,)))))
        assert {row.action for row in rows if row.answer} == STATION_ACTIONS[version]
        assert {row.action for row in rows} == STATION_ACTIONS[version] | SEND_ACTIONS[version]
        assert {line.action for line in seen.take()} >= STATION_ACTIONS[version] | SEND_ACTIONS[version]
        states = {session.state for session in await w.sessions()}
        assert states
        assert states <= set(SessionState)
    assert await asyncio.to_thread(difference, tmp_path) == ""


async def after(message: Awaitable[None], station: PlainClient) -> None:
    """A message without an answer, and one that is answered after it."""
    await message
    await station.told("DataTransfer", {"vendorId": "done"})


def difference(data_dir: Path) -> str:
    """Where the kept history does not follow from its journal; "" where it does."""
    return verify(load(data_dir, {})).difference


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_16_station_on_a_2x_socket_charges_and_is_answered_in_kind(version: str) -> None:
    """Q74: the firmware switched its subprotocol before its messages."""
    async with world() as w, plain_client(w.url, version) as station:
        said = await station.told(BOOT, {"chargePointVendor": "Volt", "chargePointModel": "W"})
        assert said["status"] == "Accepted"
        at = "2026-01-01T00:00:00Z"
        start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": at}
        started = await station.told("StartTransaction", start)
        status = {"connectorId": 1, "status": "Charging", "errorCode": "NoError", "timestamp": at}
        assert await station.told("StatusNotification", status) == {}
        await w.advance(minutes=30)
        stop = {
            "transactionId": started["transactionId"],
            "meterStop": 4000,
            "timestamp": "2026-01-01T00:30:00Z",
        }
        await station.told("StopTransaction", stop)
        session = await w.only_session()
        assert (session.energy_wh, session.token, session.state) == (3000, "ANNA", SessionState.CLOSED)
        assert dict(w.view().quirks)["Q74"] == 4
