"""Stations in a process of their own that write down every order they got, and do some of what they are told.

Run as `python command_client.py PORT SEED OUT`; each CALL received, each answer sent and each upload that
the server acknowledged is one JSON line in OUT. Ends at end of standard input.
"""

import asyncio
import hashlib
import json
import random
import sys
import threading
from typing import IO, Any
from urllib.parse import urlsplit

from app.simulator.link import Refused, Unanswered
from app.simulator.scripted import SimStation
from app.simulator.wire import CallFailed
from app.tasks import spawn

STATIONS = tuple(f"KILL-{n}" for n in range(6))
PIECES = 12


def version_of(station: str) -> str:
    """The version a station of this test speaks."""
    return ("1.6", "2.0.1", "2.1")[int(station[-1]) % 3]


class Counting(SimStation):
    """A station that writes down, and is now and then mute, gone, or slow."""

    def __init__(self, url: str, identity: str, rng: random.Random, out: IO[str]) -> None:
        super().__init__(url, identity, version=version_of(identity), patience_s=3)
        self._dice = rng
        self._out = out
        self._heartbeat = "300"
        self.answers["DataTransfer"] = {"status": "Accepted"}
        self.answers["ChangeConfiguration"] = self._change
        self.answers["GetConfiguration"] = self._configuration
        self.answers["SetVariables"] = self._set
        self.answers["GetVariables"] = self._get

    def tell(self, **line: object) -> None:
        """Write a line."""
        self._out.write(json.dumps({"station": self.identity, **line}) + "\n")
        self._out.flush()

    def _change(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._heartbeat = payload["value"]
        return {"status": "Accepted"}

    def _configuration(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {
            "configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": self._heartbeat}]
        }

    def _set(self, payload: dict[str, Any]) -> dict[str, Any]:
        (item,) = payload["setVariableData"]
        self._heartbeat = item["attributeValue"]
        about = {"component": item["component"], "variable": item["variable"]}
        return {"setVariableResult": [{"attributeStatus": "Accepted", **about}]}

    def _get(self, payload: dict[str, Any]) -> dict[str, Any]:
        (item,) = payload["getVariableData"]
        about = {"component": item["component"], "variable": item["variable"]}
        answer = {"attributeStatus": "Accepted", "attributeValue": self._heartbeat, **about}
        return {"getVariableResult": [answer]}

    async def _answer(self, identifier: str, action: str, payload: dict[str, Any]) -> None:
        self.tell(id=identifier, action=action, text=json.dumps(payload))
        draw = self._dice.random()
        if draw < 0.08:
            return
        if draw < 0.12:
            self.drop()
            return
        if draw < 0.30:
            await asyncio.sleep(self._dice.uniform(0.05, 0.4))
        before = len(self.sent)
        await super()._answer(identifier, action, payload)
        if len(self.sent) > before:
            self.tell(answered=identifier)
        if action == "Reset" or draw > 0.97:
            self.drop()
        elif action == "GetDiagnostics":
            spawn(self._upload(payload["location"]), name="upload")
        elif action == "GetLog":
            spawn(self._upload(payload["log"]["remoteLocation"]), name="upload")

    async def _upload(self, url: str) -> None:
        """Bring a log slowly, and again where it was cut."""
        data = self._dice.randbytes(24_000)
        parts = urlsplit(url)
        for _ in range(6):
            try:
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
                head = f"PUT {parts.path}log.bin HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n"
                writer.write(head.encode())
                for at in range(0, len(data), len(data) // PIECES):
                    writer.write(data[at : at + len(data) // PIECES])
                    await writer.drain()
                    await asyncio.sleep(0.03)
                status = int((await reader.readuntil(b"\r\n")).split()[1])
                writer.close()
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.5)
                continue
            self.tell(upload=status, sha256=hashlib.sha256(data).hexdigest())
            return

    async def live(self, stop: threading.Event) -> None:
        """Be there as often as possible."""
        while not stop.is_set():
            try:
                await self.connect()
                await self.boot()
                while self.online and not stop.is_set():  # noqa: ASYNC110 - two conditions of two threads
                    await asyncio.sleep(0.05)
                await asyncio.sleep(self._dice.uniform(0, 0.3))
            except (Refused, Unanswered, CallFailed):
                await asyncio.sleep(0.1)
        await self.close()


async def main(port: int, seed: int, path: str) -> None:
    """All stations until told to stop."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    with open(path, "w", encoding="utf-8") as out:  # noqa: ASYNC230 - once, before the loop is busy
        url = f"ws://127.0.0.1:{port}/ocpp"
        await asyncio.gather(
            *(Counting(url, name, random.Random(f"{seed}/{name}"), out).live(stop) for name in STATIONS)
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
