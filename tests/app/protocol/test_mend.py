"""Broken JSON: known breakages are mended where that makes it parse, nothing else is touched (Q23)."""

import json

import pytest

from app.protocol.mend import mended


@pytest.mark.parametrize(
    ("broken", "better"),
    [
        ('[2,"1","MeterValues",[,{"a":1}]]', [2, "1", "MeterValues", [{"a": 1}]]),
        ('[2,"1","X",{,"a":1}]', [2, "1", "X", {"a": 1}]),
        ('[2,"1","X",{"transactionId":,"a":1}]', [2, "1", "X", {"transactionId": None, "a": 1}]),
        ('[2,"1","X",{"a":}]', [2, "1", "X", {"a": None}]),
        ('[2,"1","X",{}]\x00\x00', [2, "1", "X", {}]),
        ('\ufeff[2,"1","X",{}]', [2, "1", "X", {}]),
        ('[,2,"1","X",{"t":" :, [, "}]', [2, "1", "X", {"t": " :, [, "}]),
    ],
)
def test_known_breakages_are_mended(broken: str, better: object) -> None:
    """The seen samples parse after the repair; texts keep every character."""
    fixed = mended(broken)
    assert fixed is not None
    assert json.loads(fixed) == better


@pytest.mark.parametrize("text", ['[2,"1","Boot', "hello", "", '[2,"1","X",{}]', "[,", '{"a":"\x01"}'])
def test_the_rest_is_left_alone(text: str) -> None:
    """What stays broken, or never was, is not touched."""
    assert mended(text) is None


def test_a_mebibyte_of_breakage_is_soon_done() -> None:
    """The repair is linear: a message of the largest size does not hold the loop up."""
    assert mended("[" + "," * 1_000_000) is None
    assert mended('"' * 1_000_001) is None
