"""Times in every form seen in the field, and which clock is believed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.stamps import ClockWatch, Stamp, judge, learn, reaches_back, read_time, written

NOW = 1_767_600_000_000  # 2026-01-05T08:00:00Z
HOUR = 3_600_000
MINUTE = 60_000


@pytest.mark.parametrize(
    ("said", "ms", "odd"),
    [
        ("2026-01-05T08:00:00Z", NOW, False),
        ("2026-01-05T08:00:00.000Z", NOW, False),
        ("2026-01-05T08:00:00.123Z", NOW + 123, False),
        ("2026-01-05T08:00:00.5Z", NOW + 500, False),
        ("2026-01-05T08:00:00.123456789Z", NOW + 123, False),
        ("2026-01-05T10:00:00+02:00", NOW, False),
        ("2026-01-05T02:30:00-05:30", NOW, False),
        ("2026-01-05t08:00:00z", NOW, False),
        ("2026-01-05T08:00:00", NOW, True),
        ("2026-01-05T08:00:00.7", NOW + 700, True),
        ("2026-01-05T10:00:00+02", NOW, True),
        ("2026-01-05T10:00:00+0200", NOW, True),
        ("2026-01-05 10:00:00 +02:00", NOW, True),
        ("2026-01-05 08:00:00", NOW, True),
        ("2026-01-05T08:00Z", NOW, True),
        ("2026-1-5T8:00:00Z", NOW, True),
        ("2026/01/05 08:00:00", NOW, True),
        ("20260105T080000Z", NOW, True),
        ("2026-01-05T08:00:00,250Z", NOW + 250, True),
        ("2026-01-05T08:00:00 UTC", NOW, True),
        (" 2026-01-05T08:00:00Z ", NOW, True),
        ("2026-01-05", NOW - 8 * HOUR, True),
        ("2026-01-04T24:00:00Z", NOW - 8 * HOUR, False),
        ("1970-01-01T00:00:00Z", 0, False),
        ("2014-01-01T00:00:00Z", 1_388_534_400_000, False),
        ("2028-02-29T00:00:00Z", 1_835_395_200_000, False),
        (1_767_600_000, NOW, True),
        (1_767_600_000_000, NOW, True),
        (1_767_600_000.5, NOW + 500, True),
        ("1767600000", NOW, True),
        ("1000000", 1_000_000_000, True),
    ],
)
def test_times_are_read_in_every_form(said: object, ms: int, odd: bool) -> None:
    assert read_time(said) == (ms, odd)


@pytest.mark.parametrize(
    "said",
    [
        "222222-01-01T00:00:00Z", "99999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-05T25:00:00Z",
        "2026-01-05T08:61:00Z", "2026-01-05T08:00:75Z", "2026-01-05T08:00:00+99:00", "yesterday", "NaN",
        "-5", "1e400", -1, 1e300, float("nan"), float("inf"), True, [], ["2026-01-05T08:00:00Z"], {},
        "2026-01-05T08:00:00Z" * 1000, "\x00", "2026-01-05T08:00:0",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(said: object) -> None:
    assert read_time(said) == (None, True)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30)), st.integers(-17 * 60, 17 * 60))
def test_any_rfc_3339_time_is_read_exactly(when: datetime, offset: int) -> None:
    when = when.replace(tzinfo=timezone(timedelta(minutes=offset)))
    expected = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert read_time(when.isoformat()) == (expected, False)


@given(st.integers(0, 4_102_444_799_000))
def test_what_we_write_is_read_back(ms: int) -> None:
    text = written(ms)
    assert read_time(text) == (ms // 1000 * 1000, False)
    assert text == datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@given(
    st.one_of(
        st.text(), st.floats(), st.integers(), st.none(), st.lists(st.text()), st.text("0123456789-:TZ+. ")
    )
)
def test_nothing_breaks_the_reading_or_the_judging_of_a_time(said: object) -> None:
    ms, _ = read_time(said)
    assert ms is None or 0 <= ms < 4_102_444_800_000
    stamp = judge(said, NOW, 0, NOW - HOUR)
    assert NOW - HOUR - MINUTE <= stamp.at_ms <= NOW + 5 * MINUTE


LAST_LIVE = NOW - 3 * HOUR


@pytest.mark.parametrize(
    ("said", "stamp"),
    [
        ("2026-01-05T07:59:58Z", Stamp(NOW - 2000, NOW - 2000, True, True, "")),
        # up to 5 min ahead
        ("2026-01-05T08:04:00Z", Stamp(NOW + 240_000, NOW + 240_000, True, True, "")),
        # no zone, and +02
        ("2026-01-05T07:59:58", Stamp(NOW - 2000, NOW - 2000, True, True, "Q64")),
        ("2026-01-05T09:59:58+02", Stamp(NOW - 2000, NOW - 2000, True, True, "Q64")),
        # from an offline queue; and within the slack of a clock before the last live message
        ("2026-01-05T06:00:00Z", Stamp(NOW - 2 * HOUR, NOW - 2 * HOUR, True, False, "")),
        ("2026-01-05T04:59:30Z", Stamp(NOW - 10_830_000, NOW - 10_830_000, True, False, "")),
        ("2026-01-05T04:00:00Z", Stamp(NOW, NOW - 4 * HOUR, False, True, "Q64")),
        # local time marked Z
        ("2026-01-05T10:00:00Z", Stamp(NOW, NOW + 2 * HOUR, False, True, "Q64")),
        ("1970-01-01T00:05:00Z", Stamp(NOW, 300_000, False, True, "Q64")),
        ("2014-01-01T00:00:00Z", Stamp(NOW, 1_388_534_400_000, False, True, "Q64")),
        ("2031-01-01T00:00:00Z", Stamp(NOW, 1_924_992_000_000, False, True, "Q64")),
        ("222222-01-01T00:00:00Z", Stamp(NOW, None, False, True, "Q64")),
        (1_000_000, Stamp(NOW, 1_000_000_000, False, True, "Q64")),
        ("soon", Stamp(NOW, None, False, True, "Q64")),
        (None, Stamp(NOW, None, False, True, "Q29")),
        ("", Stamp(NOW, None, False, True, "Q29")),
    ],
)
def test_strange_timestamps_are_judged(said: object, stamp: Stamp) -> None:
    assert judge(said, NOW, 0, LAST_LIVE) == stamp


def test_before_the_first_sync_only_the_present_is_believed() -> None:
    assert judge("2026-01-05T07:59:00Z", NOW).trusted
    assert judge("2026-01-05T06:00:00Z", NOW) == Stamp(NOW, NOW - 2 * HOUR, False, True, "Q64")


def test_a_clock_seven_minutes_fast_is_corrected_and_its_durations_stay() -> None:
    start = judge("2026-01-05T08:07:00Z", NOW, 7 * MINUTE)
    stop = judge("2026-01-05T08:37:00Z", NOW + 30 * MINUTE, 7 * MINUTE)
    assert (start.at_ms, start.trusted, start.quirk) == (NOW, True, "Q65")
    assert stop.at_ms - start.at_ms == 30 * MINUTE


def test_a_skew_within_a_minute_is_left_alone() -> None:
    assert judge("2026-01-05T07:59:10Z", NOW, -50_000).at_ms == NOW - 50_000


def test_a_skew_is_learnt_from_three_messages_that_agree_over_a_minute() -> None:
    watch = ClockWatch()
    for minute in range(3):
        assert watch.skew_ms is None
        received = NOW + minute * MINUTE
        watch = learn(watch, received + 420_000, received)
    assert watch.skew_ms == 420_000


def test_a_draining_offline_queue_teaches_no_skew() -> None:
    watch = ClockWatch()
    for second in range(200):
        watch = learn(watch, NOW - 2 * HOUR + second * MINUTE // 2, NOW + second * 500)
    assert watch.skew_ms is None
    # Nor does a burst of one instant.
    for _ in range(10):
        watch = learn(watch, NOW - HOUR, NOW + 120_000)
    assert watch.skew_ms is None


def test_a_clock_that_was_set_right_is_learnt_anew() -> None:
    watch = ClockWatch(skew_ms=420_000, candidate_ms=420_000, agreed=9, since_ms=NOW)
    for minute in range(1, 4):
        watch = learn(watch, NOW + minute * MINUTE - 800, NOW + minute * MINUTE)
    assert watch.skew_ms == -800
    assert learn(watch, None, NOW) == watch


def test_an_offline_queue_reaches_back_to_the_end_of_the_link_before() -> None:
    assert reaches_back(NOW - 9 * HOUR, NOW - 5 * HOUR, NOW - HOUR, ClockWatch()) == NOW - HOUR
    assert reaches_back(None, None, None, ClockWatch()) is None
    assert reaches_back(None, None, NOW - HOUR, ClockWatch()) == NOW - HOUR


def test_a_link_that_broke_at_once_does_not_shorten_the_queue() -> None:
    assert reaches_back(NOW - 9 * HOUR, NOW - 40_000, NOW - 30_000, ClockWatch()) == NOW - 9 * HOUR


def test_a_link_that_broke_while_the_queue_drained_does_not_shorten_it() -> None:
    draining = learn(ClockWatch(), NOW - 7 * HOUR, NOW - HOUR)
    assert reaches_back(NOW - 9 * HOUR, NOW - 2 * HOUR, NOW - HOUR, draining) == NOW - 9 * HOUR
    slow_clock = ClockWatch(-7 * MINUTE, -7 * MINUTE, 5, NOW - 2 * HOUR)
    assert reaches_back(NOW - 9 * HOUR, NOW - 2 * HOUR, NOW - HOUR, slow_clock) == NOW - HOUR
