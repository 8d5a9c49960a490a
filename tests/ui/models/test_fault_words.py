"""Faults in words: sentences, evidence with units, the money clock, playbooks, shifts."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from app.analytics.intervals import Share
from app.faults.views import FaultView, Money
from tests.app.faults.rules.test_silence import live, stage_of
from tests.ui.fault_scenes import (
    FIGURES,
    GRID,
    GROUND,
    HISTORY,
    LOCK,
    ROUTER,
    SILENT,
    line,
    money,
    offer,
    shift,
    views,
)
from tests.ui.histories import ZONE
from tests.ui.pictures import HOUR, MINUTE, NOW_MS
from ui.models.fault_evidence import chance, copied, evidence_rows, raw_text, things_of
from ui.models.fault_money import clock_of, workings_rows
from ui.models.fault_queue import QueueRow
from ui.models.fault_rows import fault_text
from ui.models.fault_words import ended_words, entry_of, initials, recovery_text, sentence_of, state_text
from ui.models.playbook import step_rows, worked
from ui.models.shift_words import alarm_words, as_text, figures, whole_percents
from ui.models.shifts import next_end, read_ends, shelve_choices, shift_at
from ui.models.station_faults import fault_condition
from ui.pages.overview.queue import price
from ui.theme.money import money as said


def test_a_fault_is_one_sentence() -> None:
    told = sentence_of(views()[11], NOW_MS)
    assert told == (
        "VLB-01, Venlo Blerick, EVSE 1, Connector lock failure, P1, losing €14.20 per hour, "
        "for 2 h 14 min, new, tried: soft reset"
    )
    assert sentence_of(views()[12]).startswith("Safety, ANT-01")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1420, "EUR", "€14.20"),
        (-5, "EUR", "−€0.05"),
        (1200, "JPY", "¥1,200"),
        (None, "EUR", "–"),
        (99, "", "–"),
    ],
)
def test_money_has_its_currencys_decimals(minor: int | None, currency: str, text: str) -> None:
    assert said(minor, currency) == text


def test_states_say_until_when() -> None:
    assert state_text(GRID, NOW_MS, ZONE) == "Shelved until 17:00"
    assert state_text(LOCK, NOW_MS, ZONE) == "New"


def test_names_become_initials() -> None:
    assert [initials(name) for name in ("Sanne Visser", "operator", "", "j.van.dam")] == [
        "SV",
        "OP",
        "",
        "JD",
    ]


def test_evidence_has_units_and_plain_probabilities() -> None:
    rows = dict(evidence_rows(views()[14].evidence, NOW_MS, ZONE))
    assert rows["Free and available for"] == "31 h 30 min"
    assert rows["Probability of silence by chance"] == "1 in 588"
    assert rows["False alarms of this rule"] == "1 a year"
    assert rows["Last start"] == "Wed 05:32"
    silent = {"tests": ["gap", "fall"], "threshold_starts": 7.6, "fall_sum": 9.2}
    assert dict(evidence_rows(silent, NOW_MS, ZONE)) == {
        "Seen by": "a longer gap than chance allows, fewer starts than before",
        "Alarm from starts expected": "7.60",
        "Starts missing, added up": "9.20",
    }
    hot = dict(evidence_rows(views()[15].evidence, NOW_MS, ZONE))
    assert (hot["Temperature"], hot["Limit"]) == ("92 °C", "85 °C")


def test_all_that_a_silence_shows_is_told() -> None:
    """Its budget of false alarms comes last, and was cut off."""
    stage = stage_of()
    live(stage, 21, 1, 2, 3)
    live(stage, 4, 1, 2)
    (found,) = stage.open
    rows = dict(evidence_rows(found.evidence, stage.now_ms, ZONE))
    assert len(rows) == len(found.evidence)
    assert rows["False alarms of this rule"] == "12 a year"
    assert rows["Days differ by about"].endswith("%")


def test_sessions_of_the_evidence_are_listed_one_by_one() -> None:
    evidence = {"sessions": [{"session": 7, "ended_ms": NOW_MS, "energy_wh": 120, "minutes": 2.5}]}
    assert things_of(evidence, NOW_MS, ZONE) == [("Session", "#7  ·  14:32  ·  0.1 kWh  ·  2 min")]
    assert not evidence_rows(evidence, NOW_MS, ZONE)


def test_chances_are_ones_a_person_can_picture() -> None:
    assert [chance(p) for p in (0, 0.5, 0.00025, 1e-12)] == [
        "practically none", "50.0%", "1 in 4,000", "less than 1 in a thousand million",
    ]  # fmt: skip


def test_the_stations_own_words_are_kept_raw() -> None:
    raw = raw_text(LOCK.raw, views()[11].evidence, LOCK.title)
    assert "vendor_error 0x4A12" in raw
    text = copied(LOCK.title, "VLB-01", [("Status told", "Faulted")], raw, LOCK.onset_ms, ZONE)
    assert text.startswith("VLB-01: Connector lock failure\nSince 15 Oct 2026 12:18:08")


def test_the_money_clock_says_what_is_known_and_no_more() -> None:
    clock = clock_of(views()[11], NOW_MS)
    assert (clock.lost, clock.rate, clock.forecast) == ("€31.70", "€14.20/h", "€74.30 by the usual repair")
    assert clock.end_ms == LOCK.onset_ms + round(5.7 * HOUR)
    under = clock_of(views()[21], NOW_MS)
    assert (under.lost, under.note) == ("–", "Counted with fault 17, its cause.")
    over = FaultView(LOCK, money=Money("EUR", 36, 0, 0, 0))
    assert (clock_of(over, NOW_MS).lost, clock_of(over, NOW_MS).forecast) == ("€0.36", "")
    harmless = FaultView(LOCK, money=Money(lost=0, losing=0, workings={"takes_nothing_out_of_use": True}))
    clock = clock_of(harmless, NOW_MS)
    assert (clock.lost, clock.rate, clock.note) == ("Nothing", "", "It takes no connector out of use.")
    assert price(harmless).text == "nothing", "a dash is what is not known"
    assert fault_text(QueueRow("low", harmless), NOW_MS, ZONE).rate == "nothing"
    unpriced = FaultView(LOCK, money=Money(workings={"lost_kwh": 12.34, "saves_kwh_per_hour": 5.0}))
    assert clock_of(unpriced, NOW_MS).lost == "12.3 kWh"
    late = FaultView(LOCK, money=money(1420, 3170, overdue=True, expected=None))
    assert clock_of(late, NOW_MS).forecast == "lasts longer than nine of ten such faults"
    due = FaultView(LOCK, money=money(1420, 3170, overdue=True, expected=830))
    assert (clock_of(due, NOW_MS).forecast, clock_of(due, NOW_MS).overdue) == ("€40.00 expected", True)
    free = FaultView(LOCK, money=replace(money(0, 0, expected=0), currency=""))
    assert (clock_of(free, NOW_MS).rate, clock_of(free, NOW_MS).forecast) == ("–", "")


def test_the_workings_open_every_number() -> None:
    parts = dict(workings_rows(views()[11]))
    pool = dict(parts["Pool Venlo Blerick CCS"])
    assert pool["Turned away now"] == "34.0%"
    assert pool["Starts wanted an hour, this hour of the week"] == "2.31 ± 0.40"
    assert dict(parts["This fault"])["Usual repair"] == "5 h 42 min, median of 12 faults"


def test_a_handful_of_tries_is_no_rate() -> None:
    assert worked(Share(0, 0)) == ""
    assert worked(Share(1, 3)) == "Worked 1 of 3 times."
    assert worked(Share(7, 12)).startswith("Worked 7 of 12 times, 58% (31% to 80%)")


def test_the_playbook_says_what_was_done_and_what_is_next() -> None:
    rows = step_rows(offer().steps, NOW_MS, ZONE)
    assert [row.state for row in rows] == ["done", "done", "next", "later", "later"]
    assert (rows[0].title, rows[0].right) == ("Unlock the connector", "no effect")
    assert "no session is cut" in rows[2].text


def test_the_timeline_tells_who_did_what() -> None:
    entries = [entry_of(one, LOCK) for one in HISTORY]
    assert [e.title for e in entries] == [
        "Condition began", "Fault opened", "Came back", "Automatic recovery", "Automatic recovery",
        "Driver: note", "Note by Sanne Visser",
    ]  # fmt: skip
    assert entries[0].shown is not None
    assert entries[-1].icon == "message-square"


def test_an_answer_stands_in_the_history_in_words() -> None:
    told = entry_of(line(1, 1, "station", "X", "began", '{"status": "UnlockFailed"}'), LOCK)
    assert told.text == "status UnlockFailed"
    assert entry_of(line(1, 1, "station", "X", "began", "{broken"), LOCK).text == "{broken"


def test_what_ended_a_fault_is_told_in_a_few_words() -> None:
    assert ended_words(None) == "it ended by itself"
    assert ended_words(line(1, 1, "person", "MB", "close", "greased")) == "closed by hand by MB: greased"
    assert ended_words(line(1, 1, "station", "X", "clear")) == "it ended by itself"
    assert ended_words(line(1, 1, "server", "watch", "acknowledge")) == "it ended by itself"
    assert ended_words(line(1, 1, "person", "MB", "acknowledge")) == "it ended by itself, seen by MB"


def test_recovery_words_name_the_step() -> None:
    assert recovery_text("running: hard-reset") == "running: hard reset"
    assert recovery_text("mended, not proved") == "mended, not proved"


# -- shifts ----------------------------------------------------------------------------------------


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def test_shifts_end_on_the_clock_of_the_wall_also_over_midnight_and_dst() -> None:
    assert next_end(at("2026-10-15T14:32"), ZONE) == at("2026-10-15T22:00")
    assert next_end(at("2026-10-15T23:10"), ZONE) == at("2026-10-16T06:00")
    night = shift_at(at("2026-10-25T01:00"), ZONE)
    assert night == (at("2026-10-24T22:00"), at("2026-10-25T06:00"))
    assert night[1] - night[0] == 9 * HOUR, "the night in which the clock goes back has an hour more"


def test_shelving_is_never_offered_beyond_what_is_allowed() -> None:
    ends = [end - NOW_MS for end, _ in shelve_choices(NOW_MS, ZONE)]
    assert ends == [HOUR, 4 * HOUR, at("2026-10-15T22:00") - NOW_MS]
    assert max(ends) <= 8 * HOUR
    assert shelve_choices(NOW_MS, ZONE, ("13:00",))[2][0] == NOW_MS + 8 * HOUR
    assert [end - NOW_MS for end, _ in shelve_choices(NOW_MS, ZONE, safety=True)] == [60 * MINUTE]


def test_shift_times_are_read_in_any_order() -> None:
    assert read_ends("22:00, 06:00") == ("06:00", "22:00")
    with pytest.raises(ValueError, match="no time"):
        read_ends(" ")
    with pytest.raises(ValueError, match="hour"):
        read_ends("25:00")


def test_a_handover_is_plain_text_that_can_be_passed_on() -> None:
    text = as_text(shift(NOW_MS - HOUR, NOW_MS), NOW_MS, ZONE)
    assert "9 faults opened, 4 faults ended, 2 not seen" in text
    assert f"SAFETY  P1  ANT-01  {GROUND.title}" in text
    assert "Shelved until 17:00" in text
    assert SILENT.title in text
    assert ROUTER.title not in text


def test_the_queues_figures_name_what_is_above_its_target() -> None:
    told = {figure.title: figure for figure in figures(FIGURES)}
    assert told["Alarms per operator-hour"].value == "6.5"
    assert told["Alarms per operator-hour"].worse == "above the target"
    assert told["The ten most frequent, of all"].worse == "above the limit"
    assert told["Most in ten minutes"].worse == ""


def test_a_stations_condition_keeps_the_capitals_of_an_abbreviation() -> None:
    """ "Faulted: dC pre-charge failed" stood at the head of its page."""
    for title, told in (("DC pre-charge failed", "DC pre-charge"), ("Card reader fails", "card reader")):
        found = fault_condition([FaultView(replace(LOCK, title=title))], NOW_MS, ZONE)
        assert found is not None
        assert f": {told}" in found.title


def test_the_most_frequent_alarms_are_told_in_words() -> None:
    """No code stands where a person reads what is wrong; a site's name may end in a number."""
    assert alarm_words("ReaderFailure BLG-04 1") == "BLG-04  EVSE 1  Card reader fails"
    assert alarm_words("CX002 GRZ-04 1") == "GRZ-04  EVSE 1  Residual-current device tripped"
    assert alarm_words("Unmapped OPO-04 1") == "OPO-04  EVSE 1  Maker's own code"
    assert alarm_words("Offline VLC-01") == "VLC-01  No link"
    assert alarm_words("SiteTogether Venlo Trade Port 3") == "Venlo Trade Port 3  Whole site at once"


def test_percents_of_one_whole_add_up_to_a_hundred() -> None:
    thirds = {"P1": Fraction(1, 3), "P2": Fraction(2, 3)}
    assert whole_percents(thirds) == {"P1": 33, "P2": 67}
    assert sum(whole_percents({name: Fraction(1, 6) for name in "abcdef"}).values()) == 100
    assert whole_percents({}) == {}
