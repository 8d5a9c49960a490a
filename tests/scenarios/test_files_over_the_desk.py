"""An operator fetches a log and updates firmware by one wish each; the proof is the file, and the boot."""

import asyncio
from pathlib import Path

import pytest

from app.domain.ids import StationId
from app.domain.operations import CommandState, FetchLog, ReadConfiguration, UpdateFirmware, Wish
from app.domain.records import CommandRecord
from app.simulator.quirky import Habits
from app.simulator.station import Station
from app.store.readers.files import files
from tests.helpers.living import living, pass_time
from tests.helpers.world import World, world

VERSIONS = ("1.6", "2.0.1", "2.1")


async def ended(w: World, station: Station, number: int, most_s: int = 4_000) -> CommandRecord:
    """The command's end, with the time it takes."""
    answered = asyncio.ensure_future(w.room.desk.answered(number))
    passed = 0
    while passed < most_s and number in w.room.desk.lives:
        step = 5 if passed < 240 else 40  # what is waited for longer needs no finer steps
        if not answered.done():
            # The station's answer takes time of the machine's, however the clock runs.
            await asyncio.wait({answered}, timeout=1)
        await pass_time(w, [station], step, step=step)
        passed += step
    return await w.room.desk.ended(number)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_log_is_wished_for_and_here(version: str) -> None:
    async with world() as w, living(w, version=version) as station:
        number = await w.room.desk.ask(Wish("DEPOT-7", FetchLog(), "Ada", "the lock jams"))
        record = await ended(w, station, number)
        assert record.outcome == CommandState.PROVED
        assert record.proof.startswith("DEPOT-7-diagnostics.log came in")
        (kept,) = await w.room.ask(files, "DEPOT-7")
        assert (kept.command, kept.state) == (number, "received")
        assert "token=(hidden)" in record.payload


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_security_log_is_a_file_of_its_own(version: str) -> None:
    async with world() as w, living(w, version=version) as station:
        record = await ended(w, station, await w.room.desk.ask(Wish("DEPOT-7", FetchLog("Security"), "Ada")))
        assert record.outcome == CommandState.PROVED, record
        (kept,) = await w.room.ask(files, "DEPOT-7")
        assert (kept.kind, kept.name) == ("security-log", "DEPOT-7-security.log")


async def test_a_charger_of_ftp_only_is_told_of_before_anything_is_sent() -> None:
    async with world() as w, living(w) as station:
        station.obedience.settings.by_key["SupportedFileTransferProtocols"].value = "FTP"
        await ended(w, station, await w.room.desk.ask(Wish("DEPOT-7", ReadConfiguration(), "Ada")))
        record = await ended(w, station, await w.room.desk.ask(Wish("DEPOT-7", FetchLog(), "Ada")))
        assert record.outcome == CommandState.REFUSED
        assert "It moves files over FTP only" in record.proof
        assert "GetDiagnostics" not in [action for action, _ in station.link.calls]


@pytest.mark.parametrize("habit", ["fails", "lies"])
async def test_a_log_that_never_comes_is_not_proved(habit: str) -> None:
    async with world() as w, living(w, habits=Habits(uploads=habit)) as station:
        number = await w.room.desk.ask(Wish("DEPOT-7", FetchLog(), "Ada"))
        record = await ended(w, station, number)
        assert record.outcome == CommandState.NOT_PROVED
        wanted = "could not upload" if habit == "fails" else "none came in here"
        assert wanted in record.proof


async def test_a_cut_upload_that_the_station_repeats_is_proved() -> None:
    async with world() as w, living(w, version="2.0.1", habits=Habits(uploads="cut-once")) as station:
        number = await w.room.desk.ask(Wish("DEPOT-7", FetchLog(retries=2), "Ada"))
        assert (await ended(w, station, number)).outcome == CommandState.PROVED


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("habit", ["", "keeps-old"])
async def test_firmware_is_proved_by_the_boot(version: str, habit: str, tmp_path: Path) -> None:
    image = tmp_path / "duet.bin"
    image.write_bytes(b"version=9.1.0\n" + bytes(100_000))
    async with world() as w, living(w, version=version, habits=Habits(firmware=habit)) as station:
        url = await w.room.files.serve_firmware(image, StationId("DEPOT-7"))
        wish = Wish("DEPOT-7", UpdateFirmware(url, version="9.1.0"), "Ada", "fixes the lock")
        agreed = tuple(c.key for c in w.room.desk.consequences(wish))
        wish = Wish("DEPOT-7", wish.operation, "Ada", "fixes the lock", agreed=agreed)
        record = await ended(w, station, await w.room.desk.ask(wish))
        assert record.outcome == (CommandState.NOT_PROVED if habit else CommandState.PROVED), record
        assert ("old version" if habit else "9.1.0") in record.proof
