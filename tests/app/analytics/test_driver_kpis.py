"""Attempts, visits and their figures: the reference's worked numbers, and what a day at a site gives."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.attempts import STEPS, Attempt, Kind, Sign, Step, attempts_of, visits_of
from app.analytics.driver_kpis import driver_kpis
from app.analytics.intervals import (
    Share,
    median,
    nearest_rank,
    newcombe,
    shrunken_rate,
    shrunken_share,
    wilson,
)  # fmt: skip

MINUTE = 60_000


def told(visits: list[str]) -> list[tuple[str, Attempt]]:
    """Visits as words of S and F, each of its own driver."""
    found = []
    for n, word in enumerate(visits):
        for k, letter in enumerate(word):
            at = k * 5 * MINUTE
            reached = Step.ENDED_WELL if letter == "S" else Step.AUTHORISED
            found.append(("site", Attempt("S1", 1, at, at + MINUTE, token=f"T{n}", reached=reached)))
    return found


def test_b_twenty_visits() -> None:
    kpis = driver_kpis(told(["S"] * 15 + ["FS", "FS", "FFS", "FF", "F"]))
    assert (kpis.attempts, kpis.visits) == (25, 20)
    assert kpis.session_success.exact == Fraction(18, 25)
    assert kpis.first_attempt.exact == Fraction(15, 20)
    assert kpis.visit_success.exact == Fraction(18, 20)
    assert kpis.tries_per_good_visit == Fraction(22, 18)


def test_b_start_times() -> None:
    waits = [14, 17, 19, 21, 22, 25, 31, 38, 52, 140]
    attempts = [
        ("s", Attempt("S1", 1, n, n, token=str(n), reached=Step.ENDED_WELL, start_ms=wait * 1000))
        for n, wait in enumerate(waits)
    ]
    kpis = driver_kpis(attempts)
    assert (kpis.start_median_s, kpis.start_p90_s, kpis.within_60_s.exact) == (23.5, 52, Fraction(9, 10))


def test_g_small_numbers() -> None:
    assert [round(x, 3) for x in wilson(9, 10)] == [0.596, 0.982]
    assert [round(x, 3) for x in wilson(3, 3)] == [0.439, 1]
    assert [round(x, 3) for x in wilson(171, 190)] == [0.849, 0.935]
    assert round(shrunken_share(3, 3, 0.8), 3) == 0.846
    assert round(shrunken_rate(2, 0.4, 1.6), 2) == 2.17
    assert round(shrunken_rate(30, 20, 1.6), 2) == 1.51
    assert [round(x, 4) for x in newcombe(17, 64, 49, 410)] == [0.0471, 0.2685]
    assert Share(0, 0).value is None
    assert (median([]), nearest_rank([], 0.5)) == (None, None)


def session(
    at: int, end: int | None, wh: int | None, reason: str = "Local", evse: int = 1, token: str = "ANNA"
) -> Sign:
    return Sign(
        at, Kind.SESSION, evse, token, session=1, ended_ms=end, energy_wh=wh, reason=reason, charging_ms=at
    )


def only(*signs: Sign, faults: tuple[tuple[int, int], ...] = ()) -> Attempt:
    (found,) = attempts_of("S1", signs, faults)
    return found


def test_plug_card_and_session_are_one_good_attempt() -> None:
    one = only(
        Sign(0, Kind.PLUG, 1), Sign(20_000, Kind.TOKEN, token="ANNA"), session(30_000, 40 * MINUTE, 12_000),
        Sign(41 * MINUTE, Kind.UNPLUG, 1),
    )  # fmt: skip
    assert (one.reached, one.token, one.start_ms, one.lost) == (Step.ENDED_WELL, "ANNA", 10_000, "")


def test_card_and_no_session_is_lost_after_authorising() -> None:
    one = only(Sign(0, Kind.PLUG, 1), Sign(20_000, Kind.TOKEN, token="ANNA"))
    assert (one.reached, one.lost) == (Step.AUTHORISED, "no session began")


def test_a_refused_card_is_lost_with_its_word() -> None:
    one = only(Sign(0, Kind.PLUG, 1), Sign(9_000, Kind.TOKEN, token="BOB", good=False, word="Blocked"))
    assert (one.reached, one.lost) == (Step.PLUGGED, "Blocked")


def test_plugged_and_pulled_at_once_does_not_count() -> None:
    one = only(Sign(0, Kind.PLUG, 1), Sign(9_000, Kind.UNPLUG, 1))
    assert one.cancelled
    assert driver_kpis([("s", one)]).attempts == 0


def test_a_session_without_energy_and_one_cut_by_a_fault() -> None:
    dry = only(session(0, 5 * MINUTE, 90, "EVDisconnected"))
    assert (dry.reached, dry.lost) == (Step.STARTED, "EVDisconnected")
    cut = only(session(0, 10 * MINUTE, 4_000, "Other"), faults=((1, 10 * MINUTE - 30_000),))
    assert (cut.reached, cut.lost) == (Step.ENERGY, "a fault")
    power = only(session(0, 10 * MINUTE, 4_000, "PowerLoss"))
    assert (power.reached, power.lost) == (Step.ENERGY, "PowerLoss")
    unproved = only(session(0, 10 * MINUTE, None))
    assert (unproved.reached, unproved.lost) == (Step.STARTED, "energy not proved")


def test_a_running_session_is_not_judged() -> None:
    one = only(session(0, None, 3_000))
    assert (one.running, one.reached) == (True, Step.ENERGY)
    assert driver_kpis([("s", one)]).running == 1


def test_two_cars_at_two_plugs_are_two_attempts() -> None:
    found = attempts_of(
        "S1",
        [
            Sign(0, Kind.PLUG, 1), Sign(1_000, Kind.PLUG, 2), Sign(5_000, Kind.TOKEN, token="ANNA"),
            session(9_000, 30 * MINUTE, 9_000, evse=2), Sign(40_000, Kind.TOKEN, token="BOB"),
            session(50_000, 20 * MINUTE, 8_000, evse=1, token="BOB"),
        ],
    )  # fmt: skip
    assert [(a.evse, a.token, a.good) for a in found] == [(1, "BOB", True), (2, "ANNA", True)]


def test_a_second_session_on_the_plug_is_another_attempt() -> None:
    found = attempts_of(
        "S1", [session(0, 5 * MINUTE, 9_000), session(6 * MINUTE, 15 * MINUTE, 9_000, token="BOB")]
    )
    assert len(found) == 2


def test_the_operators_own_card_does_not_count() -> None:
    assert attempts_of("S1", [session(0, 5, 9_000, token="TEST")], test_tokens=frozenset({"TEST"})) == []


def test_tries_within_a_quarter_of_an_hour_are_one_visit() -> None:
    tries = [
        ("site", Attempt("S1", 1, 0, MINUTE, token="A")),
        ("site", Attempt("S2", 1, 10 * MINUTE, 11 * MINUTE, token="A")),
        ("site", Attempt("S2", 1, 60 * MINUTE, 61 * MINUTE, token="A")),
        ("other", Attempt("S3", 1, 62 * MINUTE, 63 * MINUTE, token="A")),
    ]
    assert [len(visit) for visit in visits_of(tries)] == [2, 1, 1]


SIGNS = st.builds(
    Sign,
    st.integers(0, 3_600_000),
    st.sampled_from(Kind),
    st.sampled_from([1, 2]),
    st.sampled_from(["", "A", "B"]),
    st.booleans(),
)


@given(st.lists(SIGNS, max_size=20))
def test_the_funnel_only_narrows_and_loses_nobody(signs: list[Sign]) -> None:
    attempts = attempts_of("S1", signs)
    sessions = [s for s in signs if s.kind is Kind.SESSION]
    assert sum(a.session is not None or a.came_to(Step.STARTED) for a in attempts) == len(sessions)
    kpis = driver_kpis([("s", a) for a in attempts])
    counts = [step.count for step in kpis.funnel]
    assert counts == sorted(counts, reverse=True)
    lost = sum(n for step in kpis.funnel for _, n in step.lost)
    assert kpis.attempts == lost + (counts[-1] if counts else 0)
    assert [step.step for step in kpis.funnel] == list(STEPS)
