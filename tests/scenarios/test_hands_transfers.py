"""Firmware and logs: what a station accepts, what it tells on the way, and what is there in the end."""

import asyncio
import urllib.request
from typing import Any

import pytest

from app.domain import operations as op
from app.domain.operations import CommandState
from app.simulator.scripted import SimStation
from app.simulator.speech import Card
from tests.helpers.hands import VERSIONS, accepted, ready
from tests.helpers.world import World, world

versions = pytest.mark.parametrize("version", VERSIONS)
TOLD = {"GetDiagnostics": "DiagnosticsStatusNotification", "GetLog": "LogStatusNotification"}


async def progress(station: SimStation, action: str, status: str, request: int | None) -> None:
    """Tell how far it is, with the number of the request where the version has one."""
    known = {} if request is None else {"requestId": request}
    await station.call(action, {"status": status} | known)


def remembered(station: SimStation, *actions: str) -> dict[str, Any]:
    """Have a station accept these and remember what it was asked."""
    kept: dict[str, Any] = {}

    def take(action: str) -> Any:
        def answer(payload: dict[str, Any]) -> dict[str, Any]:
            kept.update(payload, action=action)
            if action == "GetDiagnostics":
                return {"fileName": "diagnostics.zip"}
            if action == "UpdateFirmware" and station.version == "1.6":
                return {}
            return {"status": "Accepted"}

        return answer

    for action in actions:
        station.answers[action] = take(action)
    return kept


def upload(url: str, content: bytes) -> int:
    request = urllib.request.Request(url + "log.zip", data=content, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


@versions
async def test_a_log_is_proved_by_the_file_itself(version: str) -> None:
    """One click: Forecourt makes the address, the station uploads, the file is here."""
    async with world() as w:
        station = await ready(w, version)
        asked_of = remembered(station, "GetDiagnostics", "GetLog")
        asked = await accepted(w, op.FetchLog())
        assert asked.outcome == CommandState.ACCEPTED
        url = asked_of["location"] if "location" in asked_of else asked_of["log"]["remoteLocation"]
        # The address is a secret of the station's: the command log does not tell it.
        assert url.split("token=")[1].strip("/") not in asked.payload
        action = TOLD[asked_of["action"]]
        await progress(station, action, "Uploading", asked_of.get("requestId"))
        await w.until(lambda: w.room.desk.open()[0].proof == "It uploads the file.", "progress is told")
        assert await asyncio.to_thread(upload, url, b"x" * 2_000) in (200, 201, 204)
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.PROVED
        assert "came in, 2.0 kB" in ended.proof


@versions
async def test_a_log_that_was_never_uploaded_is_not_proved(version: str) -> None:
    """The station says Uploaded, but nothing came."""
    async with world() as w:
        station = await ready(w, version)
        asked_of = remembered(station, "GetDiagnostics", "GetLog")
        asked = await accepted(w, op.FetchLog())
        await progress(station, TOLD[asked_of["action"]], "Uploaded", asked_of.get("requestId"))
        await w.advance(minutes=2)
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.NOT_PROVED
        assert "none came in here" in ended.proof


async def update(w: World, station: SimStation) -> tuple[int, int | None]:
    asked_of = remembered(station, "UpdateFirmware")
    asked = await accepted(w, op.UpdateFirmware("http://127.0.0.1:9/fw.bin", "2.0"))
    assert asked.outcome == CommandState.ACCEPTED, asked
    return asked.command, asked_of.get("requestId")


@versions
async def test_firmware_is_proved_by_the_boot_with_the_new_version(version: str) -> None:
    """Its progress is told on the way; the station's word alone is not enough."""
    async with world() as w:
        station = await ready(w, version, card=Card(serial="S", firmware="1.0"))
        number, request = await update(w, station)
        for status in ("Downloading", "Downloaded", "Installing", "Installed"):
            await w.advance(minutes=10)
            await progress(station, "FirmwareStatusNotification", status, request)
        assert "its boot is awaited" in w.room.desk.open()[0].proof
        station.card = Card(serial="S", firmware="2.0")
        await station.reboot()
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.PROVED
        assert "booted with version 2.0 instead of 1.0" in ended.proof


@versions
async def test_firmware_that_did_not_take_is_not_proved(version: str) -> None:
    """Reboot with the old version."""
    async with world() as w:
        station = await ready(w, version, card=Card(serial="S", firmware="1.0"))
        number, request = await update(w, station)
        await progress(station, "FirmwareStatusNotification", "Installed", request)
        await station.reboot()
        await w.advance(minutes=31)
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.NOT_PROVED
        assert "booted with the old version 1.0" in ended.proof


@versions
async def test_firmware_that_could_not_be_fetched_ends_at_once(version: str) -> None:
    """With the reason in plain words."""
    async with world() as w:
        station = await ready(w, version)
        number, request = await update(w, station)
        await progress(station, "FirmwareStatusNotification", "DownloadFailed", request)
        ended = await w.room.desk.ended(number)
        assert ended.proof == "It could not download the firmware."


async def test_firmware_is_watched_over_a_restart_of_forecourt() -> None:
    """The version before the update is known from the boot before it."""
    async with world() as w:
        station = await ready(w, card=Card(serial="S", firmware="1.0"))
        number, request = await update(w, station)
        await w.advance(seconds=30)
        await progress(station, "FirmwareStatusNotification", "Installed", request)
        station.card = Card(serial="S", firmware="2.0")
        station.go_offline()
        await w.restart()
        assert w.room.desk.open()[0].command == number
        back = await w.station(card=station.card)
        await back.boot()
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.PROVED
        assert "instead of 1.0" in ended.proof
