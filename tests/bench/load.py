"""A lean OCPP 1.6 load: N stations on raw sockets, a fixed rate, one call outstanding each.

Written without a WebSocket library so that the load costs the other core as little as can be.
Run as a process: `python load.py HOST PORT STATIONS RATE SECONDS [warmup_s]`; prints one JSON
line with counts and answer times in ms. Bounded in time; loopback only.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time

from websockets.speedups import apply_mask

MIX = ("meter", "meter", "meter", "status", "meter", "meter", "heartbeat", "meter", "meter", "meter")


def masked(text: bytes) -> bytes:
    """A client text frame."""
    key = os.urandom(4)
    size = len(text)
    short = size < 126
    head = struct.pack("!BB", 0x81, 0x80 | size) if short else struct.pack("!BBH", 0x81, 0xFE, size)
    return head + key + apply_mask(text, key)


class Station(asyncio.Protocol):
    """One station: handshake, boot, start, then whatever the pacer asks for."""

    def __init__(self, number: int, ready: "asyncio.Queue[Station]", times: list[float], prefix: str) -> None:
        self.name = f"{prefix}-{number:05}"
        self.number = number
        self.ready = ready
        self.times = times
        self.buffer = b""
        self.open = False
        self.count = 0
        self.sent_at = 0.0
        self.transaction = 0
        self.step = 0
        self.energy_wh = 1000
        self.recording = False
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET /ocpp/{self.name} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.buffer.startswith(b"HTTP/1.1 101"):
                print(self.buffer[:200], file=sys.stderr)
                self.transport.close()
                return
            self.buffer = self.buffer[end + 4 :]
            self.open = True
            self.advance(None)
        while len(self.buffer) >= 2:
            opcode, size, head = self.buffer[0] & 0x0F, self.buffer[1] & 0x7F, 2
            if size == 126:
                if len(self.buffer) < 4:
                    return
                size, head = struct.unpack("!H", self.buffer[2:4])[0], 4
            if len(self.buffer) < head + size:
                return
            payload = self.buffer[head : head + size]
            self.buffer = self.buffer[head + size :]
            if opcode == 9:
                self.transport.write(b"\x8a\x80\0\0\0\0")
            elif opcode == 1:
                self.answered(payload)

    def answered(self, payload: bytes) -> None:
        if payload[1:2] == b"2" and b'"reply"' not in payload and self.step >= 3 and not self.sent_at:
            return
        if self.sent_at:
            if self.recording:
                self.times.append((time.perf_counter() - self.sent_at) * 1000)
            self.sent_at = 0.0
        if self.step < 3:
            self.advance(payload)
        else:
            self.ready.put_nowait(self)

    def advance(self, payload: bytes | None) -> None:
        self.step += 1
        if self.step == 1:
            self.call("BootNotification", {"chargePointVendor": "Load", "chargePointModel": "L1"})
        elif self.step == 2:
            self.call(
                "StartTransaction",
                {"connectorId": 1, "idTag": f"TAG{self.number}", "meterStart": 1000,
                 "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
            )  # fmt: skip
        else:
            try:
                answer = json.loads(payload or b"[]")
                self.transaction = answer[2].get("transactionId", 1) if answer[0] == 3 else 1
            except (ValueError, IndexError, AttributeError, KeyError):
                self.transaction = 1
            self.ready.put_nowait(self)

    def call(self, action: str, payload: dict) -> None:
        self.count += 1
        text = json.dumps([2, f"{self.number}-{self.count}", action, payload], separators=(",", ":"))
        self.sent_at = time.perf_counter()
        self.transport.write(masked(text.encode()))

    def say_next(self) -> None:
        kind = MIX[(self.count + self.number) % len(MIX)]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        if kind == "heartbeat":
            self.call("Heartbeat", {})
        elif kind == "status":
            status = ("Charging", "SuspendedEV")[self.count % 2]
            self.call(
                "StatusNotification",
                {"connectorId": 1, "errorCode": "NoError", "status": status, "timestamp": now},
            )
        else:
            self.energy_wh += 30
            self.call(
                "MeterValues",
                {"connectorId": 1, "transactionId": self.transaction, "meterValue": [{
                    "timestamp": now, "sampledValue": [
                        {"value": str(self.energy_wh), "measurand": "Energy.Active.Import.Register",
                         "unit": "Wh", "context": "Sample.Periodic"},
                        {"value": "10950.5", "measurand": "Power.Active.Import", "unit": "W"},
                        {"value": "15.9", "measurand": "Current.Import", "unit": "A", "phase": "L1"},
                        {"value": "15.8", "measurand": "Current.Import", "unit": "A", "phase": "L2"},
                        {"value": "15.9", "measurand": "Current.Import", "unit": "A", "phase": "L3"},
                        {"value": "63", "measurand": "SoC", "unit": "Percent"},
                    ]}]},
            )  # fmt: skip


async def main(
    host: str, port: int, stations: int, rate: float, seconds: float, warmup: float, gap_s: float, prefix: str
) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Queue[Station] = asyncio.Queue()
    times: list[float] = []
    all_stations: list[Station] = []
    for number in range(stations):
        # Spread over 127.0.0.x so that a big fleet does not run out of client ports.
        source = f"127.0.0.{2 + number // 20000}"
        _, station = await loop.create_connection(
            lambda number=number: Station(number, ready, times, prefix), host, port, local_addr=(source, 0)
        )
        all_stations.append(station)
        if gap_s and number % 20 == 19:
            await asyncio.sleep(gap_s)
    waited = time.perf_counter()
    while ready.qsize() < stations and time.perf_counter() - waited < 90:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    print(json.dumps({"connected": sum(s.open for s in all_stations)}), flush=True)
    sys.stdin.readline()
    sent = 0
    start = time.perf_counter()
    recording = False
    counted = 0
    starved = 0
    while (now := time.perf_counter()) - start < warmup + seconds:
        if not recording and now - start >= warmup:
            recording = True
            for station in all_stations:
                station.recording = True
            print(json.dumps({"measuring": True}), flush=True)
        due = int((now - start) * rate) if rate else sent + 500
        while sent < due:
            if ready.empty():
                starved += 1
                break
            ready.get_nowait().say_next()
            sent += 1
            counted += recording
        await asyncio.sleep(0.002 if rate else 0)
    times.sort()
    n = len(times)
    print(
        json.dumps(
            {
                "sent": counted,
                "answered": n,
                "seconds": seconds,
                "p50_ms": times[n // 2] if n else None,
                "p99_ms": times[int(n * 0.99)] if n else None,
                "max_ms": times[-1] if n else None,
                "lost_links": sum(s.lost for s in all_stations),
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    import uvloop

    a = sys.argv
    uvloop.run(main(a[1], int(a[2]), int(a[3]), float(a[4]), float(a[5]), float(a[6]), float(a[7]), a[8]))
