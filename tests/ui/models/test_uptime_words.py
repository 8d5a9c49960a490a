"""Windows, verdicts, losses and the funnel in words."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.analytics.attempts import Step
from app.analytics.days import days_between
from app.analytics.driver_availability import SiteSight
from app.analytics.intervals import Share
from app.analytics.uptime_file import Row
from app.analytics.uptime_views import HOUR_MS, Judged, views
from app.analytics.yesterday import Yesterday
from app.domain.status import Shown
from app.faults.views import FaultView, Money
from tests.ui.pictures import NOW_MS, picture
from tests.ui.wrongs import fault
from ui.models import kpis, losses
from ui.models.cells import DASH
from ui.models.day_words import day_words
from ui.models.exclusions import moment, written
from ui.models.funnel import FunnelRow, share
from ui.models.funnel import columns as funnel_columns
from ui.models.sights import columns as sight_columns
from ui.models.uptime_rows import facts, percent, verdict
from ui.models.uptime_windows import days_window, months_before, windows
from ui.pages.uptime.check_sheet import columns as check_columns
from ui.theme.formats import UNKNOWN
from ui.theme.money import money, rate

ZONE = ZoneInfo("Europe/Amsterdam")


def test_windows_end_now_or_with_their_month() -> None:
    """This month so far ends now; the quarter before is whole, an hour shorter by summer time or not."""
    found = {one.key: one for one in windows(NOW_MS, ZONE)}
    assert found["month"].end_ms == NOW_MS
    assert found["month"].name == "October 2026 so far"
    assert found["month-1"].name == "September 2026"
    assert found["quarter-1"].name == "Q3 2026"
    assert found["year-1"].start_ms == moment("2025-01-01 00:00", ZONE)
    assert found["year-1"].end_ms == found["year"].start_ms
    assert months_before(date(2026, 1, 1), 3) == date(2025, 10, 1)


def test_days_over_the_change_of_clocks() -> None:
    """The last Sunday of October has 25 hours; only days that lie whole in a window are cut out."""
    day = days_window(date(2026, 10, 25), date(2026, 10, 25), 2**53, ZONE)
    assert day.end_ms - day.start_ms == 25 * HOUR_MS
    found = days_between((day.start_ms - HOUR_MS, day.end_ms + 30 * HOUR_MS), "Europe/Amsterdam")
    assert [one.day for one in found] == ["2026-10-25", "2026-10-26"]
    assert days_between((day.start_ms + 1, day.end_ms), "Europe/Amsterdam") == []


def test_a_moment_of_the_doubled_hour_keeps_its_offset() -> None:
    """What is written can be read back to the same instant."""
    for text in ("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00", "2026-07-01 12:00"):
        at = moment(text, ZONE)
        assert at is not None
        assert moment(written(at, ZONE), ZONE) == at
    assert moment("yesterday", ZONE) is None


def test_what_hangs_on_blind_time_is_not_proven() -> None:
    """Met by the measured time alone is not met; it never rounds up."""
    view = views()["contract"]
    judged = Judged(view, 99_000, 0, 0, 2_000)
    assert verdict(judged) == "not proven"
    assert ("Over all of the time", "98.01% to 100.00%") in facts(judged)
    hardly = Judged(view, 100_000_000, 1_995_000, 0, 1_000)
    assert "Over all of the time" not in dict(facts(hardly)), "98.00% to 98.00% is none"
    assert verdict(Judged(view, 100_000, 2_000, 0, 0)) == "missed"
    assert verdict(Judged(view, 100_000, 1_000, 0, 0)) == "met"
    assert verdict(Judged(views()["raw"], 100_000, 1_000, 0, 0)) == ""
    assert percent(Fraction(9_699_999, 100_000)) == "96.99%"


def test_bounds_that_are_shown_alike_are_told_nowhere() -> None:
    """A second in a day that was not measured stood as "98.00% to 98.00%" in a list and in a check."""
    free = next(column for column in sight_columns(lambda: ZONE) if column.key == "free")
    seen = SiteSight("Depot", "CCS", 2, 98_005_000, 995_000, 1_000_000, 1_000)
    assert free.cell(seen).below == ""
    assert free.cell(replace(seen, unmeasured_ms=2_000_000)).below == "96.08% to 98.04%"
    ranged = next(column for column in check_columns() if column.key == "range")
    row = Row("X", 1, Judged(views()["nevi"], 100_000_000, 1_995_000, 0, 1_000))
    assert ranged.cell(row) == DASH
    assert ranged.cell(Row("X", 1, Judged(row.judged.view, 98, 0, 0, 2))).text == "98.00% to 100.00%"


def test_losses_are_added_by_place_and_currencies_stay_apart() -> None:
    """A site's faults together; two currencies are never added; one put aside is not in the queue."""
    shown = picture(12)
    faults = [
        fault(1, "UTM-01", losing=100), fault(2, "UTM-01", losing=250, kind=1),
        fault(3, "BRP-01", losing=700, currency="SEK"), fault(4, "BRP-01", losing=300, state="SHLVD"),
        fault(5, "", "Gent Ledeberg", losing=None),
    ]  # fmt: skip
    found = losses.by_place(faults, shown.stations)
    site = shown.stations["UTM-01"].site
    assert found[site].losing == (("EUR", 350),)
    assert found[site].shown is Shown.FAULTED
    other = found[shown.stations["BRP-01"].site]
    assert other.losing == (("SEK", 700), ("EUR", 300))
    assert (other.faults, other.aside) == (1, 1)
    assert found["Gent Ledeberg"].unpriced == 1
    told = kpis.losing(losses.network(faults), True)
    assert told.alarming
    assert f"and {rate(650, 'EUR')}" in told.note
    assert "1 not priced" in told.note


def test_what_is_over_and_only_not_seen_marks_no_place() -> None:
    """The map called a site offline whose link had been back for an hour."""
    view = fault(1, "UTM-01", losing=0)
    over = replace(view, record=replace(view.record, state="RTNUN", cleared_ms=NOW_MS))
    told = losses.by_station([over])["UTM-01"]
    assert (told.faults, told.shown) == (0, None)


def test_what_is_not_worked_out_yet_is_not_called_without_a_price() -> None:
    """For the first seconds seven faults had "no price"; one that is counted with its cause never has one."""
    waits = FaultView(fault(1, "UTM-01").record)
    told = kpis.losing(losses.network([waits]), True)
    assert (told.value, told.note) == (UNKNOWN, "being worked out")
    assert told.line == "Losses are being worked out", "the head of the queue said that nothing is lost"
    under = FaultView(fault(2, "UTM-01").record, money=Money(workings={"counted_with": 3}))
    both = losses.network([under, fault(3, "UTM-01", losing=250)])
    assert (both.unpriced, both.pending, both.losing) == (0, 0, (("EUR", 250),))
    assert kpis.losing(losses.network([under]), True).line == "Nothing is losing money"


def test_a_quiet_hour_is_not_called_well() -> None:
    """By night an open fault costs nothing; "Nothing is losing money" stood there all night."""
    told = kpis.losing(losses.Losses(losing=(), lost=(("EUR", 6143),), faults=1), True)
    assert (told.value, told.unit) == ("Nothing", "at this hour")
    assert told.note == f"{money(6143, 'EUR')} lost so far"
    assert told.line == "Losing nothing at this hour"
    assert not told.alarming
    assert kpis.losing(losses.Losses(), True).note == "is losing money"


def test_little_is_not_worth_a_sentence() -> None:
    """Energy that differs by a few percent is not told."""
    assert day_words(Yesterday(0, 0, 0, 0, (), 1_020, 1_000)) == ""
    assert "50% more energy" in day_words(Yesterday(0, 0, 0, 0, (), 1_500, 1_000))


def test_energy_against_next_to_nothing_is_told_as_it_is() -> None:
    """Soon after midnight it was "63,916% more"."""
    told = day_words(Yesterday(0, 0, 0, 0, (), 65_100, 100))
    assert told == "Since yesterday at this time: today 65.1 kWh, yesterday by this time 0.1 kWh."


def test_who_came_no_further_is_told_in_words() -> None:
    """No code of a protocol, and no capital in the middle of a line."""
    row = FunnelRow(Step.AUTHORISED, 10, 0.5, (("Invalid", 3), ("EVDisconnected", 2), ("", 1)))
    column = next(column for column in funnel_columns() if column.key == "lost")
    assert column.cell(row).text == "3 card not known, 2 car unplugged, 1 cause not known"


def test_three_attempts_never_look_like_a_trend() -> None:
    """The range stands beside the share."""
    assert share(Share(3, 3)) == "100.0% (43.8% to 100.0%)"
    assert share(Share(0, 0)) == "–"
