"""Views over one timeline: the reference's worked examples to the last digit, and what always holds."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.timelines import State, Tile, clip, paint, tiling
from app.analytics.uptime import truncated
from app.analytics.uptime_views import CODES, Exclusion, judge, pooled, view_named, views
from app.domain.errors import ForecourtError

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LONDON = ZoneInfo("Europe/London")


def ms(*when: int, zone: object = UTC) -> int:
    return round(datetime(*when, tzinfo=zone).timestamp() * 1000)  # type: ignore[misc,arg-type]


YEAR = (ms(2025, 1, 1), ms(2026, 1, 1))
LEAP = (ms(2028, 1, 1), ms(2029, 1, 1))


def up(window: tuple[int, int]) -> list[Tile]:
    return tiling(window, [(window[0], State.AVAILABLE)])


def after(window: tuple[int, int], start_min: int, length_min: int) -> tuple[int, int]:
    start = window[0] + start_min * MINUTE
    return (start, start + length_min * MINUTE)


def test_a1_excluded_is_outage_and_exclusion_together() -> None:
    tiles = paint(up(YEAR), [after(YEAR, 1000, 600)], State.FAULTED)
    tiles = paint(tiles, [after(YEAR, 1480, 300)], State.OFFLINE)
    nevi = view_named("nevi")
    grid = judge(nevi, tiles, [Exclusion(*after(YEAR, 1400, 240), "GRID")])
    assert (grid.outage_ms, grid.excluded_ms) == (780 * MINUTE, 240 * MINUTE)
    assert truncated(grid.best, 4) == "99.8972"
    late = judge(nevi, tiles, [Exclusion(*after(YEAR, 1700, 240), "GRID")])
    assert late.excluded_ms == 80 * MINUTE
    assert truncated(late.best, 4) == "99.8668"


@pytest.mark.parametrize(
    ("counted", "passes", "shown"),
    [(15_768, False, "97.00"), (15_767, True, "97.00"), (15_769, False, "96.99")],
)
def test_a2_the_threshold_itself_fails(counted: int, passes: bool, shown: str) -> None:
    tiles = paint(up(YEAR), [after(YEAR, 0, counted)], State.FAULTED)
    judged = judge(view_named("nevi"), tiles)
    assert judged.passes is passes
    assert truncated(judged.best) == shown


def test_a_leap_year_keeps_the_constant_and_shows_the_true_minutes_beside_it() -> None:
    tiles = paint(up(LEAP), [after(LEAP, 0, 15_768)], State.FAULTED)
    judged = judge(view_named("nevi"), tiles)
    assert judged.best == 97
    assert judged.passes is False
    assert judged.true_minutes == Fraction((527_040 - 15_768) * 100, 527_040)
    half = judge(view_named("nevi"), clip(tiles, (LEAP[0], LEAP[0] + 100 * DAY)))
    assert half.constant_ms is None


def test_a4_the_united_kingdom_pools_all_minutes() -> None:
    uk = view_named("uk")
    nights = [
        Exclusion(ms(2025, 1, 1) + d * DAY - 2 * HOUR, ms(2025, 1, 1) + d * DAY + 6 * HOUR, "CLOSED_HOURS")
        for d in range(366)
    ]
    one = paint(up(YEAR), [after(YEAR, 5_000, 3_000)], State.FAULTED)
    two = paint(up(YEAR), [after(YEAR, 5_000, 1_200)], State.UNAVAILABLE)
    two = paint(two, [after(YEAR, 50_000, 10_000)], State.OFFLINE)
    overnight = (ms(2025, 3, 3, 20), ms(2025, 3, 4, 8))
    three = paint(up(YEAR), [overnight], State.FAULTED)
    three = paint(three, [(ms(2025, 5, 5, 7), ms(2025, 5, 5, 17))], State.BLOCKED)
    parts = [judge(uk, one), judge(uk, two), judge(uk, three, nights), judge(uk, up(YEAR))]
    assert [p.assessable_ms // MINUTE for p in parts] == [525_600, 525_600, 350_400, 525_600]
    assert [p.outage_ms // MINUTE for p in parts] == [3_000, 1_200, 240, 0]
    whole = pooled(uk, parts)
    assert truncated(whole.best, 4) == "99.7696"
    assert whole.passes is True
    mean = sum((p.best for p in parts if p.best is not None), Fraction(0)) / 4
    assert truncated(mean, 4) == "99.7831"


def test_a5_california_caps_what_it_excuses() -> None:
    tiles = paint(up(YEAR), [after(YEAR, 0, 80 * 60)], State.UNAVAILABLE)
    tiles = paint(tiles, [after(YEAR, 100_000, 14 * 24 * 60)], State.FAULTED)
    tiles = paint(tiles, [after(YEAR, 200_000, 30 * 60)], State.FAULTED)
    excused = [
        Exclusion(*after(YEAR, 0, 80 * 60), "SCHED_MAINT"),
        Exclusion(*after(YEAR, 100_000, 14 * 24 * 60), "VANDALISM"),
    ]
    capped = judge(view_named("cec"), tiles, excused)
    assert (capped.outage_ms // HOUR, capped.excluded_ms // HOUR) == (446, 312)
    assert truncated(capped.best) == "98.47"
    assert truncated(judge(view_named("nevi"), tiles, excused).best) == "99.65"
    assert truncated(judge(view_named("cec"), tiles).best) == "94.90"


def test_a7_blind_time_makes_bounds_and_no_pass() -> None:
    day = (0, 24 * HOUR)
    tiles = paint(up(day), [(18 * HOUR, 19 * HOUR)], State.FAULTED)
    tiles = paint(tiles, [(19 * HOUR, 21 * HOUR)], State.OFFLINE)
    tiles = paint(tiles, [(21 * HOUR, 24 * HOUR)], State.BLIND)
    raw = judge(view_named("raw"), tiles)
    assert (truncated(raw.low, 3), truncated(raw.high, 3), truncated(raw.best, 3)) == (
        "75.000",
        "87.500",
        "85.714",
    )
    assert raw.passes is None
    blind = paint(up(day), [(0, 1 * HOUR)], State.BLIND)
    assert judge(view_named("uk"), blind).best == 100
    assert judge(view_named("uk"), blind).passes is False


def test_a_claim_without_evidence_is_not_subtracted() -> None:
    tiles = paint(up(YEAR), [after(YEAR, 0, 600)], State.FAULTED)
    claimed = Exclusion(*after(YEAR, 0, 600), "GRID", proved=False)
    assert judge(view_named("nevi"), tiles, [claimed]).excluded_ms == 0


def test_silence_counts_as_down_and_a_blocked_bay_by_the_rule() -> None:
    day = (0, 10 * HOUR)
    silent = paint(up(day), [(0, HOUR)], State.SILENT)
    blocked = paint(up(day), [(0, HOUR)], State.BLOCKED)
    proven = paint(up(day), [(0, HOUR)], State.PROVEN)
    down = {name: judge(view, silent).outage_ms for name, view in views().items()}
    assert set(down.values()) == {HOUR}
    assert judge(view_named("raw"), blocked).outage_ms == HOUR
    assert judge(view_named("nevi"), blocked).outage_ms == 0
    assert judge(view_named("raw"), proven).outage_ms == 0
    assert judge(view_named("nevi"), proven).outage_ms == HOUR


def test_an_unknown_rule_is_refused_in_words() -> None:
    with pytest.raises(ForecourtError, match="no uptime rule 'x'"):
        view_named("x")


def test_caps_by_year_begin_anew_in_the_zones_january() -> None:
    window = (ms(2025, 12, 1, zone=LONDON), ms(2026, 2, 1, zone=LONDON))
    planned = (ms(2025, 12, 29, zone=LONDON), ms(2026, 1, 4, zone=LONDON))
    tiles = paint(up(window), [planned], State.UNAVAILABLE)
    judged = judge(view_named("cec"), tiles, [Exclusion(*planned, "SCHED_MAINT")], LONDON)
    assert judged.excluded_ms == (72 + 72) * HOUR


STATES = st.sampled_from(list(State))
CHANGES = st.lists(st.tuples(st.integers(0, 1000), STATES), max_size=12).map(
    lambda c: sorted(c, key=lambda x: x[0])
)
EXCUSED = st.lists(
    st.builds(Exclusion, st.integers(0, 1000), st.integers(0, 1000), st.sampled_from(CODES), st.booleans()),
    max_size=6,
)


@given(st.sampled_from(sorted(views())), CHANGES, EXCUSED)
def test_it_adds_up_and_never_leaves_0_to_100(
    name: str, changes: list[tuple[int, State]], excused: list[Exclusion]
) -> None:
    judged = judge(view_named(name), tiling((0, 1000), changes), excused)
    assert 0 <= judged.excluded_ms <= judged.outage_ms
    if judged.best is not None and judged.low is not None and judged.high is not None:
        assert 0 <= judged.low <= judged.high <= 100
        assert judged.low <= judged.best <= 100


@given(
    st.sampled_from([name for name, view in views().items() if not view.caps]),
    CHANGES, EXCUSED, st.integers(1, 999),
)  # fmt: skip
def test_splitting_a_window_changes_nothing(
    name: str, changes: list[tuple[int, State]], excused: list[Exclusion], cut: int
) -> None:
    view, tiles = view_named(name), tiling((0, 1000), changes)
    whole = judge(view, tiles, excused)
    parts = pooled(view, [judge(view, clip(tiles, part), excused) for part in ((0, cut), (cut, 1000))])
    assert (whole.assessable_ms, whole.outage_ms, whole.excluded_ms, whole.unmeasured_ms) == (
        parts.assessable_ms, parts.outage_ms, parts.excluded_ms, parts.unmeasured_ms,
    )  # fmt: skip
