"""A client we did not write: the ChargePoint classes of the `ocpp` package, in all three versions."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.routing import on

from app.domain.records import SessionState
from app.domain.status import LinkState, Shown
from app.store.readers.others import notices
from tests.helpers.world import World, world


@asynccontextmanager
async def client(w: World, kind: Any, subprotocol: str, name: str = "FOREIGN-1"):
    """An `ocpp` ChargePoint that is connected and reads."""
    async with websockets.connect(f"{w.url}/{name}", subprotocols=[subprotocol]) as link:
        point = kind(name, link)
        reading = asyncio.ensure_future(point.start())
        try:
            yield point
        finally:
            reading.cancel()
            await asyncio.wait([reading])


def now(w: World) -> str:
    return datetime.fromtimestamp(w.clock.now_ms() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_an_ocpp_16_charge_point_boots_charges_and_leaves() -> None:
    """Boot, authorize, start, sample, stop, statuses; and it answers what the operator sends."""
    from ocpp.v16 import ChargePoint, call, call_result

    class Point(ChargePoint):  # type: ignore[misc]
        @on("ChangeAvailability")
        def change(self, **_: Any) -> Any:
            return call_result.ChangeAvailability("Accepted")

    async with world() as w, client(w, Point, "ocpp1.6") as point:
        boot = await point.call(call.BootNotification("Model X", "Vendor Y", firmware_version="1.2"))
        assert boot.status == "Accepted"
        assert boot.interval == 300
        assert (await point.call(call.Heartbeat())).current_time
        await point.call(call.StatusNotification(1, "NoError", "Available", timestamp=now(w)))
        token = await point.call(call.Authorize("CARD1"))
        assert token.id_tag_info["status"] == "Accepted"
        start = await point.call(call.StartTransaction(1, "CARD1", 100, now(w)))
        assert start.transaction_id > 0
        await w.advance(minutes=30)
        await point.call(
            call.MeterValues(
                1, [{"timestamp": now(w), "sampledValue": [{"value": "5100"}]}], start.transaction_id
            )
        )
        assert w.plug("FOREIGN-1").session_energy_wh == 5_000
        await w.advance(minutes=30)
        stop = await point.call(call.StopTransaction(9_100, now(w), start.transaction_id, id_tag="CARD1"))
        assert stop.id_tag_info["status"] == "Accepted"
        session = await w.only_session("FOREIGN-1")
        assert (session.energy_wh, session.state) == (9_000, SessionState.CLOSED)
        assert w.view("FOREIGN-1").firmware == "1.2"
        answer = await w.room.send(
            "FOREIGN-1", "ChangeAvailability", {"connectorId": 0, "type": "Operative"}, 5, "test"
        )
        assert answer == {"status": "Accepted"}


async def _two_x(subprotocol: str, calls: Any, kind: Any, w: World) -> None:
    async with client(w, kind, subprotocol) as point:
        boot = await point.call(
            calls.BootNotification(
                {"model": "Model X", "vendorName": "Vendor Y", "serialNumber": "S1"}, "PowerUp"
            )
        )
        assert boot.status == "Accepted"
        await point.call(
            calls.StatusNotification(
                timestamp=now(w), connector_status="Available", evse_id=1, connector_id=1
            )
        )
        assert w.plug("FOREIGN-1").shown is Shown.AVAILABLE
        token = {"idToken": "CARD1", "type": "ISO14443"}
        assert (await point.call(calls.Authorize(token))).id_token_info["status"] == "Accepted"
        meter = lambda wh, context: [  # noqa: E731
            {"timestamp": now(w), "sampledValue": [{"value": wh, "context": context}]}
        ]
        started = await point.call(
            calls.TransactionEvent(
                event_type="Started",
                timestamp=now(w),
                trigger_reason="Authorized",
                seq_no=0,
                transaction_info={"transactionId": "tx-1", "chargingState": "Charging"},
                meter_value=meter(100, "Transaction.Begin"),
                evse={"id": 1, "connectorId": 1},
                id_token=token,
            )
        )
        assert started.id_token_info["status"] == "Accepted"
        await w.advance(minutes=45)
        await point.call(
            calls.TransactionEvent(
                event_type="Updated",
                timestamp=now(w),
                trigger_reason="MeterValuePeriodic",
                seq_no=1,
                transaction_info={"transactionId": "tx-1", "chargingState": "Charging"},
                meter_value=meter(4_100, "Sample.Periodic"),
            )
        )
        assert w.plug("FOREIGN-1").session_energy_wh == 4_000
        await w.advance(minutes=45)
        await point.call(
            calls.TransactionEvent(
                event_type="Ended",
                timestamp=now(w),
                trigger_reason="EVDeparted",
                seq_no=2,
                transaction_info={"transactionId": "tx-1", "stoppedReason": "EVDisconnected"},
                meter_value=meter(8_100, "Transaction.End"),
            )
        )
        await point.call(calls.SecurityEventNotification(type="TamperDetectionActivated", timestamp=now(w)))
        session = await w.only_session("FOREIGN-1")
        assert (session.energy_wh, session.state, session.transaction) == (8_000, SessionState.CLOSED, "tx-1")
        kept = await w.room.ask(notices, "FOREIGN-1")
        assert any(n.name == "TamperDetectionActivated" for n in kept)
    await w.until(lambda: w.view("FOREIGN-1").link is LinkState.OFFLINE, "it left")


async def test_an_ocpp_201_charge_point_boots_charges_and_leaves() -> None:
    """The same by TransactionEvent."""
    from ocpp.v201 import ChargePoint, call

    async with world() as w:
        await _two_x("ocpp2.0.1", call, ChargePoint, w)


async def test_an_ocpp_21_charge_point_boots_charges_and_leaves() -> None:
    """The same in 2.1."""
    from ocpp.v21 import ChargePoint, call

    async with world() as w:
        await _two_x("ocpp2.1", call, ChargePoint, w)
