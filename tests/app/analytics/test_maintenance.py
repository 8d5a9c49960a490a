"""Maintenance figures: the reference's worked numbers, and failures that are one."""

from app.analytics.maintenance import HOUR_MS, YEAR_MS, Failure, maintenance, merged, poisson_range, scorecard

MINUTE = 60_000
DAY = 24 * HOUR_MS


def failure(onset_h: float, repair_h: float | None, fixed: str = "remote", evse: int = 1) -> Failure:
    onset = round(onset_h * HOUR_MS)
    working = None if repair_h is None else onset + round(repair_h * HOUR_MS)
    return Failure("S1", evse, "CX001", onset, onset + 2 * MINUTE, onset + 7 * MINUTE, working, fixed)


def test_g_mtbf_mttr_and_availability() -> None:
    failures = [failure(100 * n, 8.5) for n in range(6)]
    made = maintenance(failures, 8_400 * HOUR_MS, 8_400 * HOUR_MS)
    assert (made.mtbf_h, made.mttr_h, made.repair_h) == (1391.5, 8.5, 51)
    assert made.availability is not None
    assert round(made.availability * 100, 2) == 99.39
    assert (made.mtta_min, made.mttd_min, made.mttr_median_h) == (5, 2, 8.5)
    assert (made.remote_fix.k, made.remote_fix.n) == (6, 6)


def test_no_failure_says_more_than_a_third_of_the_hours() -> None:
    made = maintenance([], 900 * HOUR_MS, 0)
    assert (made.mtbf_h, made.mtbf_over_h, made.mttr_h) == (None, 300, None)


def test_a_failure_that_comes_back_within_half_an_hour_is_the_same() -> None:
    two = [failure(0, 1), failure(1.4, 1), failure(5, 1)]
    joined = merged(two)
    assert [(f.onset_ms, f.working_ms) for f in joined] == [
        (0, round(2.4 * HOUR_MS)), (5 * HOUR_MS, 6 * HOUR_MS),
    ]  # fmt: skip
    assert len(merged([failure(0, 1), failure(0.5, 1, evse=2)])) == 2


def test_repeats_count_only_what_is_settled() -> None:
    failures = [failure(0, 1), failure(24 * 10, 1), failure(24 * 80, 1)]
    made = maintenance(failures, 100 * DAY, 90 * DAY)
    assert (made.repeats.k, made.repeats.n) == (1, 2)


def test_a_scorecard_never_makes_three_sessions_a_trend() -> None:
    cells = scorecard([(("A",), YEAR_MS // 3, 2), (("B",), 20 * YEAR_MS, 30), (("C",), 20 * YEAR_MS, 90)])
    reading = {score.group[0]: score.reading for score in cells}
    assert reading == {"A": "few data", "B": "better", "C": "worse"}
    low, high = poisson_range(10, 1)
    assert 4.7 < low < 4.9
    assert 18.2 < high < 18.5
    assert poisson_range(0, 0) == (0.0, float("inf"))
