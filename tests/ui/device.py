"""What a station's device tabs are told in pictures and tests: commands, settings, files, boots, cards."""

from typing import Any

from app.analytics.care import Boot, CommandPage, ListedCard
from app.domain.ids import StationId
from app.domain.operations import CommandState
from app.domain.records import CommandRecord, FileRecord, NoticeRecord, VariableRecord
from app.operations.configuration.naming import key_of, read
from tests.ui.desks import command
from tests.ui.pictures import HOUR, MINUTE, NOW_MS

KEYS = (
    ("HeartbeatInterval", "60", False), ("MeterValueSampleInterval", "60", False),
    ("ClockAlignedDataInterval", "900", False), ("AuthorizeRemoteTxRequests", "true", False),
    ("ConnectionTimeOut", "60", False), ("LocalAuthorizeOffline", "true", False),
    ("LocalPreAuthorize", "false", False), ("NumberOfConnectors", "2", True),
    ("MeterValuesSampledData", "Energy.Active.Import.Register,Power.Active.Import,SoC", False),
    ("StopTransactionOnEVSideDisconnect", "true", False),
    ("UnlockConnectorOnEVSideDisconnect", "true", False),
    ("SupportedFeatureProfiles", "Core,FirmwareManagement,LocalAuthListManagement,SmartCharging", True),
    ("WebSocketPingInterval", "30", False), ("ResetRetries", "3", False), ("AuthorizationKey", None, False),
)  # fmt: skip
WANTED = {"HeartbeatInterval": "300", "ClockAlignedDataInterval": "900", "WebSocketPingInterval": "30"}


def settings(station: str) -> tuple[VariableRecord, ...]:
    """Fifteen keys, read four minutes ago."""
    return tuple(
        VariableRecord(
            StationId(station), "", "", 0, 0, name, "", "Actual", value, readonly, NOW_MS - 4 * MINUTE,
            NOW_MS - 24 * HOUR if name == "ConnectionTimeOut" else None,
            "30" if name == "ConnectionTimeOut" else None,
        )
        for name, value, readonly in KEYS
    )  # fmt: skip


def log(station: str) -> tuple[CommandRecord, ...]:
    """A command in each state that matters."""
    of: dict[str, Any] = {"station": StationId(station)}
    made = (
        command(9, "FetchLog", CommandState.ACCEPTED, wish='{"kind":"Diagnostics"}', action="GetDiagnostics",
                payload='{"location":"http://192.168.40.12:9221/u/…"}', **of),
        command(8, "Reset", CommandState.QUEUED, expires_ms=NOW_MS + HOUR, sent_ms=None,
                answered_ms=None, **of),
        command(7, "SetProfile", CommandState.REFUSED, action="SetChargingProfile",
                wish='{"profile":9001,"evse":1,"unit":"W","purpose":"TxDefault",'
                     '"periods":[{"start_s":0,"limit":60000}]}',
                proof="The station will not: too hot. Let it cool down, then try again.", **of),
        command(6, "Reset", CommandState.PROVED, proved_ms=NOW_MS - 120_000, reason="screen frozen",
                proof="It came back after 48 s and all connectors are available.", **of),
        command(5, "Unlock", CommandState.NOT_PROVED, wish='{"evse":2}', action="UnlockConnector",
                proof="Accepted, but the connector's status has not changed within 60 s.", **of),
        command(4, "ReadConfiguration", CommandState.DONE, wish='{}', action="GetConfiguration", **of),
        command(3, "Reserve", CommandState.PROVED, action="ReserveNow",
                wish=f'{{"reservation":41,"evse":2,"token":"04A2F1B2","until_ms":{NOW_MS + HOUR}}}',
                proof="The connector is reserved.", **of),
        command(2, "SetProfile", CommandState.PROVED, action="SetChargingProfile",
                wish='{"profile":9000,"evse":0,"unit":"W","purpose":"Max",'
                     '"periods":[{"start_s":0,"limit":100000}]}', **of),
        command(1, "ReadCompositeSchedule", CommandState.DONE, action="GetCompositeSchedule",
                wish='{"evse":0,"duration_s":86400,"unit":"W"}',
                answer='{"status":"Accepted","chargingSchedule":{"duration":86400,"chargingRateUnit":"W",'
                       '"chargingSchedulePeriod":[{"startPeriod":0,"limit":100000.0},'
                       '{"startPeriod":18000,"limit":60000.0},{"startPeriod":50400,"limit":100000.0}]}}',
                **of),
    )  # fmt: skip
    return made


def files(station: str) -> tuple[FileRecord, ...]:
    """One under way, one here, one that never came."""
    here = StationId(station)
    return (
        FileRecord(3, here, "diagnostics", NOW_MS - MINUTE, NOW_MS + HOUR, "", "receiving", 9,
                   "diagnostics.zip", "", 2_600_000),
        FileRecord(2, here, "diagnostics", NOW_MS - 26 * HOUR, NOW_MS - 25 * HOUR, "", "received", 2,
                   "diagnostics-20261014.zip", "a/2.zip", 4_100_000, "9f2c" * 16, "10.8.0.2",
                   NOW_MS - 26 * HOUR + MINUTE),
        FileRecord(1, here, "security-log", NOW_MS - 50 * HOUR, NOW_MS - 49 * HOUR, "", "expired", 1,
                   note="Nothing came within the hour."),
    )  # fmt: skip


def answers() -> dict[str, Any]:
    """What a bridge would be told, by the name of the question."""

    def notices(station: str, subject: str, limit: int = 50) -> tuple[NoticeRecord, ...]:
        names = ("Installed", "Installing", "Downloaded", "Downloading") if subject == "firmware" else ()
        return tuple(
            NoticeRecord(
                StationId(station), NOW_MS - (26 + i) * HOUR, NOW_MS - (26 + i) * HOUR, subject, name
            )
            for i, name in enumerate(names)
        )

    return {
        "station_commands": lambda station, before=None, limit=60: CommandPage(
            station, () if before else log(station), False
        ),
        "station_settings": settings,
        "station_files": lambda station, limit=200: files(station),
        "station_notices": notices,
        "station_boots": lambda station, limit=50: (
            Boot(NOW_MS - 26 * HOUR, "PowerUp", "1.9.4"), Boot(NOW_MS - 90 * HOUR, "Watchdog", "1.9.2"),
            Boot(NOW_MS - 400 * HOUR, "PowerUp", "1.9.2"),
        ),
        "card_list": lambda: (ListedCard("04A2F1B2", note="Anna Peeters"), ListedCard("04FF7718")),
        "station/template": (
            "DC public", {key_of(read(name)): value for name, value in WANTED.items()},
        ),
        "station/can": {},
        "command/consequences": (),
    }  # fmt: skip
