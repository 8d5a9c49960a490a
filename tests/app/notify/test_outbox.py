"""Everybody is told once, nobody is flooded, and the night stays quiet but for safety."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.notify.outbox import AT_MOST, WINDOW_MS, Outbox
from app.notify.rules import Rule, Told, rule_of, rules_of, wants
from tests.helpers.weighing import held

RULE = Rule("r", "On call", ("phone",))
FAULT = Told(
    1, "Internal error", "S1 EVSE 1", "Depot", "P2", False, "UNACK", Decimal("4.20"), "EUR", "Reset it."
)
MINUTE = 60_000


def test_a_fault_is_told_once() -> None:
    box = Outbox()
    (message,) = box.take([RULE], [FAULT], 0, 720)
    assert message.title == "Internal error – S1 EVSE 1"
    assert message.text == "P2, losing €4.20 an hour, Reset it."
    assert box.take([RULE], [FAULT], MINUTE, 721) == []
    assert box.take([RULE], [replace(FAULT, state="ACKED")], 2 * MINUTE, 722) == []


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    assert Outbox({("r", 1, "new")}).take([RULE], [FAULT], 0, 720) == []


def test_what_comes_back_within_the_day_is_not_told_again_and_what_cannot_is_forgotten() -> None:
    box = Outbox()
    box.take([RULE], [FAULT], 0, 720)
    box.forget({1})
    assert box.take([RULE], [FAULT], MINUTE, 721) == []
    box.forget({1})
    weighed = held(box)
    for number in range(2, 202):
        box.take([RULE], [replace(FAULT, fault=number)], number * WINDOW_MS, 720)
        box.forget({number})
    assert held(box) - weighed < 50


def test_nobody_acting_is_told_once_more() -> None:
    box = Outbox()
    box.take([RULE], [FAULT], 0, 720)
    (message,) = box.take([RULE], [replace(FAULT, escalated=True)], MINUTE, 721)
    assert message.title.startswith("Nobody acted: ")


@pytest.mark.parametrize("state", ["SHLVD", "DSUPR", "OOSRV", "NORM"])
def test_what_is_put_aside_is_told_to_nobody(state: str) -> None:
    assert Outbox().take([RULE], [replace(FAULT, state=state)], 0, 720) == []


def test_rules_choose_by_money_priority_site_and_safety() -> None:
    dear = replace(RULE, min_per_hour=Decimal(5))
    assert not wants(dear, FAULT)
    assert wants(dear, replace(FAULT, per_hour=Decimal("5.01")))
    assert not wants(dear, replace(FAULT, per_hour=None))
    assert not wants(replace(RULE, priorities=frozenset({"P1"})), FAULT)
    assert not wants(replace(RULE, sites=frozenset({"Harbour"})), FAULT)
    safety = replace(FAULT, safety=True, priority="P1", per_hour=None)
    assert wants(dear, safety)
    assert not wants(replace(dear, safety=False), safety)


def test_a_fault_that_becomes_dear_is_told_then() -> None:
    box, dear = Outbox(), replace(RULE, min_per_hour=Decimal(5))
    assert box.take([dear], [FAULT], 0, 720) == []
    assert len(box.take([dear], [replace(FAULT, per_hour=Decimal(6))], MINUTE, 721)) == 1


def test_the_night_is_quiet_and_the_morning_tells_what_still_stands() -> None:
    box, rule = Outbox(), replace(RULE, quiet=(1320, 360))
    other = replace(FAULT, fault=2)
    assert box.take([rule], [FAULT, other], 0, 1400) == []
    safety = replace(FAULT, fault=3, safety=True)
    assert len(box.take([rule], [FAULT, other, safety], MINUTE, 1401)) == 1
    (morning,) = box.take([rule], [FAULT], 8 * 60 * MINUTE, 361)
    assert morning.faults == (1,)


def test_a_digest_is_one_message_at_its_time() -> None:
    box, rule = Outbox(), replace(RULE, digest_min=60)
    faults = [replace(FAULT, fault=n) for n in range(30)]
    assert box.take([rule], faults, 0, 720) == []
    (message,) = box.take([rule], faults, 60 * MINUTE, 780)
    assert message.title == "30 faults"
    assert "and 10 more" in message.text


def test_a_digest_knows_which_of_its_faults_nobody_acted_on() -> None:
    box, rule = Outbox(), replace(RULE, digest_min=60)
    faults = [FAULT, replace(FAULT, fault=2, escalated=True)]
    box.take([rule], faults, 0, 720)
    (message,) = box.take([rule], faults, 60 * MINUTE, 780)
    assert (message.faults, message.escalated) == ((1, 2), {2})


def test_a_flood_becomes_one_message() -> None:
    box = Outbox()
    faults = [replace(FAULT, fault=n) for n in range(5_000)]
    (message,) = box.take([RULE], faults, 0, 720)
    assert len(message.faults) == 5_000


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=40))
def test_never_more_than_a_handful_in_ten_minutes(steps: list[tuple[int, int]]) -> None:
    box, now, sent = Outbox(), 0, []
    for fault, minutes in steps:
        now += minutes * 10_000
        messages = box.take([RULE], [replace(FAULT, fault=fault)], now, 720)
        sent += [now] * len(messages)
        assert sum(at > now - WINDOW_MS for at in sent) <= AT_MOST


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "at least one way"),
        ({"channels": ["phone"], "priorities": ["P9"]}, "P1, P2 and P3"),
        ({"channels": ["phone"], "quiet": [60, 60]}, "different times"),
        ({"channels": ["phone"], "digest_min": 99_999}, "once a week"),
        ({"channels": ["phone"], "min_per_hour": "much"}, "no amount"),
    ],
)
def test_a_wrong_rule_is_refused_in_words(body: dict[str, object], sentence: str) -> None:
    with pytest.raises(ForecourtError, match=sentence):
        rule_of("r", body)
    assert rules_of({"r": body}) == ()


def test_a_rule_that_is_off_is_none() -> None:
    assert rule_of("r", {"off": True}) is None
    (rule,) = rules_of({"r": {"channels": ["phone"], "min_per_hour": "2,50"}})
    assert rule.min_per_hour == Decimal("2.50")
