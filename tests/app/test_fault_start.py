"""The past is read beside the start; what cannot be used stops the start all the same."""

from pathlib import Path
from typing import Any

import pytest

from app import fault_start
from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault
from app.faults import start
from tests.helpers.late_past import read_later
from tests.helpers.world import world

BROKEN = {
    "alarms": "[[alarm]]\nid = 5\n",
    "codes": "[[code]]\nid = 5\n",
    "rules": "[reboots]\nno_such_limit = 1\n",
}


async def with_a_fault(folder: Path) -> None:
    """A run that ends while a fault stands."""
    async with world(folder) as w:
        station = await w.station()
        await station.boot()
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        await w.until(lambda: w.room.faults.open(), "the fault")


@pytest.mark.parametrize("long", [False, True], ids=["short past", "long past"])
@pytest.mark.parametrize("folder", BROKEN)
async def test_a_file_that_cannot_be_used_stops_the_start(
    folder: str, long: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a sentence that names the file, before any station is let in."""
    monkeypatch.setattr(fault_start, "LONG", 0 if long else 200)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "mine.toml").write_text(BROKEN[folder], "utf-8")
    with pytest.raises(ForecourtError, match=r"mine\.toml"):
        async with world(tmp_path):
            raise AssertionError("it started")


async def test_while_the_past_is_read_faults_are_shown_and_nothing_acts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults of before are there at once; persons' acts and automatic recovery wait until it is read."""
    await with_a_fault(tmp_path)
    read_on = read_later(monkeypatch)
    async with world(tmp_path) as w:
        faults = w.room.faults
        assert not faults.ready
        fault = faults.open()[0]
        with pytest.raises(ForecourtError, match="still reads"):
            await w.do(ActOnFault(fault.fault, "acknowledge"))
        await w.advance(seconds=30)
        assert w.room.recovery.holding == {}
        read_on.set()
        await w.until(lambda: faults.ready, "the past is read")
        await w.do(ActOnFault(fault.fault, "acknowledge"))
        assert [f.state for f in faults.open()] == ["ACKED"]
        await w.advance(seconds=30)
        assert list(w.room.recovery.holding) == [fault.fault]


@pytest.mark.parametrize("long", [False, True], ids=["short past", "long past"])
async def test_where_the_past_cannot_be_read_faults_are_found_from_now_on(
    long: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather habits unknown than a run without faults; what stood before is still there."""

    def flawed(*args: Any) -> Any:
        raise RuntimeError("a flaw of ours")

    await with_a_fault(tmp_path)
    monkeypatch.setattr(fault_start, "LONG", 0 if long else 200)
    monkeypatch.setattr(start, "learnt_from", flawed)
    async with world(tmp_path) as w:
        await w.until(lambda: w.room.faults.ready, "faults are found")
        station = await w.station()
        await station.boot()
        await station.status(2, "Faulted", "GroundFailure")
        await w.advance(seconds=15)
        await w.until(lambda: len(w.room.faults.open()) == 2, "the new fault")
        assert [f.code for f in w.room.faults.open()] == ["CX001", "CX002"]
