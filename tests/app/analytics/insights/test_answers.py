"""Each question of insights, asked of a small past whose answer is known."""

from pathlib import Path

from app.analytics.insights.answers import hours, makes, offered, starts
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.domain.records import ConnectorPlan
from app.domain.status import ConnectorStatus, LinkState
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, a_past

WEEK = Chosen(MIDNIGHT, MIDNIGHT + 7 * DAY)


def test_what_there_is_to_choose_from(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        assert past.ask(offered).first_ms is None
        past.station("S1", site="Depot", vendor="Helion", model="Q1", firmware="4.2")
        past.station("S2", site="Harbour")
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 9_000)
        found = past.ask(offered)
        assert found.sites == ("Depot", "Harbour")
        assert found.makes == (("Helion", "Q1", "4.2"),)
        assert (found.stations, found.first_ms) == (2, MIDNIGHT)


def test_starts_of_what_is_chosen_with_the_make_they_fail_on(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot", vendor="Helion", model="Q1", firmware="4.2")
        past.station("S2", site="Harbour", vendor="Ampaio", model="V", firmware="6")
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 9_000)
        past.session(2, "S1", MIDNIGHT + 3 * HOUR, MIDNIGHT + 3 * HOUR + MINUTE, 0)
        past.session(3, "S2", MIDNIGHT, MIDNIGHT + HOUR, 9_000)
        found = past.ask(starts, Chosen(WEEK.from_ms, WEEK.to_ms, ("Depot",)), "UTC")
        assert (found.well.k, found.well.n) == (1, 2)
        assert [make for make, _ in found.by_make] == [("Helion", "Q1", "4.2")]
        assert [(make, times) for _, make, times in found.worst] == [(("Helion", "Q1", "4.2"), 1)]
        whole = past.ask(starts, WEEK, "UTC")
        assert whole.well.n == 3
        assert len(whole.by_make) == 2


def test_a_long_span_tells_of_full_hours_from_its_last_weeks_only(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        plan = (ConnectorPlan(1, 1), ConnectorPlan(2, 1))
        past.station("S1", site="Depot", plan=plan, first_seen_ms=MIDNIGHT)
        past.link("S1", MIDNIGHT, LinkState.ONLINE)
        for evse in (1, 2):
            past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE, evse)
            past.status("S1", MIDNIGHT + 8 * HOUR, ConnectorStatus.CHARGING, evse)
            past.status("S1", MIDNIGHT + 9 * HOUR, ConnectorStatus.AVAILABLE, evse)
        end = MIDNIGHT + 42 * DAY
        past.session(1, "S1", MIDNIGHT + 8 * HOUR, MIDNIGHT + 9 * HOUR, 9_000)
        long = past.ask(hours, Chosen(MIDNIGHT, end), "UTC", end)
        assert long.full_from_ms == MIDNIGHT + 14 * DAY
        assert not any(cell.full for cell in long.cells), "it was full before that"
        assert long.cells[80].starts == 1
        near = past.ask(hours, WEEK, "UTC", end)
        assert near.full_from_ms == MIDNIGHT
        assert near.cells[80].full == 1
        assert len(near.names) == 168


def test_a_make_is_judged_by_the_stations_chosen(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        for name, site in (("S1", "Depot"), ("S2", "Harbour")):
            past.station(name, site=site, vendor="Helion", model="Q1", firmware="4.2", first_seen_ms=MIDNIGHT)
            past.link(name, MIDNIGHT, LinkState.ONLINE)
            past.status(name, MIDNIGHT, ConnectorStatus.AVAILABLE)
        whole = past.ask(makes, WEEK)
        assert [row.units for row in whole.rows] == [2]
        one = past.ask(makes, Chosen(WEEK.from_ms, WEEK.to_ms, ("Depot",)))
        assert [row.units for row in one.rows] == [1]
        assert one.per_year == 0


def test_time_at_the_plug_without_charging_by_site(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        at = MIDNIGHT + 8 * HOUR
        past.session(1, "S1", at, at + 90 * MINUTE, 22_000)
        past.status("S1", at, ConnectorStatus.CHARGING)
        past.status("S1", at + 60 * MINUTE, ConnectorStatus.SUSPENDED_EV)
        past.status("S1", at + 90 * MINUTE, ConnectorStatus.AVAILABLE)
        assert past.ask(behaviour, WEEK, "UTC").idle_by_site == {"Depot": 30 / 90}
