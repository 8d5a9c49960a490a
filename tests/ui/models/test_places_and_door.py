"""Sites, KPI words, who stands at the door, which address is told."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from app.domain.status import LinkState, Shown
from app.fleet.views import Totals
from app.onboarding.addresses import with_hosts
from app.protocol.quirks import shipped
from tests.ui.histories import strip
from tests.ui.pictures import MINUTE, NOW_MS, picture
from ui.models import kpis
from ui.models.addresses import Reach, reach_words
from ui.models.door import caller, choice_of, parse_port, refused_only, waiting_only
from ui.models.facts_of import clock_words, identity
from ui.models.history import day_tip, uptime_words
from ui.models.losses import Losses
from ui.models.oddities import described, seen
from ui.models.place_list import columns as place_columns
from ui.models.place_list import rows as place_rows
from ui.models.sites import coordinates, places, unplaced
from ui.models.staleness import Age, age_of, power_now

ZONE = ZoneInfo("Europe/Amsterdam")
VIEWS = picture(48).stations


def test_a_site_stands_amid_its_stations_and_shows_the_worst() -> None:
    """One place a site, worst first; stations without coordinates are not on the map."""
    found = places(VIEWS.values())
    assert len(found) == 12
    assert found[0].shown is Shown.FAULTED
    lost = [replace(view, latitude=None) for view in VIEWS.values()]
    assert places(lost) == ()
    assert len(unplaced(lost)) == 48


def test_a_station_without_a_site_is_a_place_of_its_own() -> None:
    """Its key leads to the station."""
    alone = replace(VIEWS["UTM-01"], site="")
    assert places([alone])[0].key == "station:UTM-01"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("52.0907, 5.1214", (52.0907, 5.1214)),
        ("52.0907;5.1214", (52.0907, 5.1214)),
        (" -33.9 18.4 ", (-33.9, 18.4)),
        ("52.09", None),
        ("north, east", None),
        ("91, 0", None),
        ("10, 181", None),
    ],
)
def test_coordinates_are_read_as_people_paste_them(text: str, found: tuple[float, float] | None) -> None:
    """Comma, semicolon or blank; what is no place is refused."""
    assert coordinates(text) == found


def test_the_list_beside_the_map_counts_and_filters() -> None:
    """Sites worst first; a station's name finds its site."""
    assert len(place_rows(VIEWS)) == 12
    assert [row.site for row in place_rows(VIEWS, "utm-02")] == ["Utrecht Merwede"]


def test_a_fault_that_no_stations_state_tells_stands_beside_its_sites_name() -> None:
    """Else the row is red and says nothing is wrong."""
    alone = replace(VIEWS["UTM-01"], shown=Shown.AVAILABLE)
    lost = {alone.site: Losses(faults=1, shown=Shown.FAULTED)}
    row = place_rows({alone.station: alone}, losses=lost)[0]
    assert place_columns()[0].cell(row).below == "1 station, 1 fault"


def test_without_stations_nothing_is_zero() -> None:
    """No station: dashes, not zeros."""
    told = kpis.strip(Totals())
    assert told.online == "–"
    assert told.power == "–"
    assert told.energy == "–"


def test_silent_connectors_are_named_beside_the_power() -> None:
    """3 of 31 charging not telling."""
    told = kpis.strip(
        Totals(stations=9, online=9, power_w=1000, power_missing=3, connectors=((Shown.CHARGING, 31),))
    )
    assert told.power_note == "3 of 31 charging not telling"


def test_who_waits_and_who_was_turned_away_are_apart() -> None:
    """Waiting ones can be accepted; refused ones have a cause in a sentence."""
    entries = picture(3, waiting=8).waiting
    assert len(waiting_only(entries)) == 2
    refused = refused_only(entries)
    assert [e.last_ms for e in refused] == sorted((e.last_ms for e in refused), reverse=True)
    told = caller(refused[0], NOW_MS, ZONE)
    assert told.detail.endswith(".")
    assert "tries" in told.tries
    assert "3 messages kept for it." in caller(waiting_only(entries)[0], NOW_MS, ZONE).detail


def test_every_network_is_told_as_addresses_one_can_type() -> None:
    """0.0.0.0 is no address for a charger."""
    reaches = (Reach("192.168.1.5", "Ethernet"), Reach("fd00::5", "Ethernet"))
    hosts = tuple(reach.host for reach in reaches)
    assert with_hosts(("ws://0.0.0.0:9220/",), hosts) == ("ws://192.168.1.5:9220/",)
    assert with_hosts(("wss://[::]:9443/",), hosts) == (
        "wss://192.168.1.5:9443/",
        "wss://[fd00::5]:9443/",
    )
    assert with_hosts(("ws://10.0.0.1:1/",), hosts) == ("ws://10.0.0.1:1/",)
    assert reach_words("ws://127.0.0.1:9220/", reaches) == "this machine only"
    assert reach_words("ws://192.168.1.5:9220/", reaches) == "Ethernet"


def test_a_listener_is_written_as_the_core_takes_it() -> None:
    """HOST:PORT, brackets around IPv6; ports are checked with a sentence."""
    choice = choice_of("wss://[fd00::5]:9443/")
    assert choice is not None
    assert choice.text == "[fd00::5]:9443"
    assert choice_of("ws://nowhere/") is None
    assert parse_port("9220") == 9220
    for wrong in ("0", "65536", "abc", "", "-1"):
        assert isinstance(parse_port(wrong), str)


def test_a_value_is_stale_beyond_two_and_a_half_of_its_intervals() -> None:
    """Live until then; gone once the link is."""
    view = next(
        v for v in VIEWS.values() if any(p.session for p in v.connectors) and v.link is LinkState.ONLINE
    )
    plug = next(p for p in view.connectors if p.session is not None)
    plug = replace(plug, value_at_ms=NOW_MS - 75_000, usual_interval_ms=30_000)
    assert age_of(plug, LinkState.ONLINE, NOW_MS) is Age.LIVE
    assert age_of(plug, LinkState.ONLINE, NOW_MS + 1) is Age.STALE
    assert age_of(plug, LinkState.OFFLINE, NOW_MS) is Age.GONE
    assert power_now(plug, LinkState.OFFLINE) is None


def test_a_clock_that_is_off_says_by_how_much_and_which_way() -> None:
    """Within ten seconds it is right."""
    assert clock_words(None) == "not known"
    assert clock_words(-9_000) == "right"
    assert clock_words(-11 * MINUTE) == "11 min behind"


def test_two_chargers_under_one_identity_stand_first() -> None:
    """The gravest fact about a station is its first row."""
    rows = identity(replace(VIEWS["UTM-01"], identity_doubtful=True), NOW_MS, ZONE)
    assert rows[0].value == "used by two chargers"


def test_oddities_are_read_from_the_files_that_describe_them() -> None:
    """Known ids have titles and answers; money first; unknown ones are still counted."""
    known = described(shipped())
    assert known["Q52"].severity == "money"
    told = seen((("Q99", 5), ("Q52", 1), ("Q01", 9)), known)
    assert [s.oddity.id for s in told] == ["Q52", "Q01", "Q99"]
    assert told[2].oddity.title == "Oddity Q99"


def test_a_day_of_the_strip_is_told_in_words() -> None:
    """Date, share of time up, how long each trouble lasted."""
    made = strip("UTM-02", 90)
    tips = [day_tip(entry, ZONE) for entry in made.days]
    assert all("up " in tip for tip in tips)
    assert any("faulted" in tip or "offline" in tip or "degraded" in tip for tip in tips)
    percent, beside = uptime_words(made)
    assert percent.endswith("%")
    assert beside.endswith("down")
