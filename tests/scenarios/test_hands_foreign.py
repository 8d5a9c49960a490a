"""`forecourt send` and the desk reach a client we did not write, the `ocpp` package's, in each version."""

import asyncio
import io
import json
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from typing import Any

import pytest
import websockets
from ocpp.exceptions import NotSupportedError
from ocpp.routing import on

from app.cli import main
from app.domain import operations as op
from app.domain.operations import CommandState
from app.store.readers.others import commands
from tests.helpers.hands import wish
from tests.helpers.world import World, world

NAME = "FOREIGN-1"
WHO = {"model": "Model X", "vendorName": "Vendor Y"}
SUBPROTOCOLS = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}


def package(version: str) -> tuple[Any, Any, Any]:
    """The package's ChargePoint, calls and answers of a version."""
    if version == "1.6":
        from ocpp.v16 import ChargePoint, call, call_result
    elif version == "2.0.1":
        from ocpp.v201 import ChargePoint, call, call_result
    else:
        from ocpp.v21 import ChargePoint, call, call_result
    return ChargePoint, call, call_result


def point_of(version: str) -> Any:
    """A station that clears its cache and resets, and refuses vendor data and reservations."""
    kind, _, answers = package(version)

    class Point(kind):  # type: ignore[misc,valid-type]
        @on("ClearCache")
        def clear(self, **_: Any) -> Any:
            return answers.ClearCache("Accepted")

        @on("DataTransfer")
        def transfer(self, **_: Any) -> Any:
            return answers.DataTransfer("UnknownVendorId")

        @on("Reset")
        def reset(self, **_: Any) -> Any:
            return answers.Reset("Accepted")

        @on("CancelReservation")
        def cancel(self, **_: Any) -> Any:
            raise NotSupportedError(description="no reservations here")

    return Point


@asynccontextmanager
async def client(w: World, version: str):
    """Such a station, connected, booted, and ready to be sent commands."""
    _, calls, _ = package(version)
    async with websockets.connect(f"{w.url}/{NAME}", subprotocols=[SUBPROTOCOLS[version]]) as link:
        point = point_of(version)(NAME, link)
        reading = asyncio.ensure_future(point.start())
        if version == "1.6":
            await point.call(calls.BootNotification("Model X", "Vendor Y"))
        else:
            await point.call(
                calls.BootNotification({"model": "Model X", "vendorName": "Vendor Y"}, "PowerUp")
            )
        await w.advance(seconds=10)
        try:
            yield point, calls
        finally:
            reading.cancel()
            await asyncio.wait([reading])


def send(w: World, *words: str) -> tuple[int, str, str]:
    """`forecourt send` on the running instance: exit code, what it printed, what it complained of."""
    out, complaint = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaint):
        code = main(["send", *words, "--data", str(w.data_dir)])
    return code, out.getvalue(), complaint.getvalue()


@pytest.mark.parametrize("version", SUBPROTOCOLS)
async def test_send_prints_the_answer_and_fails_as_it_should(version: str) -> None:
    """The payload on success; 1 for a CALLERROR, a message against the schema, and an absent station."""
    async with world() as w, client(w, version):
        in_thread = asyncio.get_running_loop().run_in_executor
        code, out, _ = await in_thread(None, lambda: send(w, NAME, "ClearCache", "{}"))
        assert (code, json.loads(out)) == (0, {"status": "Accepted"})
        code, out, _ = await in_thread(None, lambda: send(w, NAME, "DataTransfer", '{"vendorId": "x"}'))
        assert (code, json.loads(out)) == (0, {"status": "UnknownVendorId"})
        code, out, complaint = await in_thread(
            None, lambda: send(w, NAME, "CancelReservation", '{"reservationId": 1}')
        )
        assert (code, out) == (1, "")
        assert "answered with an error" in complaint
        code, _, complaint = await in_thread(None, lambda: send(w, NAME, "ClearCache", '{"x": 1}'))
        assert (code, "does not allow it" in complaint) == (1, True)
        code, _, complaint = await in_thread(None, lambda: send(w, "NOBODY", "ClearCache", "{}"))
        assert (code, "not connected, so nothing was sent" in complaint) == (1, True)
        log = await w.room.ask(commands, NAME)
        assert [(c.action, c.outcome, c.asked_by) for c in reversed(log)] == [
            ("ClearCache", "done", "command line"),
            ("DataTransfer", "refused", "command line"),
            ("CancelReservation", "refused", "command line"),
        ]


@pytest.mark.parametrize("version", SUBPROTOCOLS)
async def test_the_desk_proves_what_a_foreign_station_did(version: str) -> None:
    """It accepts a reset, says who it is again and how its connector is."""
    async with world() as w, client(w, version) as (point, calls):
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True), NAME))
        assert (await w.room.desk.answered(number)).outcome == CommandState.ACCEPTED
        if version == "1.6":
            await point.call(calls.BootNotification("Model X", "Vendor Y"))
        else:
            await point.call(calls.BootNotification(WHO, "RemoteReset"))
        assert (await w.room.desk.ended(number)).outcome == CommandState.PROVED
