"""Stations in a process of their own that remember every answer they got, whatever the server does.

Run as `python kill_client.py PORT STATIONS SEED OUT`; each answered transaction message is one JSON
line in OUT. A message without an answer is repeated, with the same id, on the next link. Ends at
end of standard input.
"""

import asyncio
import json
import random
import sys
import threading
from typing import IO

import websockets

BEGIN_MS = 1_767_225_600_000


def stamp(ms: int) -> str:
    """An OCPP time with milliseconds."""
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds - BEGIN_MS // 1000, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"2026-01-{1 + days % 28:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}Z"


async def station(name: str, port: int, rng: random.Random, out: IO[str], stop: threading.Event) -> None:
    """Charge one car after the other until told to stop."""
    number, register, told_ms = 0, 1_000, BEGIN_MS
    waiting: list[object] | None = None
    transaction = 0
    step = "start"
    start: dict[str, object] = {}
    while not stop.is_set():
        try:
            async with websockets.connect(
                f"ws://127.0.0.1:{port}/ocpp/{name}",
                subprotocols=["ocpp1.6"],
                compression=None,
                open_timeout=2,
                ping_interval=None,
            ) as link:
                while not stop.is_set():
                    if waiting is None:
                        number += 1
                        told_ms += rng.randrange(1_000, 60_000)
                        register += rng.randrange(0, 100)
                        now = stamp(told_ms)
                        if step == "start":
                            start = {
                                "connectorId": 1,
                                "idTag": f"T{rng.randrange(9)}",
                                "meterStart": register,
                                "timestamp": now,
                            }
                            waiting = [2, f"{number}", "StartTransaction", start]
                        elif step == "sample":
                            sample = {
                                "value": str(register),
                                "measurand": "Energy.Active.Import.Register",
                                "unit": "Wh",
                            }
                            values = [{"timestamp": now, "sampledValue": [sample]}]
                            waiting = [
                                2,
                                f"{number}",
                                "MeterValues",
                                {"connectorId": 1, "transactionId": transaction, "meterValue": values},
                            ]
                        else:
                            waiting = [
                                2,
                                f"{number}",
                                "StopTransaction",
                                {"transactionId": transaction, "meterStop": register, "timestamp": now},
                            ]
                    await link.send(json.dumps(waiting))
                    while True:
                        answer = json.loads(await asyncio.wait_for(link.recv(), 20))
                        if answer[0] == 3 and answer[1] == waiting[1]:
                            break
                        if answer[0] == 2:
                            await link.send(json.dumps([4, answer[1], "NotSupported", "", {}]))
                    out.write(
                        json.dumps({"station": name, "sent": waiting, "answer": answer[2], "start": start})
                        + "\n"
                    )
                    out.flush()
                    waiting = None
                    if step == "start":
                        transaction = answer[2]["transactionId"]
                        step = "sample"
                    elif step == "sample":
                        step = "stop" if rng.random() < 0.4 else "sample"
                    else:
                        step = "start"
        except (OSError, websockets.WebSocketException, TimeoutError):
            await asyncio.sleep(0.05)


async def main(port: int, stations: int, seed: int, path: str) -> None:
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    with open(path, "w", encoding="utf-8") as out:  # noqa: ASYNC230 - once, before the loop is busy
        await asyncio.gather(
            *(station(f"KILL-{n}", port, random.Random(seed * 1000 + n), out, stop) for n in range(stations))
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
