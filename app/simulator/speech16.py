"""OCPP 1.6J as a station speaks it, with the field's variants of units and phases."""

import zlib

from app.simulator.quirky import NORMAL, Habits
from app.simulator.speech import Card, Gauge, Message, Tx
from app.simulator.wire import Payload, stamp

PHASES = ("L1", "L2", "L3")
_LOG_WORDS = {"UploadFailure": "UploadFailed", "PermissionDenied": "UploadFailed"}


def number_text(value: float) -> str:
    """A meter value as 1.6 wants it, as text, without a needless fraction."""
    return str(int(value)) if value == int(value) else f"{value:.3f}".rstrip("0")


def wobble(habits: Habits, at_ms: int) -> int:
    """The noise of a reading in Wh, the same for the same instant."""
    if not habits.noise_wh:
        return 0
    return zlib.crc32(at_ms.to_bytes(8, "big")) % (2 * habits.noise_wh + 1) - habits.noise_wh


class Speech16:
    """Puts a station's wishes into OCPP 1.6 payloads."""

    version = "1.6"

    def __init__(self, habits: Habits = NORMAL) -> None:
        self.habits = habits

    def _stamp(self, at_ms: int) -> str:
        return stamp(at_ms, self.habits.time_format)

    def boot(self, card: Card, reason: str) -> Message:
        payload: Payload = {
            "chargePointVendor": card.vendor,
            "chargePointModel": card.model,
            "chargePointSerialNumber": card.serial,
            "firmwareVersion": card.firmware,
        }
        for key, value in (
            ("iccid", card.iccid),
            ("imsi", card.imsi),
            ("meterType", card.meter_type),
            ("meterSerialNumber", card.meter_serial),
        ):
            if value:
                payload[key] = value
        return "BootNotification", payload

    def heartbeat(self) -> Message:
        return "Heartbeat", {}

    def authorize(self, token: str) -> Message:
        return "Authorize", {"idTag": token}

    def status(
        self, evse: int, connector: int, status: str, at_ms: int, error: str, vendor_error: str, info: str
    ) -> Message:
        payload: Payload = {
            "connectorId": evse,
            "errorCode": error or "NoError",
            "status": status,
            "timestamp": self._stamp(at_ms),
        }
        if vendor_error:
            payload["vendorErrorCode"] = vendor_error
        if info:
            payload["info"] = info
        return "StatusNotification", payload

    def problem(
        self, evse: int, connector: int, at_ms: int, error: str, vendor_error: str, cleared: bool, number: int
    ) -> Message | None:
        return None

    def start(self, tx: Tx, at_ms: int, gauge: Gauge, trigger: str) -> Message:
        payload: Payload = {
            "connectorId": tx.evse,
            "idTag": tx.token,
            "meterStart": 0 if self.habits.begins_at_zero else round(gauge.register_wh or 0),
            "timestamp": self._stamp(at_ms),
        }
        if tx.reservation is not None:
            payload["reservationId"] = tx.reservation
        return "StartTransaction", payload

    def state(self, tx: Tx, at_ms: int, state: str, trigger: str, gauge: Gauge | None) -> Message | None:
        return None

    def sample(self, tx: Tx, at_ms: int, gauge: Gauge) -> Message:
        payload: Payload = {"connectorId": tx.evse}
        number = tx.number if self.habits.reading_id is None else self.habits.reading_id
        if number is not None:
            payload["transactionId"] = number
        payload["meterValue"] = [
            {"timestamp": self._stamp(at_ms), "sampledValue": self.sampled(gauge, at_ms, "Sample.Periodic")}
        ]
        return "MeterValues", payload

    def stop(self, tx: Tx, at_ms: int, gauge: Gauge, reason: str, token: str) -> Message:
        number = tx.number if self.habits.stop_id is None else self.habits.stop_id
        payload: Payload = {
            "transactionId": -1 if number is None else number,
            "meterStop": round(gauge.register_wh or 0),
            "timestamp": self._stamp(at_ms),
        }
        if reason:
            payload["reason"] = reason
        if token:
            payload["idTag"] = token
        return "StopTransaction", payload

    def reading(self, evse: int, connector: int, at_ms: int, gauge: Gauge, context: str) -> Message:
        values = self.sampled(gauge, at_ms, context)
        return "MeterValues", {
            "connectorId": evse,
            "meterValue": [{"timestamp": self._stamp(at_ms), "sampledValue": values}],
        }

    def firmware_status(self, status: str, request: int | None) -> Message:
        return "FirmwareStatusNotification", {"status": status}

    def log_status(self, status: str, request: int | None) -> Message:
        return "DiagnosticsStatusNotification", {"status": _LOG_WORDS.get(status, status)}

    def security_event(self, kind: str, at_ms: int, info: str) -> Message:
        payload: Payload = {"type": kind, "timestamp": self._stamp(at_ms)}
        if info:
            payload["techInfo"] = info
        return "SecurityEventNotification", payload

    def sampled(self, gauge: Gauge, at_ms: int, context: str) -> list[Payload]:
        """The sampled values of one instant, in the station's habit of units and phases."""
        values: list[Payload] = []
        if gauge.register_wh is not None:
            values += self._energy(max(0, round(gauge.register_wh) + wobble(self.habits, at_ms)), context)
        if gauge.power_w is not None:
            values += self._power(gauge, context)
        if gauge.soc is not None:
            values.append(
                {
                    "value": str(round(gauge.soc)),
                    "context": context,
                    "measurand": "SoC",
                    "location": "EV",
                    "unit": "Percent",
                }
            )
        if gauge.celsius is not None:
            values.append(
                {
                    "value": f"{gauge.celsius:.1f}",
                    "context": context,
                    "measurand": "Temperature",
                    "location": "Outlet",
                    "unit": "Celsius",
                }
            )
        return values

    def _energy(self, register_wh: int, context: str) -> list[Payload]:
        unit = self.habits.energy_unit
        base: Payload = {"context": context, "measurand": "Energy.Active.Import.Register"}
        if unit:
            base["unit"] = "kWh" if unit == "kWh" else "Wh"

        def told(wh: float) -> str:
            return number_text(wh / 1000 if unit.startswith("kWh") else wh)

        if self.habits.phases == "each":
            third = register_wh // 3
            parts = (third, third, register_wh - 2 * third)
            return [
                {"value": told(part), **base, "phase": phase}
                for part, phase in zip(parts, PHASES, strict=True)
            ]
        if self.habits.phases == "total-as-L1":
            return [{"value": told(register_wh), **base, "phase": "L1"}]
        return [{"value": told(register_wh), **base}]

    def _power(self, gauge: Gauge, context: str) -> list[Payload]:
        power = gauge.power_w or 0
        values: list[Payload] = [
            {"value": str(round(power)), "context": context, "measurand": "Power.Active.Import", "unit": "W"}
        ]
        if self.habits.phases == "each" and gauge.phases > 1:
            live = gauge.phases - bool(gauge.dead_phase)
            amps = power / gauge.volts / live
            values += [
                {
                    "value": f"{0.0 if phase == gauge.dead_phase else amps:.1f}",
                    "context": context,
                    "measurand": "Current.Import",
                    "phase": phase,
                    "unit": "A",
                }
                for phase in PHASES[: gauge.phases]
            ]
        return values
