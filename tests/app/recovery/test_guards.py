"""Each guard rail has a case in which it refuses, and what comes next is what fits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recovery.guards import automatic, charging, never
from app.recovery.plan import Place, next_step, order, shown
from app.recovery.playbooks import Playbook, Step, load
from app.recovery.rates import Learned, Rates
from app.recovery.situation import Result, Situation, Switches, Tried

HOUR = 3_600_000
NOW = 1_000 * HOUR
RESET = Step("soft-reset", "Restart it.", 60, ("online", "nobody-charging"))
STATUS = Step("trigger-status", "Ask.", 60, ("online",))
PERSON = Step("send-person", "Go there.", 0)
BOOK = Playbook("book", "Book", ("X",), (STATUS, RESET, PERSON))
ON = Switches(on={("book", ""): True})
NOT_AT_THE_DEPOT = Switches(on={("book", ""): True, ("book", "Depot"): False})
QUIET = Situation(NOW, evse=1)
HERE = Place("X", "ACME", "1.0")


def tried(
    *results: Result, number: int = 1, do: str = "soft-reset", ago_ms: int = 2 * HOUR
) -> tuple[Tried, ...]:
    return tuple(Tried(number, do, NOW - ago_ms, result) for result in results)


def restarts(result: Result, *minutes_ago: int) -> tuple[Tried, ...]:
    """Of the same station, for its other faults."""
    return tuple(Tried(1, "soft-reset", NOW - ago * 60_000, result) for ago in minutes_ago)


def credited(minutes_ago: int) -> tuple[Tried, ...]:
    """Such a restart that ended this fault too: a step of its own playbook, and still one restart."""
    return tuple(replace(one, number=3) for one in restarts(Result.MENDED, minutes_ago))


def test_what_cuts_nobody_off_need_not_wait_for_restarts_taken_for_other_faults() -> None:
    after = replace(QUIET, restarts=restarts(Result.WORSE, 1, 2, 3))
    assert automatic(BOOK, STATUS, after, ON) == ""


def test_where_nothing_stands_against_it_it_may() -> None:
    assert automatic(BOOK, RESET, QUIET, ON) == ""


@pytest.mark.parametrize(
    ("situation", "switches", "says"),
    [
        (QUIET, replace(ON, killed=True), "switched off as a whole"),
        (QUIET, Switches(), "off for this playbook"),
        (QUIET, NOT_AT_THE_DEPOT, ""),
        (replace(QUIET, site="Depot"), NOT_AT_THE_DEPOT, "off for"),
        (replace(QUIET, safety=True), ON, "A safety fault stands here"),
        (replace(QUIET, charging=1), ON, "A driver charges"),
        (replace(QUIET, charging=2), ON, "2 drivers charge"),
        (replace(QUIET, state="SHLVD"), ON, "shelved"),
        (replace(QUIET, state="OOSRV"), ON, "out of service"),
        (replace(QUIET, state="DSUPR"), ON, "suppressed"),
        (replace(QUIET, local_minute=120), replace(ON, quiet=(1320, 360)), "quiet hours"),
        (replace(QUIET, local_minute=720), replace(ON, quiet=(1320, 360)), ""),
        (replace(QUIET, busy_in_group="S2"), ON, "at work at S2"),
        (replace(QUIET, doubtful=True), ON, "cannot see well enough"),
        (replace(QUIET, tried=tried(Result.WORSE, Result.WORSE)), ON, "made it worse"),
        (replace(QUIET, tried=tried(Result.WORSE, Result.NO_CHANGE)), ON, ""),
        (replace(QUIET, tried=tried(*[Result.NO_CHANGE] * 3, ago_ms=HOUR // 2)), ON, "within the hour"),
        (replace(QUIET, tried=tried(Result.NO_CHANGE, ago_ms=60_000)), ON, "less than 5 min ago"),
        (replace(QUIET, restarts=tried(Result.NO_CHANGE, ago_ms=60_000)), ON, "less than 5 min ago"),
        (replace(QUIET, restarts=restarts(Result.NO_CHANGE, 20, 30, 40)), ON, "within the hour"),
        (replace(QUIET, restarts=restarts(Result.NO_CHANGE, 20, 30, 70)), ON, ""),
        (replace(QUIET, restarts=restarts(Result.NO_CHANGE, 20, 30), tried=credited(30)), ON, ""),
        (replace(QUIET, restarts=restarts(Result.WORSE, 70, 90)), ON, "restarts of this station in a row"),
        (replace(QUIET, restarts=restarts(Result.WORSE, 70, 1_500)), ON, ""),
    ],
)  # fmt: skip
def test_each_guard_rail_refuses_in_words(situation: Situation, switches: Switches, says: str) -> None:
    why = automatic(BOOK, RESET, situation, switches)
    assert (why == "") is (says == "")
    assert says in why


def test_a_safety_fault_is_left_alone_by_persons_too_but_may_be_looked_at() -> None:
    unsafe = replace(QUIET, safety=True)
    assert never(unsafe, RESET)
    assert not never(unsafe, STATUS)
    assert not never(unsafe, PERSON)


def test_freeing_the_one_stuck_session_hurts_nobody() -> None:
    free = Step("free-session", "End it.", 60, ("session-stuck",))
    stuck = replace(QUIET, charging=1, stuck=True, plug_free=False)
    assert charging(stuck, free) == ""
    assert charging(replace(stuck, charging=2), free)
    assert charging(stuck, RESET)


@given(
    st.sampled_from(load()),
    st.builds(
        Situation, st.just(NOW), st.just(True), st.sampled_from(["UNACK", "ACKED", "RTNUN"]),
        charging=st.integers(0, 3), stuck=st.booleans(),
    ),
)  # fmt: skip
def test_no_shipped_step_ever_touches_a_safety_fault(book: Playbook, situation: Situation) -> None:
    everywhere = Switches(on={("*", ""): True})
    assert all(automatic(book, step, situation, everywhere) for step in book.step)


def test_steps_come_in_order_each_as_often_as_it_says() -> None:
    rates = Rates()
    assert next_step(BOOK, QUIET, rates, HERE) == (0, STATUS)
    once = replace(QUIET, tried=tried(Result.NO_CHANGE, number=0, do="trigger-status"))
    assert next_step(BOOK, once, rates, HERE) == (1, RESET)
    assert next_step(BOOK, replace(once, charging=1), rates, HERE) == (2, PERSON)
    running = replace(QUIET, tried=tried(Result.RUNNING, number=0, do="trigger-status"))
    assert next_step(BOOK, running, rates, HERE) is None
    done = replace(QUIET, tried=tuple(Tried(n, "x", NOW, Result.NO_CHANGE) for n in range(3)))
    assert next_step(BOOK, done, rates, HERE) is None


def test_a_step_that_does_not_work_here_is_no_longer_offered_first() -> None:
    unlock = Step("unlock", "Unlock.", 60, ("online",))
    book = Playbook("book", "Book", ("X",), (unlock, RESET, PERSON))
    failed = [Learned("book", "unlock", "X", "ACME", "1.0", Result.NO_CHANGE) for _ in range(12)]
    rates = Rates().learn_all(failed)
    assert [step.do for _, step in order(book, rates, HERE)] == ["soft-reset", "unlock", "send-person"]
    elsewhere = Place("X", "OTHER", "9")
    assert next_step(book, QUIET, Rates().learn_all(failed[:4]), HERE) == (0, unlock)
    # The most special key that was tried often enough speaks; elsewhere it is the code's.
    assert next_step(book, QUIET, rates, elsewhere) == (1, RESET)
    told = {view.do: view for view in shown(book, QUIET, rates, HERE)}
    assert told["unlock"].why_not.startswith("It worked 0 of 12 times")


def test_what_was_mended_but_did_not_hold_is_no_success() -> None:
    rates = Rates().learn_all(
        [
            Learned("book", "soft-reset", "X", "A", "1", Result.MENDED, True),
            Learned("book", "soft-reset", "X", "A", "1", Result.MENDED, False),
            Learned("book", "soft-reset", "X", "A", "1", Result.MENDED, None),
            Learned("book", "soft-reset", "X", "A", "1", Result.REFUSED),
        ]
    )
    assert (rates.of("book", "soft-reset", "X").k, rates.of("book", "soft-reset", "X").n) == (2, 3)


def test_a_driver_who_charges_is_waited_for_before_a_person_is_sent() -> None:
    asked = tried(Result.NO_CHANGE, number=0, do="trigger-status", ago_ms=HOUR)
    busy = replace(QUIET, charging=1, tried=asked)
    assert next_step(BOOK, busy, Rates(), HERE, patient=True) == (1, RESET)
    assert automatic(BOOK, RESET, busy, ON) == "A driver charges on this station."
    # Nobody waits for ever, and a person who asks for the next step is not made to wait.
    late = replace(busy, now_ms=NOW + HOUR)
    assert next_step(BOOK, late, Rates(), HERE, patient=True) == (2, PERSON)
    assert next_step(BOOK, busy, Rates(), HERE) == (2, PERSON)
    # A step whose outcome took a day to be seen is waited after from then on.
    seen_late = tuple(replace(one, at_ms=NOW - 24 * HOUR, ended_ms=NOW - HOUR) for one in asked)
    assert next_step(BOOK, replace(busy, tried=seen_late), Rates(), HERE, patient=True) == (1, RESET)
    # What was tried before it came back says nothing of how long this one waits.
    settled = tuple(replace(one, settled=True) for one in asked)
    back = replace(late, tried=settled, opened_ms=late.now_ms - HOUR)
    assert next_step(BOOK, back, Rates(), HERE, patient=True) != (2, PERSON)


def test_a_wait_that_was_long_enough_is_waited_again() -> None:
    wait = Step("wait", "Wait.", 600)
    book = Playbook("offline", "Offline", ("Offline",), (wait, PERSON))
    waited = replace(QUIET, tried=tried(Result.MENDED, number=0, do="wait"))
    assert next_step(book, waited, Rates(), HERE) == (0, wait)
    in_vain = replace(QUIET, tried=tried(Result.NO_CHANGE, number=0, do="wait"))
    assert next_step(book, in_vain, Rates(), HERE) == (1, PERSON)


def test_a_station_that_is_away_is_waited_for_and_sent_nothing() -> None:
    asked = tried(Result.NO_CHANGE, number=0, do="trigger-status", ago_ms=HOUR)
    away = replace(QUIET, online=False, tried=asked)
    assert next_step(BOOK, away, Rates(), HERE, patient=True) == (1, RESET)
    assert "offline" in automatic(BOOK, RESET, away, ON)


def test_what_no_time_brings_is_not_waited_for() -> None:
    template = Step("send-configuration", "Send it.", 60, ("online", "template-known"))
    book = Playbook("book", "Book", ("X",), (template, PERSON))
    busy = replace(QUIET, charging=1, opened_ms=NOW)
    assert next_step(book, busy, Rates(), HERE, patient=True) == (1, PERSON)
