"""A server of a few lines for tests of the simulator: it knows OCPP's schemas and nothing of Forecourt."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema_rs
import ocpp
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

SUBPROTOCOLS = [Subprotocol(name) for name in ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")]
VERSIONS = ("1.6", "2.0.1", "2.1")
FOLDERS = {"1.6": "v16", "2.0.1": "v201", "2.1": "v21"}
_validators: dict[tuple[str, str, bool], Any] = {}


def validator(version: str, action: str, response: bool = False) -> Any:
    key = (version, action, response)
    if key not in _validators:
        folder = Path(ocpp.__file__).parent / FOLDERS[version] / "schemas"
        tail = "Response" if response else "" if version == "1.6" else "Request"
        schema = json.loads((folder / f"{action}{tail}.json").read_text(encoding="utf-8-sig"))
        _validators[key] = jsonschema_rs.validator_for(schema, validate_formats=True)
    return _validators[key]


class Echo:
    """A server of a few lines: keeps what it hears, answers what a station needs, judges by schema."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.frames: list[str] = []
        self.invalid: list[str] = []
        self.sockets: list[ServerConnection] = []
        self.paths: list[str] = []
        self.judge = True
        self.broken: list[str] = []
        self.errors: dict[str, str] = {}
        self.results: asyncio.Queue[list[Any]] = asyncio.Queue()
        self.url = ""
        self._transactions = 100

    def answer(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        if action == "BootNotification":
            return {"status": "Accepted", "currentTime": "2026-01-05T08:00:00Z", "interval": 300}
        if action == "Heartbeat":
            return {"currentTime": "2026-01-05T08:00:00Z"}
        if action == "Authorize":
            return {"idTagInfo" if "idTag" in payload else "idTokenInfo": {"status": "Accepted"}}
        if action == "StartTransaction":
            self._transactions += 1
            return {"transactionId": self._transactions, "idTagInfo": {"status": "Accepted"}}
        if action == "TransactionEvent" and "idToken" in payload:
            return {"idTokenInfo": {"status": "Accepted"}}
        return {}

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        self.paths.append(socket.request.path if socket.request else "")
        try:
            async for text in socket:
                await self.hear(socket, text)
        except ConnectionClosed as error:
            self.broken.append(str(error))

    async def hear(self, socket: ServerConnection, text: str | bytes) -> None:
        self.frames.append(str(text))
        try:
            frame = json.loads(text)
        except ValueError:
            return
        if frame[0] != 2:
            self.results.put_nowait(frame)
            return
        _, identifier, action, payload = frame
        self.heard.append((action, payload))
        if self.judge:
            errors = validator(self.version, action).iter_errors(payload)
            self.invalid += [f"{action}: {error.message}" for error in errors]
        if action in self.errors:
            await socket.send(json.dumps([4, identifier, self.errors[action], "", {}]))
        else:
            await socket.send(json.dumps([3, identifier, self.answer(action, payload)]))

    async def call(self, action: str, payload: dict[str, Any]) -> list[Any]:
        await self.sockets[-1].send(json.dumps([2, "srv-1", action, payload]))
        return await asyncio.wait_for(self.results.get(), 5)

    def actions(self) -> list[str]:
        return [action for action, _ in self.heard]

    def events(self) -> list[dict[str, Any]]:
        return [payload for action, payload in self.heard if action == "TransactionEvent"]


@asynccontextmanager
async def echo(version: str, **options: Any) -> AsyncIterator[Echo]:
    server = Echo(version)
    async with serve(
        server.serve,
        "127.0.0.1",
        0,
        subprotocols=["ocpp1.6", "ocpp2.0.1", "ocpp2.1"],
        compression=None,
        **options,
    ) as s:
        server.url = f"ws://127.0.0.1:{s.sockets[0].getsockname()[1]}/"
        yield server
