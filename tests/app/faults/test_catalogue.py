"""The alarm types: each code has one, danger is as the reference lists it, an own file replaces ours."""

from pathlib import Path

import pytest

from app.domain.errors import ForecourtError
from app.faults.catalogue import LAST_RESORT, load
from app.faults.codes import Codes
from app.faults.own import Own
from app.faults.rules import all_rules

CATALOGUE = load()
OUT_FIRST = {"CX008", "CX017", "CX019", "CX022", "CX024", "CX026"}
ENTRY = """
[[alarm]]
id = "connector-lock"
title = "Lock"
condition = "c"
cause = "c"
consequence = "c"
action = "a"
codes = ["CX001"]
on_delay_s = 90
"""


@pytest.mark.parametrize("code", sorted(c.code for c in Codes()))
def test_every_code_has_an_alarm_type_that_agrees_on_danger(code: str) -> None:
    kind = CATALOGUE.of("any_rule", code)
    if code == "Offline":
        kind = CATALOGUE.of("offline", code)
    elif code in ("FlappingLink", "NoBoot", "SiteTogether"):
        return  # Found by their rules, see below.
    assert kind.id != LAST_RESORT, code
    assert kind.safety == bool(Codes()[code].safety)
    assert kind.out_of_service_first == Codes()[code].out_first == (code in OUT_FIRST)


@pytest.mark.parametrize("rule", ["offline", "flapping_link", "site_together"])
def test_rules_of_links_have_their_own(rule: str) -> None:
    assert CATALOGUE.of(rule, "X").id != LAST_RESORT


def test_every_rule_named_exists() -> None:
    names = {rule.name for rule in all_rules()} | {Own.name, "group"}
    assert {rule for kind in CATALOGUE.types.values() for rule in kind.rules} <= names


def test_the_delays_are_those_of_the_reference() -> None:
    told = {
        (rule, code): (k.on_delay_s, k.off_delay_s)
        for rule, code in [("offline", "Offline"), ("x", "CX001"), ("x", "CX003"), ("x", "CX007")]
        for k in [CATALOGUE.of(rule, code)]
    }
    assert list(told.values()) == [(60, 120), (10, 60), (60, 300), (300, 600)]


def test_every_alarm_says_what_to_do_and_when_it_is_reviewed() -> None:
    for kind in CATALOGUE.types.values():
        assert kind.action
        assert kind.consequence
        assert kind.owner
        assert kind.review.year >= 2026
        assert kind.priority == "P1" or not kind.safety


def test_an_operators_entry_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(ENTRY)
    assert load(tmp_path).of("x", "CX001").on_delay_s == 90
    assert load(tmp_path).of("x", "CX003").on_delay_s == 60


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[alarm]]\nid = 'x'", "not a list of alarms"),
        ("nonsense", "not a list of alarms"),
        (ENTRY + ENTRY, "twice"),
        (ENTRY.replace("connector-lock", "mine"), "both claim CX001"),
        (ENTRY + "safety = true\n", "always P1"),
        (ENTRY + "colour = 'red'\n", "not a list of alarms"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_name(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ForecourtError, match=says) as refused:
        load(tmp_path)
    assert "mine" in str(refused.value)
