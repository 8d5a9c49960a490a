"""Causes are told in words, never as the keys they are kept by."""

from pathlib import Path

from app.analytics.costs.causes import RULES, cause_words, event_words, note_words


def test_a_cause_reads_as_words() -> None:
    assert cause_words("silence") == "far fewer sessions than usual"
    assert cause_words("start failed: never authorised") == "start failed, no card was accepted"
    assert cause_words("no energy: Local") == "no energy came, driver stopped"
    assert (
        cause_words("station_event: visits in vain")
        == "the station reported a fault, drivers left without a charge"
    )
    assert cause_words("repeat visit") == "repeat visit"
    assert note_words("never authorised, fault 12") == "no card was accepted, fault 12"


def test_every_rule_has_words() -> None:
    folder = Path(__file__).parents[4] / "app/faults/rules"
    rules = {path.stem for path in folder.glob("*.py")} - {"__init__", "monitor"}
    assert rules - set(RULES) == set()


def test_evidence_reads_as_words() -> None:
    assert event_words("fault:12") == "fault 12"
    assert event_words("visit:KLD-03/1792271069000") == "visit, KLD-03"
    assert event_words("work-order:WO-327") == "work order WO-327"
    assert event_words("peak:Depot") == "peak at Depot"
    assert event_words("call:") == "call"
