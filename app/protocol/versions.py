"""The three OCPP versions, and which side may send which action in each.

Actions are written without their `Request` suffix, as they travel. The lists follow chapter 5 and 6
of OCPP 1.6 with its security extension (39 messages), and part 2 of OCPP 2.0.1 (64) and 2.1 (91).
"""

from collections.abc import Mapping

VERSIONS = ("1.6", "2.0.1", "2.1")

SUBPROTOCOL: Mapping[str, str] = {version: f"ocpp{version}" for version in VERSIONS}
"""WebSocket subprotocol of each version."""

VERSION_OF: Mapping[str, str] = {name: version for version, name in SUBPROTOCOL.items()}
"""Version of each WebSocket subprotocol that we speak."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STATION_16 = _names(
    """
    Authorize BootNotification DataTransfer DiagnosticsStatusNotification FirmwareStatusNotification
    Heartbeat LogStatusNotification MeterValues SecurityEventNotification SignCertificate
    SignedFirmwareStatusNotification StartTransaction StatusNotification StopTransaction
    """
)

_SERVER_16 = _names(
    """
    CancelReservation CertificateSigned ChangeAvailability ChangeConfiguration ClearCache
    ClearChargingProfile DataTransfer DeleteCertificate ExtendedTriggerMessage GetCompositeSchedule
    GetConfiguration GetDiagnostics GetInstalledCertificateIds GetLocalListVersion GetLog
    InstallCertificate RemoteStartTransaction RemoteStopTransaction ReserveNow Reset SendLocalList
    SetChargingProfile SignedUpdateFirmware TriggerMessage UnlockConnector UpdateFirmware
    """
)

_STATION_201 = _names(
    """
    Authorize BootNotification ClearedChargingLimit DataTransfer FirmwareStatusNotification
    Get15118EVCertificate GetCertificateStatus Heartbeat LogStatusNotification MeterValues
    NotifyChargingLimit NotifyCustomerInformation NotifyDisplayMessages NotifyEVChargingNeeds
    NotifyEVChargingSchedule NotifyEvent NotifyMonitoringReport NotifyReport
    PublishFirmwareStatusNotification ReportChargingProfiles ReservationStatusUpdate
    SecurityEventNotification SignCertificate StatusNotification TransactionEvent
    """
)

_SERVER_201 = _names(
    """
    CancelReservation CertificateSigned ChangeAvailability ClearCache ClearChargingProfile
    ClearDisplayMessage ClearVariableMonitoring CostUpdated CustomerInformation DataTransfer
    DeleteCertificate GetBaseReport GetChargingProfiles GetCompositeSchedule GetDisplayMessages
    GetInstalledCertificateIds GetLocalListVersion GetLog GetMonitoringReport GetReport
    GetTransactionStatus GetVariables InstallCertificate PublishFirmware RequestStartTransaction
    RequestStopTransaction ReserveNow Reset SendLocalList SetChargingProfile SetDisplayMessage
    SetMonitoringBase SetMonitoringLevel SetNetworkProfile SetVariableMonitoring SetVariables
    TriggerMessage UnlockConnector UnpublishFirmware UpdateFirmware
    """
)

_STATION_21 = _STATION_201 | _names(
    """
    BatterySwap ClosePeriodicEventStream GetCertificateChainStatus NotifyDERAlarm NotifyDERStartStop
    NotifyPriorityCharging NotifySettlement OpenPeriodicEventStream PullDynamicScheduleUpdate
    ReportDERControl VatNumberValidation
    """
)

_SERVER_21 = _SERVER_201 | _names(
    """
    AFRRSignal AdjustPeriodicEventStream ChangeTransactionTariff ClearDERControl ClearTariffs
    GetDERControl GetPeriodicEventStream GetTariffs NotifyAllowedEnergyTransfer
    NotifyWebPaymentStarted RequestBatterySwap SetDERControl SetDefaultTariff UpdateDynamicSchedule
    UsePriorityCharging
    """
)

STATION_ACTIONS: Mapping[str, frozenset[str]] = {
    "1.6": _STATION_16,
    "2.0.1": _STATION_201,
    "2.1": _STATION_21,
}
"""CALLs a station may send, per version."""

SERVER_ACTIONS: Mapping[str, frozenset[str]] = {
    "1.6": _SERVER_16,
    "2.0.1": _SERVER_201,
    "2.1": _SERVER_21,
}
"""CALLs we may send to a station, per version."""

SEND_ACTIONS: Mapping[str, frozenset[str]] = {
    "1.6": frozenset(),
    "2.0.1": frozenset(),
    "2.1": frozenset({"NotifyPeriodicEventStream"}),
}
"""What a station may SEND (type 6, never answered), per version."""

ACTIONS: Mapping[str, frozenset[str]] = {
    version: STATION_ACTIONS[version] | SERVER_ACTIONS[version] | SEND_ACTIONS[version]
    for version in VERSIONS
}
"""Every action a version knows, whichever side may send it."""
