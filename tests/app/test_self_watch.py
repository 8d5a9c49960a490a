"""Forecourt looks at itself while it runs."""

import shutil
import ssl
import threading
from pathlib import Path

import pytest

from app.self_watch import ends_ms
from tests.helpers.world import world

CERTIFICATES = sorted((Path(__file__).parents[1] / "fixtures" / "tls").glob("*.crt"))


@pytest.mark.parametrize("file", CERTIFICATES, ids=lambda file: file.name)
def test_the_end_of_a_certificate_is_read(file: Path) -> None:
    # The interpreter's own reader of certificate files, which only tests may use.
    told = ssl._ssl._test_decode_cert(str(file))["notAfter"]  # type: ignore[attr-defined]
    assert ends_ms(file.read_text("ascii")) == ssl.cert_time_to_seconds(told) * 1000


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="certificate"):
        ends_ms(text)


async def test_a_disk_that_hangs_holds_up_no_station(monkeypatch: pytest.MonkeyPatch) -> None:
    """Free space and certificate are read beside the loop, on which stations are answered."""
    readers: list[threading.Thread] = []
    usage = shutil.disk_usage

    def noted(place: Path) -> object:
        readers.append(threading.current_thread())
        return usage(place)

    async with world() as w:
        monkeypatch.setattr(shutil, "disk_usage", noted)
        await w.advance(seconds=31)
        await w.until(lambda: readers, "a look at the disk")
        await w.advance(seconds=31)
    assert threading.main_thread() not in readers


async def test_a_clock_that_jumps_is_a_fault_and_hurries_no_other() -> None:
    async with world() as w:
        station = await w.station()
        await station.boot()
        await station.status(1, "Available")
        station.go_offline()
        await w.until(lambda: w.view().link.value == "offline", "the loss")
        await w.advance(seconds=5)
        w.clock.jump_ms(7_200_000)
        await w.advance(seconds=3)
        assert [f.code for f in w.room.faults.open()] == ["ClockJump"]
        await w.advance(minutes=7)
        assert {f.code for f in w.room.faults.open()} >= {"ClockJump", "Offline"}
