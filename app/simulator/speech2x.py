"""OCPP 2.0.1 and 2.1 as a station speaks them."""

from typing import Any

from app.simulator.quirky import NORMAL, Habits
from app.simulator.speech import Card, Gauge, Message, Tx
from app.simulator.speech16 import wobble
from app.simulator.wire import Payload, stamp

CONNECTOR_STATUS = {
    "Available": "Available",
    "Reserved": "Reserved",
    "Unavailable": "Unavailable",
    "Faulted": "Faulted",
}
"""1.6's other words are all Occupied here; the transaction tells the rest."""

PROBLEMS = {
    "ConnectorLockFailure": ("ConnectorPlugRetentionLock", "Problem"),
    "GroundFailure": ("RCD", "Tripped"),
    "HighTemperature": ("TemperatureSensor", "Problem"),
    "OverCurrentFailure": ("OverCurrentBreaker", "Tripped"),
    "OverVoltage": ("ElectricalFeed", "Problem"),
    "UnderVoltage": ("ElectricalFeed", "Problem"),
    "PowerMeterFailure": ("FiscalMetering", "Problem"),
    "PowerSwitchFailure": ("PowerContactor", "Problem"),
    "ReaderFailure": ("TokenReader", "Problem"),
    "InternalError": ("Controller", "Problem"),
    "EVCommunicationError": ("CPPWMController", "Problem"),
    "WeakSignal": ("DataLink", "Problem"),
}
"""Component and variable of 2.x (its appendix of referenced components) for 1.6's error codes."""

STOP_TRIGGERS = {
    "EVDisconnected": "EVDeparted",
    "Remote": "RemoteStop",
    "DeAuthorized": "Deauthorized",
    "Local": "StopAuthorized",
    "EnergyLimitReached": "EnergyLimitReached",
    "TimeLimitReached": "TimeLimitReached",
    "StoppedByEV": "ChargingStateChanged",
    "PowerLoss": "AbnormalCondition",
    "ImmediateReset": "ResetCommand",
    "Reboot": "AbnormalCondition",
    "EmergencyStop": "AbnormalCondition",
    "GroundFault": "AbnormalCondition",
    "OvercurrentFault": "AbnormalCondition",
    "Other": "AbnormalCondition",
}
REASONS_FROM_16 = {
    "HardReset": "ImmediateReset",
    "SoftReset": "ImmediateReset",
    "UnlockCommand": "Other",
}


class Speech2x:
    """Puts a station's wishes into OCPP 2.0.1 or 2.1 payloads."""

    def __init__(self, version: str = "2.0.1", habits: Habits = NORMAL) -> None:
        self.version = version
        self.habits = habits

    def _stamp(self, at_ms: int) -> str:
        return stamp(at_ms, self.habits.time_format)

    def boot(self, card: Card, reason: str) -> Message:
        station: Payload = {
            "model": card.model,
            "vendorName": card.vendor,
            "serialNumber": card.serial,
            "firmwareVersion": card.firmware,
        }
        modem = {k: v for k, v in (("iccid", card.iccid), ("imsi", card.imsi)) if v}
        if modem:
            station["modem"] = modem
        return "BootNotification", {"reason": reason or "PowerUp", "chargingStation": station}

    def heartbeat(self) -> Message:
        return "Heartbeat", {}

    def authorize(self, token: str) -> Message:
        return "Authorize", {"idToken": _token(token)}

    def status(
        self, evse: int, connector: int, status: str, at_ms: int, error: str, vendor_error: str, info: str
    ) -> Message:
        return "StatusNotification", {
            "timestamp": self._stamp(at_ms),
            "connectorStatus": CONNECTOR_STATUS.get(status, "Occupied"),
            "evseId": evse,
            "connectorId": connector,
        }

    def problem(
        self, evse: int, connector: int, at_ms: int, error: str, vendor_error: str, cleared: bool, number: int
    ) -> Message | None:
        name, variable = PROBLEMS.get(error, ("Controller", "Problem"))
        component: Payload = {"name": name}
        if evse:
            component["evse"] = {"id": evse, "connectorId": connector} if connector else {"id": evse}
        event: Payload = {
            "eventId": number,
            "timestamp": self._stamp(at_ms),
            "trigger": "Alerting",
            "actualValue": "false" if cleared else "true",
            "eventNotificationType": "HardWiredNotification",
            "component": component,
            "variable": {"name": variable},
        }
        if self.version == "2.1":
            event["severity"] = 2
        if vendor_error:
            event["techCode"] = vendor_error
        if error:
            event["techInfo"] = error
        if cleared:
            event["cleared"] = True
        return "NotifyEvent", {"generatedAt": self._stamp(at_ms), "seqNo": 0, "eventData": [event]}

    def start(self, tx: Tx, at_ms: int, gauge: Gauge, trigger: str) -> Message:
        if self.habits.begins_at_zero:
            gauge = Gauge(0, gauge.power_w, gauge.soc, gauge.volts, gauge.phases)
        info: Payload = {"transactionId": tx.uid, "chargingState": "EVConnected"}
        if tx.remote_start is not None:
            info["remoteStartId"] = tx.remote_start
        event = self._event(tx, at_ms, "Started", trigger or "Authorized", info)
        event["evse"] = {"id": tx.evse, "connectorId": tx.connector}
        if tx.token:
            event["idToken"] = _token(tx.token)
        if tx.reservation is not None:
            event["reservationId"] = tx.reservation
        event["meterValue"] = self._meter(gauge, at_ms, "Transaction.Begin")
        return "TransactionEvent", event

    def state(self, tx: Tx, at_ms: int, state: str, trigger: str, gauge: Gauge | None) -> Message | None:
        info = {"transactionId": tx.uid, "chargingState": state}
        event = self._event(tx, at_ms, "Updated", trigger or "ChargingStateChanged", info)
        if gauge is not None:
            event["meterValue"] = self._meter(gauge, at_ms, "Other")
        return "TransactionEvent", event

    def sample(self, tx: Tx, at_ms: int, gauge: Gauge) -> Message:
        info: Payload = {"transactionId": tx.uid}
        event = self._event(tx, at_ms, "Updated", "MeterValuePeriodic", info)
        event["meterValue"] = self._meter(gauge, at_ms, "Sample.Periodic")
        return "TransactionEvent", event

    def stop(self, tx: Tx, at_ms: int, gauge: Gauge, reason: str, token: str) -> Message:
        reason = REASONS_FROM_16.get(reason, reason) or "Local"
        shown = tx.uid if self.habits.stop_id is None else str(self.habits.stop_id)
        info = {"transactionId": shown, "chargingState": "EVConnected", "stoppedReason": reason}
        event = self._event(tx, at_ms, "Ended", STOP_TRIGGERS.get(reason, "StopAuthorized"), info)
        if token:
            event["idToken"] = _token(token)
        event["meterValue"] = self._meter(gauge, at_ms, "Transaction.End")
        return "TransactionEvent", event

    def reading(self, evse: int, connector: int, at_ms: int, gauge: Gauge, context: str) -> Message:
        return "MeterValues", {"evseId": evse, "meterValue": self._meter(gauge, at_ms, context)}

    def firmware_status(self, status: str, request: int | None) -> Message:
        payload: Payload = {"status": status}
        if status != "Idle":
            payload["requestId"] = request or 0
        return "FirmwareStatusNotification", payload

    def log_status(self, status: str, request: int | None) -> Message:
        payload: Payload = {"status": status}
        if status != "Idle":
            payload["requestId"] = request or 0
        return "LogStatusNotification", payload

    def security_event(self, kind: str, at_ms: int, info: str) -> Message:
        payload: Payload = {"type": kind, "timestamp": self._stamp(at_ms)}
        if info:
            payload["techInfo"] = info
        return "SecurityEventNotification", payload

    def _event(self, tx: Tx, at_ms: int, kind: str, trigger: str, info: Payload) -> Payload:
        event: Payload = {
            "eventType": kind,
            "timestamp": self._stamp(at_ms),
            "triggerReason": trigger,
            "seqNo": tx.next_seq(),
            "transactionInfo": info,
        }
        if tx.offline:
            event["offline"] = True
        return event

    def _meter(self, gauge: Gauge, at_ms: int, context: str) -> list[Payload]:
        values: list[Payload] = []
        if gauge.register_wh is not None:
            values.append(self._energy(gauge.register_wh + wobble(self.habits, at_ms), context))
        if gauge.power_w is not None:
            values.append(
                {
                    "value": round(gauge.power_w),
                    "context": context,
                    "measurand": "Power.Active.Import",
                    "unitOfMeasure": {"unit": "W"},
                }
            )
        if gauge.soc is not None:
            values.append(
                {"value": round(gauge.soc), "context": context, "measurand": "SoC", "location": "EV"}
            )
        return [{"timestamp": self._stamp(at_ms), "sampledValue": values}]

    def _energy(self, register_wh: float, context: str) -> Payload:
        unit = self.habits.energy_unit
        value: Any = round(max(0, register_wh))
        sample: Payload = {"value": value, "context": context, "measurand": "Energy.Active.Import.Register"}
        if unit.startswith("kWh"):
            sample["value"] = round(register_wh / 1000, 3)
        if unit:
            sample["unitOfMeasure"] = {"unit": "kWh" if unit == "kWh" else "Wh"}
        return sample


def _token(value: str) -> Payload:
    return {"idToken": value, "type": "ISO14443" if value else "NoAuthorization"}
