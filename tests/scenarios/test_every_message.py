"""Every message that a station may send, over a real socket: answered by its schema, and kept."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.domain.records import SessionState
from app.protocol.versions import SEND_ACTIONS, STATION_ACTIONS
from app.replay import verify
from app.settings import load
from app.store.readers.others import notices
from tests.app.protocol.generate import answer_is_valid, full, minimal
from tests.helpers.plain_client import plain_client
from tests.helpers.world import world

VERSIONS = ("1.6", "2.0.1", "2.1")
BOOT = "BootNotification"

# What a message leaves behind, beside its row in the journal, is a notice unless it is one of these.
NO_NOTICE = {
    "Heartbeat", "StatusNotification", "MeterValues", "StartTransaction", "StopTransaction",
    "TransactionEvent", BOOT, "Authorize",
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", [minimal, full])
async def test_every_message_is_answered_kept_and_verified(version: str, make: Any, tmp_path: Path) -> None:
    actions = [BOOT, *sorted(STATION_ACTIONS[version] - {BOOT})]
    async with world(tmp_path) as w, plain_client(w.url, version) as station:
        for action in actions:
            answer = await station.told(action, make(version, action))
            assert answer_is_valid(version, action, answer), action
        for action in SEND_ACTIONS[version]:
            await station.sent(action, make(version, action))
        # A SEND has no answer; what comes after it shows that it was taken.
        await station.told("Heartbeat", {})
        kept = await w.room.ask(notices, "DEPOT-7", limit=500)
        silent = STATION_ACTIONS[version] | SEND_ACTIONS[version]
        assert len(kept) >= len(silent - NO_NOTICE)
        assert w.view().connectors or make is full
        states = {session.state for session in await w.sessions()}
        assert states <= set(SessionState)
        assert states
    assert await asyncio.to_thread(difference, tmp_path) == ""


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
