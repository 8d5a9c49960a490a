"""A repeat is recognised by id, action and payload within ten minutes; an id alone is nothing."""

from app.intake.recent import MOST, WINDOW_MS, RecentAnswers


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
    """What the journal holds of the last ten minutes is loaded again."""
    recent = RecentAnswers()
    recent.load([("9", "StopTransaction", '{"x":1}', 5, "{}")])
    assert recent.find("9", "StopTransaction", '{"x":1}', 10) == "{}"
