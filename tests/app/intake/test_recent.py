"""A repeat is recognised by id, action and payload within ten minutes; an id alone is nothing."""

import pytest

from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow
from app.intake.recent import AFRESH, MOST, WINDOW_MS, RecentAnswers
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand
from app.protocol.versions import STATION_ACTIONS
from tests.app.protocol.generate import minimal


def test_the_same_call_is_found_and_others_are_not() -> None:
    """Another payload, action or id is another call."""
    recent = RecentAnswers()
    recent.remember("1", "StartTransaction", '{"a":1}', 1_000, '{"transactionId":7}')
    assert recent.find("1", "StartTransaction", '{"a":1}', 2_000) == '{"transactionId":7}'
    assert recent.find("1", "StartTransaction", '{"a":2}', 2_000) is None
    assert recent.find("1", "StopTransaction", '{"a":1}', 2_000) is None
    assert recent.find("2", "StartTransaction", '{"a":1}', 2_000) is None


def test_after_ten_minutes_it_is_a_new_call() -> None:
    """Ids restart at boot: an old answer is not given to a new call."""
    recent = RecentAnswers()
    recent.remember("1", "StatusNotification", "{}", 0, "{}")
    assert recent.find("1", "StatusNotification", "{}", WINDOW_MS) == "{}"
    assert recent.find("1", "StatusNotification", "{}", WINDOW_MS + 1) is None


def test_memory_is_bounded() -> None:
    """A burst keeps the newest answers only."""
    recent = RecentAnswers()
    for n in range(MOST * 3):
        recent.remember(str(n), "MeterValues", "{}", n, "{}")
    assert recent.find("0", "MeterValues", "{}", MOST * 3) is None
    assert recent.find(str(MOST * 3 - 1), "MeterValues", "{}", MOST * 3) == "{}"


def test_answers_survive_a_restart_through_the_journal() -> None:
    """What the journal holds of the last ten minutes is recalled; questions asked afresh are not."""
    recent = RecentAnswers()
    for action, answer in (("StopTransaction", '[3,"9",{}]'), ("BootNotification", '[3,"9",{}]')):
        recent.recall(JournalRow(5, StationId("S"), JournalKind.IN, "text", answer, "ocpp1.6", action, "9"))
    recent.recall(JournalRow(5, StationId("S"), JournalKind.IN, "t", '[4,"8","x","",{}]', "", "Y", "8"))
    assert recent.find("9", "StopTransaction", "text", 10) == "{}"
    assert recent.find("9", "BootNotification", "text", 10) is None
    assert recent.find("8", "Y", "t", 10) is None


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_what_is_asked_afresh_is_what_the_adapters_say(version: str) -> None:
    """One rule in two places: the adapters', and what a restart may read of the journal."""
    context = Context(StationId("S"), 1_767_225_600_000, StationClock(0, None))
    for action in STATION_ACTIONS[version]:
        reception = understand(version, action, minimal(version, action), context)
        assert reception.repeatable == (action not in AFRESH) or not reception.effect, action
