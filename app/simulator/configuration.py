"""A station's settings, by 1.6 key and by 2.x component and variable."""

from dataclasses import dataclass

from app.simulator.network import StationPlan


@dataclass(slots=True)
class Setting:
    """One setting. `path` is its 2.x component and variable, "" where 2.x has none."""

    key: str
    path: str
    value: str
    readonly: bool = False
    reboot: bool = False


class Configuration:
    """All settings of one station, with their defaults."""

    def __init__(self, plan: StationPlan) -> None:
        rows = (
            Setting("HeartbeatInterval", "OCPPCommCtrlr/HeartbeatInterval", "300"),
            Setting("MeterValueSampleInterval", "SampledDataCtrlr/TxUpdatedInterval", "60"),
            Setting("ClockAlignedDataInterval", "AlignedDataCtrlr/Interval", "0"),
            Setting("ConnectionTimeOut", "TxCtrlr/EVConnectionTimeOut", "60"),
            Setting("AuthorizeRemoteTxRequests", "AuthCtrlr/AuthorizeRemoteStart", "false"),
            Setting("LocalPreAuthorize", "AuthCtrlr/LocalPreAuthorize", "true"),
            Setting("StopTransactionOnEVSideDisconnect", "TxCtrlr/StopTxOnEVSideDisconnect", "true"),
            Setting("WebSocketPingInterval", "OCPPCommCtrlr/WebSocketPingInterval", "0", reboot=True),
            Setting(
                "MeterValuesSampledData",
                "SampledDataCtrlr/TxUpdatedMeasurands",
                "Energy.Active.Import.Register,Power.Active.Import" + (",SoC" if plan.plugs[0].dc else ""),
            ),
            Setting("MeterValuesAlignedData", "AlignedDataCtrlr/Measurands", "Energy.Active.Import.Register"),
            Setting("LocalAuthorizeOffline", "AuthCtrlr/LocalAuthorizeOffline", "true"),
            Setting("AllowOfflineTxForUnknownId", "AuthCtrlr/OfflineTxForUnknownIdEnabled", "false"),
            Setting("StopTransactionOnInvalidId", "TxCtrlr/StopTxOnInvalidId", "true"),
            Setting("TransactionMessageAttempts", "OCPPCommCtrlr/MessageAttempts[TransactionEvent]", "3"),
            Setting(
                "TransactionMessageRetryInterval",
                "OCPPCommCtrlr/MessageAttemptInterval[TransactionEvent]",
                "60",
            ),
            Setting("", "OCPPCommCtrlr/OfflineThreshold", "60"),
            Setting("NumberOfConnectors", "", str(len(plan.plugs)), readonly=True),
            Setting("GetConfigurationMaxKeys", "", "32", readonly=True),
            Setting("LocalAuthListMaxLength", "LocalAuthListCtrlr/Entries", "500", readonly=True),
            Setting("SendLocalListMaxLength", "LocalAuthListCtrlr/ItemsPerMessage", "100", readonly=True),
            Setting("", "DeviceDataCtrlr/ItemsPerMessage", "20", readonly=True),
            Setting(
                "SupportedFileTransferProtocols",
                "OCPPCommCtrlr/FileTransferProtocols",
                "HTTP,HTTPS",
                readonly=True,
            ),
            Setting("ChargingScheduleAllowedChargingRateUnit", "SmartChargingCtrlr/RateUnit", "A,W", True),
            Setting(
                "SupportedFeatureProfiles",
                "",
                "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
                readonly=True,
            ),
        )
        self.by_key = {row.key: row for row in rows if row.key}
        self.by_path = {row.path: row for row in rows if row.path}

    def all(self) -> list[Setting]:
        """Every setting once."""
        return [*self.by_key.values(), *(row for row in self.by_path.values() if not row.key)]

    @staticmethod
    def write(setting: Setting | None, value: str) -> str:
        """Set a value: Accepted, RebootRequired, Rejected (read-only or no number), NotSupported."""
        if setting is None:
            return "NotSupported"
        number = setting.value.isdigit()
        if setting.readonly or (number and not value.isdigit()):
            return "Rejected"
        setting.value = value
        return "RebootRequired" if setting.reboot else "Accepted"
