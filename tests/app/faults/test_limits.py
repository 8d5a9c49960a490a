"""Thresholds are data, and the operator may replace each."""

import pytest

from app.domain.errors import ForecourtError
from app.faults.limits import Limits
from app.faults.rules import all_rules
from app.faults.rules.flapping_link import FlappingLimits


def test_a_single_value_can_be_replaced(tmp_path):
    """The others stay."""
    (tmp_path / "own.toml").write_text("[flapping_link]\nlosses = 9\n")
    assert Limits(tmp_path).of("flapping_link", FlappingLimits) == FlappingLimits(9, 60, 60)


def test_a_wrong_value_is_named(tmp_path):
    """File and key."""
    (tmp_path / "own.toml").write_text('[flapping_link]\nlosses = "many"\n')
    with pytest.raises(ForecourtError, match=r"own\.toml.*losses"):
        Limits(tmp_path).of("flapping_link", FlappingLimits)
    (tmp_path / "own.toml").write_text("[flapping_link\n")
    with pytest.raises(ForecourtError, match="cannot be read"):
        Limits(tmp_path)


def test_every_rule_has_a_name_of_its_own():
    """Findings and timers are told apart by it."""
    names = [rule.name for rule in all_rules()]
    assert len(names) == len(set(names)) >= 26
