"""Quirks as data: loaded, checked, overridable; every counted id has its words."""

import re
from pathlib import Path

import pytest

from app.domain.errors import ForecourtError
from app.protocol.quirks import load, quirks_of, shipped

ROOT = Path(__file__).parents[3]
ENTRY = """
[[quirk]]
id = "{id}"
title = "Mine"
severity = "link"
symptom = "s"
answer = "a"
{more}
"""


def test_twelve_matter_most() -> None:
    """The twelve are there, marked."""
    important = [quirk.id for quirk in shipped().values() if quirk.important]
    assert important == ["Q01", "Q09", "Q13", "Q23", "Q36", "Q37", "Q39", "Q40", "Q49", "Q52", "Q61", "Q71"]


def test_every_counted_quirk_has_its_words() -> None:
    """An id that the program counts is never shown bare."""
    used: set[str] = set()
    for path in (ROOT / "app").rglob("*.py"):
        used.update(re.findall(r'"(Q\d\d)"', path.read_text(encoding="utf-8")))
    assert used <= set(shipped())


def test_no_text_is_empty_or_unfinished() -> None:
    """Symptom and answer are sentences."""
    for quirk in shipped().values():
        assert quirk.symptom.endswith("."), quirk.id
        assert quirk.answer.endswith("."), quirk.id


def test_the_data_directory_overrides(tmp_path: Path) -> None:
    """An entry of the operator's replaces ours; others stay."""
    (tmp_path / "mine.toml").write_text(ENTRY.format(id="Q63", more='avoid = ["GetLog"]'), encoding="utf-8")
    quirks = load(tmp_path)
    assert quirks["Q63"].title == "Mine"
    assert quirks["Q63"].avoid == ("GetLog",)
    assert len(quirks) == len(shipped())
    assert load(tmp_path / "nowhere") == shipped()


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        ENTRY.format(id="Q9", more=""),
        ENTRY.format(id="Q99", more="colour = 1"),
        "[[quirk]]\nid='Q99'",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    """One plain sentence with the file's name."""
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ForecourtError, match=r"bad\.toml"):
        load(tmp_path)


def test_the_quirks_of_a_station() -> None:
    """By its make, and by what it has shown; actions better avoided come along."""
    found = quirks_of(shipped(), vendor="STARCHARGE", model="x", firmware="1", seen={"Q23": 4, "Q99": 1})
    assert found.ids == {"Q63", "Q23"}
    assert found.avoid == {"TriggerMessage"}
    assert quirks_of(shipped(), vendor="", model="", firmware="").ids == frozenset()
