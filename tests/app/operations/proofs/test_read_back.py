"""What is read back has to be what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.operations import (
    CommandState,
    ProfilePeriod,
    ReadConfiguration,
    SendLocalList,
    SetProfile,
    Variable,
    WriteConfiguration,
)
from app.domain.told import ScheduleTold, SettingTold
from app.operations.proofs.read_back import Limited, Listed, Written, equal
from tests.app.operations.proofs.scenes import SENT_MS, answer, start

HEARTBEAT = Variable("HeartbeatInterval")


def told(value: str | None, **more: object) -> tuple[SettingTold, ...]:
    return (SettingTold(HEARTBEAT, value, **more),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "wanted", "same"),
    [
        ("60", "60", True), ("true", "True", True), ("60.0", "60", True), ("a, b", "A,b", True),
        ("b,a", "a,b", False), ("61", "60", False), ("", "60", False),
    ],
)  # fmt: skip
def test_when_two_texts_are_one_setting(value: str, wanted: str, same: bool) -> None:
    """Case, blanks and the form of a number do not matter; the order of a list does."""
    assert equal(value, wanted) is same


@given(st.text(max_size=20))
def test_a_text_equals_itself(text: str) -> None:
    """Whatever it is."""
    assert equal(text, text)


def test_a_setting_read_back() -> None:
    """Equal, other, absent, kept to itself, and waiting for a reset."""
    wish = WriteConfiguration(((HEARTBEAT, "60"),))
    watch = Written(start(wish))
    assert watch.look == ReadConfiguration((HEARTBEAT,))
    watch.begin(answer())
    states = [
        watch.told(answer(result=result)).state
        for result in (told("60"), told("300"), (), told("60", status="UnknownVariable"), told(None))
    ]
    good, bad = CommandState.PROVED, CommandState.NOT_PROVED
    assert states == [good, bad, bad, bad, CommandState.DONE]
    watch.begin(answer("RebootRequired"))
    assert "takes effect after a reset" in watch.told(answer(result=told("60"))).sentence
    assert "asks for a reset first" in watch.told(answer(result=told("300"))).sentence
    assert "could not be asked" in watch.untold("it is away.").sentence


def test_a_lists_version_read_back() -> None:
    """The number that was sent."""
    watch = Listed(start(SendLocalList(7, ())))
    assert watch.told(answer(result=7)).state is CommandState.PROVED
    assert watch.told(answer(result=-1)).state is CommandState.NOT_PROVED


def schedule(*periods: tuple[int, float], unit: str = "W", start_ms: int | None = None) -> ScheduleTold:
    return ScheduleTold(1, start_ms, 3_600, unit, tuple(ProfilePeriod(s, limit) for s, limit in periods))


def test_the_schedule_in_force_may_not_allow_more() -> None:
    """Less is fine: other limits hold as well."""
    watch = Limited(start(SetProfile(1, "TxDefault", 1, "W", (ProfilePeriod(0, 4_000.0),))))
    good, bad = CommandState.PROVED, CommandState.NOT_PROVED
    states = [
        watch.told(answer(result=result)).state
        for result in (
            schedule((0, 4_000.0)), schedule((0, 3_000.0)), schedule((0, 22_000.0)), schedule(),
            schedule((0, 16.0), unit="A"), None,
        )
    ]  # fmt: skip
    assert states == [good, good, bad, bad, bad, bad]


def test_a_limit_for_later_is_looked_for_at_its_time() -> None:
    """An hour from now, where the schedule reaches so far."""
    later = SENT_MS + 3_600_000
    wish = SetProfile(1, "Max", 0, "A", (ProfilePeriod(0, 10.0),), start_ms=later, duration_s=3_600)
    watch = Limited(start(wish))
    assert watch.look is not None
    assert watch.look.duration_s == 7_200
    found = schedule((0, 32.0), (3_600, 10.0), unit="A", start_ms=SENT_MS)
    assert watch.told(answer(result=found)).state is CommandState.PROVED
    missing = schedule((0, 32.0), unit="A", start_ms=SENT_MS)
    assert watch.told(answer(result=missing)).state is CommandState.NOT_PROVED


def test_a_recurring_limit_is_taken_at_its_time_of_day() -> None:
    """The period that holds now, not the first one."""
    day_s = 86_400
    begun = SENT_MS - 2 * day_s * 1000 - 3_600_000
    wish = SetProfile(
        1, "TxDefault", 1, "W", (ProfilePeriod(0, 9_000.0), ProfilePeriod(3_600, 2_000.0)),
        kind="Recurring", recurrency="Daily", start_ms=begun,
    )  # fmt: skip
    watch = Limited(start(wish))
    assert watch.told(answer(result=schedule((0, 2_000.0)))).state is CommandState.PROVED
    assert watch.told(answer(result=schedule((0, 9_000.0)))).state is CommandState.NOT_PROVED
