"""Busy stations, told as a log: 14 sessions a day, a meter value of 7 or 8 channels each minute.

What the budget on disk means by busy. Noise is of the size real meters have (tenths of volts and
amperes), since that is what no packing can take away; half of the stations number their messages
with UUIDs, as most libraries do.
"""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge

from app.domain.records import JournalKind, JournalRow

SESSIONS_PER_DAY = 14
MINUTES = 40
"""How long a session is: as many meter values, one a minute."""
DAY_MS = 86_400_000


def rows(stations: int, days: int, start_ms: int, seed: int = 1) -> Iterator[JournalRow]:
    """The log of `days` of busy stations from `start_ms` on, in order of time."""
    numbers = iter(range(1, 1 << 40))
    return merge(
        *(_station(n, days, start_ms, numbers, seed) for n in range(stations)), key=lambda row: row.at_ms
    )


def _stamp(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03}Z"


class _Talker:
    def __init__(self, n: int, seed: int) -> None:
        self.rng = random.Random(f"{seed}/{n}")
        self.name = f"BUSY-{n:03}"
        self.uuids = n % 2 == 0
        self.direct = n % 4 == 1
        self._count = 0
        self.wh = self.rng.randrange(1_000_000, 90_000_000)

    def says(self, at_ms: int, action: str, payload: object, answer: object) -> JournalRow:
        self._count += 1
        number = str(uuid.UUID(int=self.rng.getrandbits(128), version=4)) if self.uuids else str(self._count)
        late = at_ms + self.rng.randrange(30, 400)
        return JournalRow(
            late, self.name, JournalKind.IN, json.dumps([2, number, action, payload], separators=(",", ":")),
            json.dumps([3, number, answer], separators=(",", ":")), "ocpp1.6",
        )  # fmt: skip

    def status(self, at_ms: int, status: str) -> JournalRow:
        told = {"connectorId": 1, "errorCode": "NoError", "status": status, "timestamp": _stamp(at_ms)}
        return self.says(at_ms, "StatusNotification", told, {})

    def values(self, minute: int) -> list[dict[str, str]]:
        rng = self.rng
        power = (150_000 * (1 - minute / 55) if self.direct else 11_000) + rng.gauss(0, 40)
        self.wh += round(power / 60)
        told = [
            ("Energy.Active.Import.Register", "", f"{self.wh}", "Wh"),
            ("Power.Active.Import", "", f"{power:.1f}", "W"),
        ]
        for phase in ("L1", "L2", "L3"):
            volts = rng.gauss(231, 1.2)
            told.append(("Current.Import", phase, f"{power / 3 / volts:.2f}", "A"))
            if not self.direct:
                told.append(("Voltage", f"{phase}-N", f"{volts:.1f}", "V"))
        if self.direct:
            told += [("SoC", "", f"{20 + minute * 1.5:.0f}", "Percent"),
                     ("Temperature", "", f"{rng.gauss(38, 0.4):.1f}", "Celsius")]  # fmt: skip
        return [
            {"value": value, "context": "Sample.Periodic", "format": "Raw", "measurand": measurand}
            | ({"phase": phase} if phase else {})
            | {"location": "Outlet", "unit": unit}
            for measurand, phase, value, unit in told
        ]


def _station(n: int, days: int, start_ms: int, numbers: Iterator[int], seed: int) -> Iterator[JournalRow]:
    one = _Talker(n, seed)
    at = start_ms + one.rng.randrange(60_000)
    yield JournalRow(at, one.name, JournalKind.CONNECTED, "{}", subprotocol="ocpp1.6")
    boot = {"chargePointVendor": "Busy", "chargePointModel": "B1", "firmwareVersion": "1.0"}
    yield one.says(at + 500, "BootNotification", boot,
                   {"currentTime": _stamp(at + 600), "interval": 300, "status": "Accepted"})  # fmt: skip
    gap = DAY_MS // SESSIONS_PER_DAY
    for k in range(days * SESSIONS_PER_DAY):
        at = start_ms + 120_000 + k * gap + one.rng.randrange(gap - (MINUTES + 5) * 60_000)
        tag = f"04{one.rng.randrange(1 << 40):010X}80"
        number = next(numbers)
        yield one.status(at, "Preparing")
        yield one.says(at + 3_000, "Authorize", {"idTag": tag}, {"idTagInfo": {"status": "Accepted"}})
        begin = {"connectorId": 1, "idTag": tag, "meterStart": one.wh, "timestamp": _stamp(at + 5_000)}
        yield one.says(at + 5_000, "StartTransaction", begin,
                       {"transactionId": number, "idTagInfo": {"status": "Accepted"}})  # fmt: skip
        yield one.status(at + 7_000, "Charging")
        for minute in range(MINUTES):
            now = at + 10_000 + minute * 60_000 + one.rng.randrange(40)
            value = {"timestamp": _stamp(now), "sampledValue": one.values(minute)}
            told = {"connectorId": 1, "transactionId": number, "meterValue": [value]}
            yield one.says(now, "MeterValues", told, {})
        end = at + 10_000 + MINUTES * 60_000
        stop = {"transactionId": number, "idTag": tag, "meterStop": one.wh, "timestamp": _stamp(end),
                "reason": "EVDisconnected"}  # fmt: skip
        yield one.says(end, "StopTransaction", stop, {"idTagInfo": {"status": "Accepted"}})
        yield one.status(end + 2_000, "Finishing")
        yield one.status(end + 60_000, "Available")
