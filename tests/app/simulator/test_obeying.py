"""Simulated stations do what they are told, keep what they are told, and can also only say so."""

from typing import Any

import pytest

from app.clock import ManualClock
from app.simulator.link import SimLink
from app.simulator.profiles import Profiles, Running, read_profile
from app.simulator.quirky import Habits
from app.simulator.station import Station
from app.simulator.wire import Payload
from tests.app.simulator.echo import Echo, echo, validator
from tests.app.simulator.shelf import shelf
from tests.app.simulator.test_living import NOW, living, pass_time

LATER = ("2.0.1", "2.1")
VERSIONS = ("1.6", *LATER)


def schedule(*periods: tuple[int, float], unit: str = "W", **more: Any) -> Payload:
    """A schedule of (second, limit)."""
    steps = [{"startPeriod": at, "limit": limit} for at, limit in periods]
    return {"chargingRateUnit": unit, "chargingSchedulePeriod": steps, **more}


def profile(
    version: str, number: int, periods: Payload, purpose: str = "TxDefaultProfile", **more: Any
) -> Payload:
    """A profile in the words of a version."""
    common = {"stackLevel": 0, "chargingProfilePurpose": purpose, "chargingProfileKind": "Relative", **more}
    if version == "1.6":
        return {"chargingProfileId": number, "chargingSchedule": periods, **common}
    return {"id": number, "chargingSchedule": [{"id": 1, **periods}], **common}


async def ordered(server: Echo, action: str, payload: Payload) -> Payload:
    """What a station answers to an order; both must fit their schemas."""
    assert not list(validator(server.version, action).iter_errors(payload))
    answer = await server.call(action, payload)
    assert answer[0] == 3, answer
    result: Payload = answer[2]
    assert not list(validator(server.version, action, response=True).iter_errors(result)), result
    return result


async def set_profile(server: Echo, evse: int, raw: Payload) -> Payload:
    """SetChargingProfile."""
    if server.version == "1.6":
        return await ordered(server, "SetChargingProfile", {"connectorId": evse, "csChargingProfiles": raw})
    return await ordered(server, "SetChargingProfile", {"evseId": evse, "chargingProfile": raw})


async def composite(server: Echo, evse: int, seconds: int) -> list[tuple[int, float]]:
    """GetCompositeSchedule, as (second, W)."""
    key = "connectorId" if server.version == "1.6" else "evseId"
    answer = await ordered(server, "GetCompositeSchedule", {key: evse, "duration": seconds})
    steps = answer["chargingSchedule" if server.version == "1.6" else "schedule"]["chargingSchedulePeriod"]
    return [(step["startPeriod"], step["limit"]) for step in steps]


def start(station: Station, clock: ManualClock) -> None:
    """A car charges at the first outlet."""
    life, outlet = station.life, station.life.outlets[0]
    stay = outlet.stay or life.arrive(clock.now_ms(), outlet)
    assert stay is not None
    if stay.tx is None:
        life.start(clock.now_ms(), outlet, stay)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_profile_holds_the_power_period_by_period_and_is_in_the_composite(version: str) -> None:
    clock = ManualClock(NOW)
    async with echo(version) as server:
        station = await living(server, version, clock, pace=1)
        start(station, clock)
        await station.idle()
        outlet = station.life.outlets[0]
        most = float(outlet.plug.power_w)
        told = await set_profile(
            server, 1, profile(version, 7, schedule((0, 9000.0), (60, 4000.0), duration=120))
        )
        assert told == {"status": "Accepted"}
        assert outlet.limit_w == 9000
        assert await composite(server, 1, 600) == [(0, 9000.0), (60, 4000.0), (120, most)]
        await pass_time(clock, [station], 61)
        assert outlet.limit_w == 4000
        await pass_time(clock, [station], 60)
        assert outlet.limit_w is None
        cleared = {"id": 7} if version == "1.6" else {"chargingProfileId": 7}
        assert await ordered(server, "ClearChargingProfile", cleared) == {"status": "Accepted"}
        assert await ordered(server, "ClearChargingProfile", cleared) == {"status": "Unknown"}
        assert server.invalid == []
        await station.stop()


def test_of_profiles_the_highest_stack_holds_below_the_station_s_own_most() -> None:
    """TxProfile before TxDefault, the higher stack level first, never above the maximum (K, 1.6 5.16)."""
    profiles = Profiles()
    running = Running((5, "tx"), NOW)
    for number, purpose, evse, watts, stack in (
        (1, "ChargingStationMaxProfile", 0, 20_000.0, 0),
        (2, "TxDefaultProfile", 0, 15_000.0, 0),
        (3, "TxDefaultProfile", 1, 30_000.0, 0),
        (4, "TxDefaultProfile", 0, 11_000.0, 3),
        (5, "TxProfile", 2, 7_000.0, 0),
    ):
        raw = profile("2.0.1", number, schedule((0, watts)), purpose, stackLevel=stack)
        profiles.set(read_profile(evse, raw, NOW))
    assert profiles.limit_w(1, NOW, running) == 20_000
    assert profiles.limit_w(2, NOW, running) == 7_000
    assert profiles.limit_w(2, NOW, None) == 11_000
    assert profiles.clear(evse=0, purpose="TxDefaultProfile") == 2
    assert profiles.limit_w(3, NOW, None) == 20_000


def test_a_daily_profile_comes_back_each_day_and_amperes_are_watts() -> None:
    raw = profile(
        "1.6", 1,
        schedule((0, 16.0), (3_600, 6.0), unit="A", startSchedule="2026-01-01T08:00:00Z", duration=7_200),
        chargingProfileKind="Recurring", recurrencyKind="Daily",
    )  # fmt: skip
    profiles = Profiles()
    profiles.set(read_profile(1, raw, NOW))
    eight = 1_770_000_000_000 // 86_400_000 * 86_400_000 + 8 * 3_600_000
    assert profiles.limit_w(1, eight, None) == 16 * 230 * 3
    assert profiles.limit_w(1, eight + 3_600_000, None) == 6 * 230 * 3
    assert profiles.limit_w(1, eight + 7_200_000, None) is None
    day = profiles.composite(1, eight - 3_600_000, 86_400, None, 22_000.0)
    assert day == [(0, 22_000.0), (3_600, 11_040.0), (7_200, 4_140.0), (10_800, 22_000.0)]


@pytest.mark.parametrize("version", LATER)
async def test_what_is_written_down_can_be_read_back_and_taken_back(version: str) -> None:
    """Display texts, monitors, profiles, settings: asked for in reports that fit their schemas."""
    clock = ManualClock(NOW)
    async with echo(version) as server:
        station = await living(server, version, clock, pace=1)
        text = {"id": 4, "priority": "NormalCycle", "message": {"format": "UTF8", "content": "Out at ten"}}
        if version == "2.0.1":
            text["message"]["language"] = "en"  # type: ignore[index]
        assert await ordered(server, "SetDisplayMessage", {"message": text}) == {"status": "Accepted"}
        assert await ordered(server, "GetDisplayMessages", {"requestId": 1}) == {"status": "Accepted"}
        where = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
        monitor = {"value": 5.0, "type": "UpperThreshold", "severity": 4, **where}
        told = await ordered(server, "SetVariableMonitoring", {"setMonitoringData": [monitor]})
        number = told["setMonitoringResult"][0]["id"]
        await ordered(server, "GetMonitoringReport", {"requestId": 2})
        await set_profile(server, 1, profile(version, 9, schedule((0, 5000.0))))
        asked = {"requestId": 3, "chargingProfile": {"chargingProfileId": [9]}}
        assert await ordered(server, "GetChargingProfiles", asked) == {"status": "Accepted"}
        await ordered(server, "GetReport", {"requestId": 4, "componentVariable": [where]})
        customer = {"requestId": 5, "report": True, "clear": False, "customerIdentifier": "ANNA"}
        await ordered(server, "CustomerInformation", customer)
        await pass_time(clock, [station], 3)
        heard = dict(server.heard)
        assert heard["NotifyDisplayMessages"]["messageInfo"] == [text]
        assert heard["NotifyMonitoringReport"]["monitor"][0]["variableMonitoring"][0]["id"] == number
        assert heard["ReportChargingProfiles"]["chargingProfile"][0]["id"] == 9
        assert len(heard["NotifyReport"]["reportData"]) == 1
        assert heard["NotifyCustomerInformation"]["data"] == "nothing is kept of ANNA"
        assert server.invalid == []
        assert await ordered(server, "ClearDisplayMessage", {"id": 4}) == {"status": "Accepted"}
        assert await ordered(server, "ClearDisplayMessage", {"id": 4}) == {"status": "Unknown"}
        gone = await ordered(server, "ClearVariableMonitoring", {"id": [number, 99]})
        assert [one["status"] for one in gone["clearMonitoringResult"]] == ["Accepted", "NotFound"]
        await station.stop()


@pytest.mark.parametrize("version", LATER)
async def test_a_reservation_that_expires_is_told(version: str) -> None:
    clock = ManualClock(NOW)
    async with echo(version) as server:
        station = await living(server, version, clock, pace=1)
        station.life.outlets[0].stay = None
        ends = {"id": 3, "expiryDateTime": "2026-02-02T02:41:00Z", "evseId": 1}
        token = {"idToken": {"idToken": "ANNA", "type": "Central"}}
        assert await ordered(server, "ReserveNow", ends | token) == {"status": "Accepted"}
        await pass_time(clock, [station], 70)
        assert (
            "ReservationStatusUpdate",
            {"reservationId": 3, "reservationUpdateStatus": "Expired"},
        ) in server.heard
        await station.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_may_say_yes_and_do_nothing(version: str) -> None:
    """Each order is accepted, and nothing comes of it."""
    clock = ManualClock(NOW)
    first = version == "1.6"
    async with echo(version) as server, shelf() as files:
        station = await living(server, version, clock, Habits(idle_on=frozenset("*")), pace=1)
        station.life.demand = 0.0001
        station.life.heap.clear()
        before = len(server.heard)
        orders: list[tuple[str, Payload]] = (
            [
                ("Reset", {"type": "Hard"}),
                ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "17"}),
                ("GetDiagnostics", {"location": files.url}),
                ("UpdateFirmware", {"location": files.url, "retrieveDate": "2026-01-01T00:00:00Z"}),
                ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}),
                ("UnlockConnector", {"connectorId": 1}),
                ("RemoteStartTransaction", {"connectorId": 1, "idTag": "ANNA"}),
            ]
            if first
            else [
                ("Reset", {"type": "Immediate"}),
                ("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"}),
                ("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}}),
                ("UnlockConnector", {"evseId": 1, "connectorId": 1}),
                (
                    "UpdateFirmware",
                    {
                        "requestId": 2,
                        "firmware": {"location": files.url, "retrieveDateTime": "2026-01-01T00:00:00Z"},
                    },
                ),
            ]
        )
        for action, payload in orders:
            answer = await ordered(server, action, payload)
            assert answer.get("status", "Accepted") in ("Accepted", "Unlocked")
        await pass_time(clock, [station], 120)
        assert [a for a, _ in server.heard[before:] if a != "Heartbeat"] == []
        assert station.obedience.settings.by_key["HeartbeatInterval"].value == "300"
        assert files.asked == []
        await station.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_vendor_data_is_taken_from_its_own_vendor_only(version: str) -> None:
    clock = ManualClock(NOW)
    async with echo(version) as server:
        station = await living(server, version, clock, pace=1)
        own = await ordered(server, "DataTransfer", {"vendorId": station.plan.maker, "data": "x"})
        assert own == {"status": "Accepted", "data": "x"}
        assert (await ordered(server, "DataTransfer", {"vendorId": "x"}))["status"] == "UnknownVendorId"
        assert await ordered(server, "ClearCache", {}) == {"status": "Accepted"}
        assert station.obedience.notes.cache_cleared == 1
        await station.stop()


@pytest.mark.parametrize("version", VERSIONS)
async def test_files_move_over_real_http_and_a_refusal_is_told(version: str) -> None:
    clock = ManualClock(NOW)
    first = version == "1.6"
    async with echo(version) as server, shelf() as files:
        station = await living(server, version, clock, pace=1)
        assert isinstance(station.link, SimLink)
        order: tuple[str, Payload] = ("GetDiagnostics", {"location": files.url + "up/"})
        if not first:
            log = {"remoteLocation": files.url + "up/"}
            order = ("GetLog", {"logType": "SecurityLog", "requestId": 8, "log": log})
        await ordered(server, *order)
        await pass_time(clock, [station], 4)
        assert files.asked[0].startswith(f"PUT /up/{station.plan.identity}-")
        assert station.plan.serial.encode() in files.brought[0]
        files.status = 403
        await ordered(server, *order)
        await pass_time(clock, [station], 4)
        action = "DiagnosticsStatusNotification" if first else "LogStatusNotification"
        words = [p["status"] for a, p in server.heard if a == action]
        assert words == [
            "Uploading",
            "Uploaded",
            "Uploading",
            "UploadFailed" if first else "PermissionDenied",
        ]
        assert server.invalid == []
        await station.stop()


async def test_a_card_list_has_a_version_and_a_limit() -> None:
    clock = ManualClock(NOW)
    async with echo("1.6") as server:
        station = await living(server, "1.6", clock, pace=1)

        async def sent(version: int, kind: str, *cards: str) -> Any:
            entries = [{"idTag": card, "idTagInfo": {"status": "Accepted"}} for card in cards]
            order = {"listVersion": version, "updateType": kind, "localAuthorizationList": entries}
            return (await ordered(server, "SendLocalList", order))["status"]

        assert await sent(1, "Full", *(f"C{n}" for n in range(101))) == "Failed"
        assert await sent(1, "Full", "ANNA", "BEN") == "Accepted"
        assert await sent(1, "Differential", "CARA") == "VersionMismatch"
        assert await sent(2, "Differential", "CARA") == "Accepted"
        assert await ordered(server, "GetLocalListVersion", {}) == {"listVersion": 2}
        assert station.obedience.listed == {"ANNA", "BEN", "CARA"}
        await station.stop()


async def test_an_unfinished_download_is_resumed_and_a_bad_signature_is_told() -> None:
    clock = ManualClock(NOW)
    async with echo("2.1") as server, shelf(b"version=3.9.1\n" + bytes(400_000)) as files:
        station = await living(server, "2.1", clock, Habits(firmware="download-breaks-once"), pace=1)
        station.life.demand = 0.0001
        where = {"location": files.url + "a.bin", "retrieveDateTime": "2026-01-01T00:00:00Z"}
        await ordered(
            server, "UpdateFirmware", {"requestId": 1, "firmware": where, "retries": 1, "retryInterval": 5}
        )
        await pass_time(clock, [station], 30)
        assert [line.split()[0] for line in files.asked] == ["GET", "GET"]
        station.life.habits = Habits(firmware="bad-signature")
        signed = where | {"signature": "x", "signingCertificate": "y"}
        await ordered(server, "UpdateFirmware", {"requestId": 2, "firmware": signed})
        await pass_time(clock, [station], 30)
        words = [
            p["status"] for a, p in server.heard if a == "FirmwareStatusNotification" and p["requestId"] == 2
        ]
        assert words == ["Downloading", "Downloaded", "InvalidSignature"]
        assert "SecurityEventNotification" in server.actions()
        await station.stop()
