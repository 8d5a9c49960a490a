"""What stations say, in one language for OCPP 1.6, 2.0.1 and 2.1. Facts only; no verdicts.

Every event names its station and two times: `at_ms`, the station's own time where its clock
is trusted (else the time of receipt), and `received_ms`, ours. Milliseconds since 1970, UTC.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from app.domain.fact import Fact
from app.domain.ids import StationId, TransactionId
from app.domain.meter import Reading
from app.domain.status import ConnectorStatus


class Token(Fact, frozen=True):
    """What a driver showed: RFID, app, plug-and-charge. `kind` is "" where 1.6 names none."""

    value: str
    kind: str = ""
    group: str = ""


class Booted(Fact, frozen=True):
    """A station told who it is (BootNotification). Texts whole, however long (Q15)."""

    station: StationId
    at_ms: int
    received_ms: int
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    iccid: str = ""
    imsi: str = ""
    meter_serial: str = ""
    meter_type: str = ""
    reason: str = ""


class HeartbeatSeen(Fact, frozen=True):
    """A sign of life that says nothing else."""

    station: StationId
    at_ms: int
    received_ms: int


class TokenShown(Fact, frozen=True):
    """Somebody asked to be authorised (Authorize)."""

    station: StationId
    at_ms: int
    received_ms: int
    token: Token


class StatusReported(Fact, frozen=True):
    """A connector told its state. evse 0 = the whole station; connector 0 = the whole EVSE.

    `error` is "" for NoError. `live` is False for one that is old (queued while offline).
    """

    station: StationId
    at_ms: int
    received_ms: int
    evse: int
    connector: int
    status: ConnectorStatus
    error: str = ""
    vendor_error: str = ""
    vendor: str = ""
    info: str = ""
    raw_status: str = ""
    live: bool = True


class Phase(StrEnum):
    """Which part of a transaction an event tells."""

    STARTED = "started"
    UPDATED = "updated"
    ENDED = "ended"


class TransactionReported(Fact, frozen=True):
    """One word about a transaction: 1.6 Start/StopTransaction, 2.x TransactionEvent.

    Fields are None (or "") where the station did not say. In 1.6 a start carries no
    `transaction`: the sessions room issues one. `time_trusted` is False where `at_ms` had to be
    the time of receipt. `live` is False for what was queued while offline.
    """

    station: StationId
    at_ms: int
    received_ms: int
    phase: Phase
    transaction: TransactionId | None
    evse: int | None = None
    connector: int | None = None
    token: Token | None = None
    meter_wh: int | None = None
    said_ms: int | None = None
    time_trusted: bool = True
    live: bool = True
    offline: bool = False
    seq_no: int | None = None
    charging_state: str = ""
    trigger: str = ""
    reason: str = ""
    reservation: int | None = None
    remote_start: int | None = None
    readings: tuple[Reading, ...] = ()


class MeterSampled(Fact, frozen=True):
    """Meter values outside a transaction event (MeterValues). evse 0 = the main meter."""

    station: StationId
    at_ms: int
    received_ms: int
    evse: int
    connector: int
    transaction: TransactionId | None
    readings: tuple[Reading, ...]
    live: bool = True


class Noticed(Fact, frozen=True):
    """Whatever else a station reports: security events, firmware and log progress, reports, ...

    Kept as history under its `subject` and shown in the station's log. `subject` is one of
    SUBJECTS; `name` its state or type ("Downloading", "TamperDetectionActivated"); `detail` the
    payload that matters, JSON-ready; `critical` asks for a place in the list of what is wrong.
    """

    station: StationId
    at_ms: int
    received_ms: int
    subject: str
    name: str
    detail: Mapping[str, Any] = msgspec.field(default_factory=dict)
    evse: int | None = None
    connector: int | None = None
    critical: bool = False


SUBJECTS = (
    "boot", "token",
    "security", "firmware", "log", "certificate", "report", "monitoring", "event", "customer",
    "display", "profile", "limit", "ev-needs", "ev-schedule", "reservation", "stream", "payment",
    "tariff", "der", "battery-swap", "priority", "data-transfer", "other",
)  # fmt: skip


Event = Booted | HeartbeatSeen | TokenShown | StatusReported | TransactionReported | MeterSampled | Noticed
