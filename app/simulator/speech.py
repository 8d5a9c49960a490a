"""What a station wants to say, whatever its OCPP version; `speech16` and `speech2x` put it into words."""

from dataclasses import dataclass
from typing import Protocol

from app.simulator.wire import Payload

Message = tuple[str, Payload]
"""An action and its payload."""


@dataclass(frozen=True, slots=True)
class Card:
    """Who a station says it is when it boots."""

    vendor: str = "Varnholt"
    model: str = "Duet 22"
    serial: str = "VH-000001"
    firmware: str = "3.8.1"
    iccid: str = ""
    imsi: str = ""
    meter_type: str = ""
    meter_serial: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """What the meter and the car show at one moment. None = not told.

    `register_wh` is the lifetime import register in Wh, `power_w` in W, `soc` in percent,
    `volts` between phase and neutral (AC) or at the plug (DC), `phases` in use, of which
    `dead_phase` carries nothing; `celsius` at the plug.
    """

    register_wh: float | None
    power_w: float | None = None
    soc: float | None = None
    volts: float = 230
    phases: int = 3
    dead_phase: str = ""
    celsius: float | None = None


@dataclass(slots=True)
class Tx:
    """A transaction as the station keeps it. `number` is the server's (1.6), `uid` the station's (2.x)."""

    evse: int
    connector: int
    token: str
    uid: str
    number: int | None = None
    seq_no: int = 0
    remote_start: int | None = None
    reservation: int | None = None
    offline: bool = False

    def next_seq(self) -> int:
        """The sequence number of the next TransactionEvent."""
        self.seq_no += 1
        return self.seq_no - 1


class Speech(Protocol):
    """The words of one version. Times are ms UTC by the station's own clock."""

    version: str

    def boot(self, card: Card, reason: str) -> Message:
        """BootNotification."""

    def heartbeat(self) -> Message:
        """Heartbeat."""

    def authorize(self, token: str) -> Message:
        """Authorize."""

    def status(
        self, evse: int, connector: int, status: str, at_ms: int, error: str, vendor_error: str, info: str
    ) -> Message:
        """StatusNotification; `status` and `error` in the words of 1.6."""

    def problem(
        self, evse: int, connector: int, at_ms: int, error: str, vendor_error: str, cleared: bool, number: int
    ) -> Message | None:
        """What 2.x tells of a fault beside the status; None in 1.6."""

    def start(self, tx: Tx, at_ms: int, gauge: Gauge, trigger: str) -> Message:
        """A transaction begins."""

    def state(self, tx: Tx, at_ms: int, state: str, trigger: str, gauge: Gauge | None) -> Message | None:
        """Its charging state changes; None in 1.6, where the status says so."""

    def sample(self, tx: Tx, at_ms: int, gauge: Gauge) -> Message:
        """Its meter is read."""

    def stop(self, tx: Tx, at_ms: int, gauge: Gauge, reason: str, token: str) -> Message:
        """It ends; `token` "" where nobody showed one."""

    def reading(self, evse: int, connector: int, at_ms: int, gauge: Gauge, context: str) -> Message:
        """The meter is read outside a transaction."""

    def firmware_status(self, status: str, request: int | None) -> Message:
        """FirmwareStatusNotification."""

    def log_status(self, status: str, request: int | None) -> Message:
        """Progress of an upload: Uploading, Uploaded, UploadFailure."""

    def security_event(self, kind: str, at_ms: int, info: str) -> Message:
        """SecurityEventNotification."""
