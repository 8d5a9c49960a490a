"""A client that sends any payload under any action and returns what was answered."""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.protocol.versions import SUBPROTOCOL

_ids = itertools.count(1)


class PlainClient:
    """One connection. Calls of ours that come in between are left unanswered."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def told(self, action: str, payload: Any) -> Any:
        """Send one CALL; the payload of its CALLRESULT."""
        kind, said = await self.tried(action, payload)
        assert kind == 3, (action, said)
        return said

    async def tried(self, action: str, payload: Any) -> tuple[int, Any]:
        """Send one CALL; 3 and the payload of its CALLRESULT, or 4 and the code of its CALLERROR."""
        message_id = f"m{next(_ids)}"
        await self._socket.send(json.dumps([2, message_id, action, payload]))
        while True:
            frame = json.loads(await self._socket.recv())
            if frame[0] == 2:
                continue
            assert frame[1] == message_id, (action, frame)
            return frame[0], frame[2]

    async def sent(self, action: str, payload: Any) -> None:
        """Send one SEND, which has no answer."""
        await self._socket.send(json.dumps([6, f"m{next(_ids)}", action, payload]))


@asynccontextmanager
async def plain_client(url: str, version: str = "1.6", name: str = "DEPOT-7") -> AsyncIterator[PlainClient]:
    """Connected to a control room's `url` until the block ends."""
    offered = [Subprotocol(SUBPROTOCOL[version])]
    async with connect(f"{url}/{name}", subprotocols=offered, compression=None) as socket:
        yield PlainClient(socket)
