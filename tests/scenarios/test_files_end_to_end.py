"""A technician gets a charger's log, and a charger its firmware: all the way, over real HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import StationId
from app.domain.records import FileRecord
from app.simulator.quirky import Habits
from app.simulator.station import Station
from app.store.readers.files import files
from tests.helpers.http_client import ask
from tests.helpers.living import living, pass_time
from tests.helpers.world import World, world

VERSIONS = ("1.6", "2.0.1", "2.1")
DEPOT = StationId("DEPOT-7")


async def rows(w: World, name: str = "DEPOT-7") -> list[FileRecord]:
    """The station's files as kept, newest first."""
    await asyncio.to_thread(w.room.writer.flush)
    return await w.room.ask(files, name)


def log_order(version: str, url: str) -> tuple[str, dict[str, Any]]:
    """What asks a station of this version for its log."""
    if version == "1.6":
        return "GetDiagnostics", {"location": url}
    return "GetLog", {"logType": "DiagnosticsLog", "requestId": 5, "log": {"remoteLocation": url}}


def firmware_order(version: str, url: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """What asks a station of this version to install firmware."""
    if version == "1.6":
        return "UpdateFirmware", {"location": url, "retrieveDate": "2026-01-01T00:00:00Z", **more}
    where = {"location": url, "retrieveDateTime": "2026-01-01T00:00:00Z"}
    return "UpdateFirmware", {"requestId": 6, "firmware": where, **more}


def told(station: Station, action: str) -> list[str]:
    """The words a station has said of its progress."""
    return [text.split('"status":"')[1].split('"')[0] for text in station.link.sent if f'"{action}"' in text]


async def fetch_log(w: World, station: Station) -> str:
    """Ask for the log by a fresh address, and let the station bring it; the address."""
    url, _ = await w.room.files.upload_address(StationId(station.plan.identity), "diagnostics")
    await w.room.call(station.plan.identity, *log_order(station.plan.version, url))
    await pass_time(w, [station], 5)
    return url


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", ["put", "form"])
async def test_a_log_is_fetched(version: str, way: str) -> None:
    async with world() as w, living(w, version=version, habits=Habits(upload_way=way)) as station:
        url = await fetch_log(w, station)
        (kept,) = await rows(w)
        assert (kept.state, kept.name) == ("received", "DEPOT-7-diagnostics.log")
        path = w.room.files.path_of(kept)
        assert path is not None
        text = path.read_text()
        assert station.plan.serial in text
        assert "BootNotification" in text
        action = "DiagnosticsStatusNotification" if version == "1.6" else "LogStatusNotification"
        assert told(station, action) == ["Uploading", "Uploaded"]
        assert (await ask(url, "PUT", b"again")).status == 410
        assert (await ask(url, "PUT", b"x", source="127.0.0.8")).status == 403


async def test_two_stations_bring_their_logs_at_once() -> None:
    async with world() as w, living(w) as one, living(w, "DEPOT-8", "2.1") as two:
        urls = {}
        for station in (one, two):
            name = StationId(station.plan.identity)
            urls[name], _ = await w.room.files.upload_address(name, "diagnostics")
        await asyncio.gather(
            *(
                w.room.call(s.plan.identity, *log_order(s.plan.version, urls[StationId(s.plan.identity)]))
                for s in (one, two)
            )
        )
        await pass_time(w, [one, two], 5)
        for station in (one, two):
            (kept,) = await rows(w, station.plan.identity)
            path = w.room.files.path_of(kept)
            assert path is not None
            assert station.plan.serial in path.read_text()


async def test_a_cut_upload_is_repeated_by_the_station_itself() -> None:
    async with world() as w, living(w, version="2.0.1", habits=Habits(uploads="cut-once")) as station:
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        action, payload = log_order("2.0.1", url)
        await w.room.call("DEPOT-7", action, payload | {"retries": 2, "retryInterval": 20})
        await pass_time(w, [station], 10)
        (cut,) = await rows(w)
        assert cut.state == "failed"
        assert "cut off" in cut.note
        await pass_time(w, [station], 30)
        (kept,) = await rows(w)
        assert kept.state == "received"


@pytest.mark.parametrize("habit", ["fails", "lies"])
async def test_a_log_that_never_comes_expires_whatever_the_station_says(habit: str) -> None:
    async with world() as w, living(w, habits=Habits(uploads=habit)) as station:
        url = await fetch_log(w, station)
        said = told(station, "DiagnosticsStatusNotification")
        assert said[-1] == ("Uploaded" if habit == "lies" else "UploadFailed")
        await w.advance(minutes=61)
        (kept,) = await rows(w)
        assert (kept.state, kept.note) == ("expired", "The station sent nothing in time.")
        assert (await ask(url, "PUT", b"late")).status == 410


@pytest.mark.parametrize("version", VERSIONS)
async def test_firmware_is_fetched_and_booted(version: str, tmp_path: Path) -> None:
    image = tmp_path / "duet.bin"
    image.write_bytes(b"version=9.1.0\n" + bytes(200_000))
    async with world() as w, living(w, version=version) as station:
        url = await w.room.files.serve_firmware(image, DEPOT)
        await w.room.call("DEPOT-7", *firmware_order(version, url))
        await pass_time(w, [station], 200)
        assert w.view().firmware == "9.1.0"
        (kept,) = await rows(w)
        assert (kept.state, kept.bytes) == ("received", image.stat().st_size)
        said = told(station, "FirmwareStatusNotification")
        assert said[:3] == ["Downloading", "Downloaded", "Installing"]
        assert said[-1] == "Installed"


async def test_a_broken_download_goes_on_with_the_rest(tmp_path: Path) -> None:
    image = tmp_path / "duet.bin"
    image.write_bytes(b"version=9.1.0\n" + bytes(5_000_000))
    async with world() as w, living(w, habits=Habits(firmware="download-breaks-once")) as station:
        url = await w.room.files.serve_firmware(image, DEPOT)
        await w.room.call("DEPOT-7", *firmware_order("1.6", url, retries=1, retryInterval=10))
        await pass_time(w, [station], 200)
        assert w.view().firmware == "9.1.0"


@pytest.mark.parametrize(
    ("habit", "last"),
    [
        ("download-fails", "DownloadFailed"),
        ("install-fails", "InstallationFailed"),
        ("keeps-old", "Installed"),
    ],
)
async def test_an_update_that_comes_to_nothing_leaves_the_old_version(
    habit: str, last: str, tmp_path: Path
) -> None:
    image = tmp_path / "duet.bin"
    image.write_bytes(b"version=9.1.0\n")
    async with world() as w, living(w, habits=Habits(firmware=habit)) as station:
        before = w.view().firmware
        url = await w.room.files.serve_firmware(image, DEPOT)
        await w.room.call("DEPOT-7", *firmware_order("1.6", url))
        await pass_time(w, [station], 200)
        assert w.view().firmware == before
        assert told(station, "FirmwareStatusNotification")[-1] == last


async def test_a_bad_signature_is_told_and_nothing_is_installed(tmp_path: Path) -> None:
    image = tmp_path / "duet.bin"
    image.write_bytes(b"version=9.1.0\n")
    async with world() as w, living(w, habits=Habits(firmware="bad-signature")) as station:
        url = await w.room.files.serve_firmware(image, DEPOT)
        where = {"location": url, "retrieveDateTime": "2026-01-01T00:00:00Z"}
        where |= {"signingCertificate": "-", "signature": "-"}
        await w.room.call("DEPOT-7", "SignedUpdateFirmware", {"requestId": 3, "firmware": where})
        await pass_time(w, [station], 100)
        said = told(station, "SignedFirmwareStatusNotification")
        assert said == ["Downloading", "Downloaded", "InvalidSignature"]
        assert w.view().firmware != "9.1.0"
