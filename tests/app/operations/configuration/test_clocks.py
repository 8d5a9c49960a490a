"""Wrong clocks, and the ways a version offers to mend them."""

import pytest

from app.domain.operations import Trigger, WriteConfiguration
from app.operations.configuration.clocks import DATE_TIME, TIME_SOURCE, WrongClock, in_words, mends
from app.protocol.orders import orders
from app.protocol.versions import VERSIONS
from tests.app.operations.configuration.story import READ_MS, named

CLOCK = {"ClockCtrlr.DateTime": "2026-01-05T07:00:00Z", "ClockCtrlr.TimeSource": "RealTimeClock"}


def test_16_is_mended_by_answers_that_tell_the_time() -> None:
    found = mends("1.6", READ_MS)
    assert [one.operation for one in found] == [Trigger("Heartbeat"), Trigger("BootNotification")]


def test_2x_is_mended_by_its_clock_too_where_it_may_be_written() -> None:
    found = [one.operation for one in mends("2.0.1", READ_MS, named("A", CLOCK))]
    assert WriteConfiguration(((TIME_SOURCE, "RealTimeClock,Heartbeat"),)) in found
    assert WriteConfiguration(((DATE_TIME, "2026-01-05T08:00:00Z"),)) in found
    assert len(mends("2.0.1", READ_MS)) == 2
    assert len(mends("2.0.1", READ_MS, named("A", CLOCK, readonly=True))) == 2
    heartbeat = {"ClockCtrlr.TimeSource": "NTP,Heartbeat"}
    assert len(mends("2.1", READ_MS, named("A", heartbeat))) == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_every_way_can_be_sent(version: str) -> None:
    records = named("A", CLOCK) if version != "1.6" else ()
    for one in mends(version, READ_MS, records):
        assert orders(version, one.operation)
        assert one.text.endswith(".")


def test_a_station_that_never_connected_cannot_be_mended() -> None:
    assert mends("", READ_MS) == ()


def test_how_wrong_a_clock_is_in_words() -> None:
    assert WrongClock("A", 420_000, "1.6", True, ()).sentence == "Its clock is 7 min ahead."
    assert WrongClock("A", -90_000, "1.6", True, ()).sentence == "Its clock is 90 s behind."
    assert [in_words(ms * 1000) for ms in (119, 3 * 3600, 3 * 3600 + 600, 10 * 86_400)] == [
        "119 s", "3 h", "3 h 10 min", "10 days",
    ]  # fmt: skip
