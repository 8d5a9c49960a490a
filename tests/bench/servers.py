"""What Forecourt is measured against: a raw echo, and a bare server made of the `ocpp` package.

Run as a process: `python servers.py echo|ocpp`; prints `ready ws://127.0.0.1:PORT/` first.
Both on plain asyncio, as their own documentation shows them.
"""

import asyncio
import logging
import sys
from datetime import UTC, datetime
from typing import Any

import websockets


async def echo(connection: Any) -> None:
    """Answer each call with an empty result of the same id, without looking inside."""
    async for text in connection:
        end = text.index('"', 4)
        await connection.send(f"[3,{text[3 : end + 1]},{{}}]")


async def serve_echo() -> None:
    async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["ocpp1.6"], compression=None) as server:
        print(f"ready ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await asyncio.Future()


async def serve_ocpp() -> None:
    from ocpp.routing import on
    from ocpp.v16 import ChargePoint, call_result
    from ocpp.v16.enums import AuthorizationStatus, RegistrationStatus

    now = lambda: datetime.now(UTC).isoformat()  # noqa: E731

    class Bare(ChargePoint):  # type: ignore[misc]
        @on("BootNotification")
        def boot(self, **_: Any) -> Any:
            return call_result.BootNotification(now(), 300, RegistrationStatus.accepted)

        @on("Heartbeat")
        def heartbeat(self, **_: Any) -> Any:
            return call_result.Heartbeat(now())

        @on("StatusNotification")
        def status(self, **_: Any) -> Any:
            return call_result.StatusNotification()

        @on("StartTransaction")
        def start_transaction(self, **_: Any) -> Any:
            return call_result.StartTransaction(1, {"status": AuthorizationStatus.accepted})

        @on("MeterValues")
        def meter(self, **_: Any) -> Any:
            return call_result.MeterValues()

    async def station(connection: Any) -> None:
        point = Bare(connection.request.path.rsplit("/", 1)[-1], connection)
        try:
            await point.start()
        except websockets.ConnectionClosed:
            return

    logging.disable(logging.CRITICAL)
    async with websockets.serve(
        station, "127.0.0.1", 0, subprotocols=["ocpp1.6"], compression=None
    ) as server:
        print(f"ready ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run({"echo": serve_echo, "ocpp": serve_ocpp}[sys.argv[1]]())
