"""What is kept of settings: the value, since when, and what it was before."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.operations import Variable
from app.domain.told import SettingTold
from app.operations.configuration.keeping import detail_of, kept, needs_restart
from tests.app.operations.configuration.story import READ_MS

HEARTBEAT = Variable("HeartbeatInterval")


def test_a_first_reading_is_no_change() -> None:
    (row,) = kept("A", [SettingTold(HEARTBEAT, "300")], [], READ_MS)
    assert (row.value, row.read_ms, row.changed_ms, row.before) == ("300", READ_MS, None, None)


def test_a_change_keeps_what_was_before_and_when_it_was_seen() -> None:
    first = kept("A", [SettingTold(HEARTBEAT, "300")], [], READ_MS)
    second = kept("A", [SettingTold(HEARTBEAT, "60")], first, READ_MS + 5)
    assert (second[0].value, second[0].before, second[0].changed_ms) == ("60", "300", READ_MS + 5)
    third = kept("A", [SettingTold(HEARTBEAT, "60")], second, READ_MS + 9)
    assert (third[0].before, third[0].changed_ms, third[0].read_ms) == ("300", READ_MS + 5, READ_MS + 9)


def test_a_setting_under_another_spelling_is_the_same_row() -> None:
    first = kept("A", [SettingTold(HEARTBEAT, "300")], [], READ_MS)
    (row,) = kept("A", [SettingTold(Variable("heartbeatinterval"), "60")], first, READ_MS)
    assert (row.name, row.before) == ("HeartbeatInterval", "300")


def test_what_other_stations_said_is_of_no_concern() -> None:
    other = kept("B", [SettingTold(HEARTBEAT, "300")], [], READ_MS)
    (row,) = kept("A", [SettingTold(HEARTBEAT, "60")], other, READ_MS)
    assert row.changed_ms is None


def test_a_setting_that_the_station_does_not_know_is_kept_as_that() -> None:
    (row,) = kept("A", [SettingTold(Variable("Nonsense"), status="unknown")], [], READ_MS)
    assert row.value is None
    assert detail_of(row) == {"status": "unknown"}
    (row,) = kept("A", [SettingTold(Variable("Nonsense"), "1")], [row], READ_MS)
    assert detail_of(row) == {}


def test_secrets_are_never_kept() -> None:
    for name in ("AuthorizationKey", "BasicAuthPassword"):
        (row,) = kept("A", [SettingTold(Variable(name), "hunter2")], [], READ_MS)
        assert row.value is None


def test_what_is_known_of_a_setting_stays_when_only_its_value_is_read() -> None:
    first = kept("A", [SettingTold(HEARTBEAT, "300", True, detail={"unit": "s"})], [], READ_MS)
    (row,) = kept("A", [SettingTold(HEARTBEAT, "60")], first, READ_MS)
    assert detail_of(row) == {"unit": "s"}
    assert row.readonly


def test_that_a_setting_needs_a_restart_is_learnt() -> None:
    first = kept("A", [SettingTold(HEARTBEAT, "300")], [], READ_MS)
    (row,) = needs_restart([SettingTold(HEARTBEAT, status="RebootRequired")], first)
    assert detail_of(row) == {"restart": True}
    (again,) = kept("A", [SettingTold(HEARTBEAT, "60")], [row], READ_MS)
    assert detail_of(again)["restart"] is True
    assert needs_restart([SettingTold(HEARTBEAT, status="Accepted")], first) == []


@given(st.lists(st.sampled_from(["1", "2", "3", None]), min_size=1, max_size=8))
def test_before_is_always_the_last_other_value(values: list[str | None]) -> None:
    rows = []
    for at, value in enumerate(values):
        rows = kept("A", [SettingTold(HEARTBEAT, value)], rows, at)
    assert rows[0].value == values[-1]
    others = [value for value in values if value != values[-1]]
    assert rows[0].before == (others[-1] if others else None)
    assert (rows[0].changed_ms is None) == (not others)
