"""A fact is to its readers what a frozen dataclass is."""

import copy
import dataclasses
import pickle

import pytest

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow, SessionRecord

ROW = JournalRow(1, "ST-1", JournalKind.IN, frame="[2]")


def test_nobody_changes_a_fact() -> None:
    with pytest.raises(AttributeError):
        ROW.frame = "[3]"  # type: ignore[misc]


def test_a_changed_fact_is_another_one() -> None:
    for other in (changed(ROW, frame="[3]"), dataclasses.replace(ROW, frame="[3]")):
        assert other == JournalRow(1, "ST-1", JournalKind.IN, "[3]")
        assert other != ROW
    assert ROW.frame == "[2]"


def test_a_field_that_no_fact_has_is_refused() -> None:
    with pytest.raises(TypeError):
        dataclasses.replace(ROW, frme="")
    with pytest.raises(TypeError):
        changed(ROW, frme="")


def test_its_fields_are_told_in_order() -> None:
    names = [field.name for field in dataclasses.fields(SessionRecord)]
    assert names[:3] == ["session", "station", "evse"]
    assert dataclasses.asdict(ROW)["station"] == "ST-1"


def test_it_travels_whole() -> None:
    assert pickle.loads(pickle.dumps(ROW)) == copy.deepcopy(ROW) == ROW


def test_a_row_is_the_same_whatever_its_number() -> None:
    numbered = changed(ROW, seq=7)
    assert numbered == ROW
    assert hash(numbered) == hash(ROW)
    assert numbered != changed(numbered, station=StationId("ST-2"))
    assert ROW != "ST-1"
