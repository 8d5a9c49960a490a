"""A small recorded day of three stations, one for each version, in the log form."""

import json
from pathlib import Path
from typing import Any

BEGIN_S = 8 * 3600
DAY = "2026-01-05"
REGISTER = "Energy.Active.Import.Register"


def at(seconds: int) -> str:
    """A time of the day, `seconds` after eight o'clock, UTC."""
    hours, rest = divmod(BEGIN_S + seconds, 3600)
    return f"{DAY}T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}.000Z"


class Recorder:
    """Rows of a log as they were said."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self._number = 0

    def link(self, seconds: int, station: str, subprotocol: str) -> None:
        """A station connects."""
        self.rows.append(
            {"at": at(seconds), "station": station, "event": "connected", "subprotocol": subprotocol}
        )

    def gone(self, seconds: int, station: str) -> None:
        """A station is lost."""
        self.rows.append({"at": at(seconds), "station": station, "event": "disconnected"})

    def call(
        self, seconds: int, station: str, action: str, payload: dict, answer: dict | None = None
    ) -> None:
        """A station's message and our answer."""
        self._number += 1
        message_id = f"m{self._number}"
        row = {"at": at(seconds), "station": station}
        self.rows.append(row | {"event": "in", "frame": [2, message_id, action, payload]})
        self.rows.append(row | {"event": "out", "frame": [3, message_id, answer or {}]})

    def write(self, path: Path) -> Path:
        """The log as a file."""
        path.write_text("".join(json.dumps(row) + "\n" for row in self.rows), "utf-8")
        return path


def day() -> Recorder:
    """A 1.6 station charges and is lost, a 2.0.1 station charges, a third one only boots."""
    log = Recorder()
    one, two, three = "DEPOT-1", "DEPOT-2", "DEPOT-3"
    log.link(0, one, "ocpp1.6")
    boot = {"chargePointVendor": "=HYPERLINK(1)", "chargePointModel": "Wall", "firmwareVersion": "1.2"}
    log.call(1, one, "BootNotification", boot, {"status": "Accepted", "currentTime": at(1), "interval": 300})
    for seconds, word in ((2, "Available"), (60, "Preparing"), (70, "Charging"), (1900, "Available")):
        status = {"connectorId": 1, "errorCode": "NoError", "status": word, "timestamp": at(seconds)}
        log.call(seconds, one, "StatusNotification", status)
        if word == "Charging":
            start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1_000, "timestamp": at(65)}
            log.call(
                65, one, "StartTransaction", start, {"idTagInfo": {"status": "Accepted"}, "transactionId": 77}
            )
            for n in range(1, 4):
                log.call(65 + n * 600, one, "MeterValues", _values_16(65 + n * 600, 1_000 + n * 500))
    stop = {
        "transactionId": 77,
        "idTag": "ANNA",
        "meterStop": 2_600,
        "timestamp": at(1890),
        "reason": "Local",
    }
    log.call(1891, one, "StopTransaction", stop)
    log.gone(4_000, one)
    log.link(100, two, "ocpp2.0.1")
    station = {"chargingStation": {"vendorName": "Volta", "model": "Two"}, "reason": "PowerUp"}
    log.call(
        101, two, "BootNotification", station, {"status": "Accepted", "currentTime": at(101), "interval": 300}
    )
    log.call(200, two, "TransactionEvent", _event("Started", 200, 0, 5_000))
    log.call(800, two, "TransactionEvent", _event("Updated", 800, 1, 7_000))
    log.call(900, two, "TransactionEvent", _event("Ended", 900, 2, 8_000))
    log.link(300, three, "ocpp2.1")
    log.call(
        301,
        three,
        "BootNotification",
        station,
        {"status": "Accepted", "currentTime": at(301), "interval": 300},
    )
    log.rows.sort(key=lambda row: row["at"])
    return log


def _values_16(seconds: int, wh: int) -> dict[str, Any]:
    sampled = [
        {"value": str(wh), "measurand": REGISTER, "unit": "Wh"},
        {"value": "11000", "measurand": "Power.Active.Import", "unit": "W"},
    ]
    return {
        "connectorId": 1,
        "transactionId": 77,
        "meterValue": [{"timestamp": at(seconds), "sampledValue": sampled}],
    }


def _event(kind: str, seconds: int, seq: int, wh: int) -> dict[str, Any]:
    value = {"timestamp": at(seconds), "sampledValue": [{"value": wh, "measurand": REGISTER}]}
    trigger = {"Started": "Authorized", "Updated": "MeterValuePeriodic", "Ended": "StopAuthorized"}[kind]
    event = {
        "eventType": kind,
        "timestamp": at(seconds),
        "triggerReason": trigger,
        "seqNo": seq,
        "transactionInfo": {"transactionId": "tx-1", "chargingState": "Charging"},
        "meterValue": [value],
    }
    if kind == "Started":
        event |= {"evse": {"id": 1, "connectorId": 1}, "idToken": {"idToken": "BERT", "type": "ISO14443"}}
    if kind == "Ended":
        event["transactionInfo"] |= {"stoppedReason": "Local"}
    return event
