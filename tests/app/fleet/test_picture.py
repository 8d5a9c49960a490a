"""What the live picture shows of stations and connectors."""

import itertools

import pytest

from app.domain.records import ConnectorPlan, Flag, LinkRecord, SessionState, StationRecord
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown, shown_state
from tests.app.fleet.fleet_story import HOUR, MINUTE, T0, WAITING, FleetStory

C, L = ConnectorStatus, LinkState


def expected(status: C, link: L, station: C, warning: bool) -> Shown:
    """The table in `shown_state`'s docstring, written anew."""
    rows = [
        (link is L.NEVER, Shown.UNKNOWN),
        (link is L.OFFLINE, Shown.OFFLINE),
        (station is C.FAULTED or status is C.FAULTED, Shown.FAULTED),
        (station is C.UNAVAILABLE or status is C.UNAVAILABLE, Shown.UNAVAILABLE),
        (status is C.RESERVED, Shown.RESERVED),
        (status is C.UNKNOWN, Shown.UNKNOWN),
        (warning or link is L.DOUBTFUL, Shown.DEGRADED),
        (status in (C.SUSPENDED_EV, C.SUSPENDED_EVSE), Shown.PREPARING),
    ]
    return next((shown for fits, shown in rows if fits), Shown(status.value.lower()) if fits_word(status) else
                Shown.UNKNOWN)  # fmt: skip


def fits_word(status: C) -> bool:
    return status.value.lower() in {s.value for s in Shown}


@pytest.mark.parametrize("link", L)
@pytest.mark.parametrize("station", C)
def test_the_shown_state_in_every_case(link: L, station: C) -> None:
    for status, warning in itertools.product(C, (False, True)):
        told = shown_state(status, link, station_status=station, warning=warning)
        assert told is expected(status, link, station, warning), (status, warning)


@pytest.mark.parametrize("link", [L.ONLINE, L.DOUBTFUL, L.OFFLINE])
@pytest.mark.parametrize("status", [s for s in C if s is not C.UNKNOWN])
def test_the_fleet_shows_that_table(link: L, status: C) -> None:
    story = FleetStory()
    story.station()
    story.status(status, error="HighTemperature" if status is C.CHARGING else "")
    story.link(link)
    assert story.plug().shown is shown_state(status, link, warning=status is C.CHARGING)
    assert story.plug().status is status
    assert story.see().shown is story.plug().shown


def test_a_station_that_never_called_is_unknown() -> None:
    story = FleetStory()
    story.station(online=False)
    assert story.see().shown is Shown.UNKNOWN
    assert story.see().link is L.NEVER


def test_a_station_of_an_earlier_run_is_offline_since_it_was_last_seen() -> None:
    story = FleetStory()
    story.station(online=False, last_seen_ms=T0 - HOUR)
    assert (story.see().link, story.see().link_since_ms) == (L.OFFLINE, T0 - HOUR)
    story.link(L.ONLINE)
    assert (story.see().link, story.see().link_since_ms) == (L.ONLINE, T0)


def test_a_link_goes_on_when_the_station_redials() -> None:
    story = FleetStory()
    story.station()
    story.now += MINUTE
    story.link(L.ONLINE)
    assert story.see().link_since_ms == T0


def test_the_worst_connector_stands_for_the_station() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING, evse=1)
    story.status(C.FAULTED, evse=2)
    assert story.see().shown is Shown.FAULTED


def test_connector_0_is_the_station_itself_q59() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE, evse=1)
    story.status(C.FAULTED, evse=0, error="PowerMeterFailure")
    view = story.see()
    assert len(view.connectors) == 1
    assert view.station_status is C.FAULTED
    assert view.station_error == "PowerMeterFailure"
    assert (view.shown, view.connectors[0].shown) == (Shown.FAULTED, Shown.FAULTED)
    story.status(C.AVAILABLE, evse=0)
    assert story.see().shown is Shown.AVAILABLE


def test_a_warning_on_connector_0_shows_on_the_station() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE, evse=1)
    story.status(C.AVAILABLE, evse=0, error="WeakSignal")
    assert story.see().shown is Shown.DEGRADED
    assert story.plug().shown is Shown.AVAILABLE


def test_unexpected_connectors_are_created_on_sight_in_order_q60() -> None:
    story = FleetStory()
    story.station(plan=(ConnectorPlan(1, 1, "AC", 22_000),))
    story.status(C.AVAILABLE, evse=3)
    story.status(C.AVAILABLE, evse=2)
    view = story.see()
    assert [c.evse for c in view.connectors] == [1, 2, 3]
    assert (view.connectors[0].kind, view.connectors[0].rated_power_w) == ("AC", 22_000)


def test_what_was_received_last_is_shown_with_its_own_time_q83() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE)
    old = T0 - 48 * HOUR
    story.status(C.FAULTED, error="OtherError", at_ms=old)
    assert story.plug().shown is Shown.FAULTED
    assert story.plug().since_ms == old


def test_what_was_told_late_never_touches_the_live_status() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING)
    story.now += MINUTE
    story.status(C.FAULTED, live=False, at_ms=T0 - HOUR)
    assert story.plug().status is C.CHARGING


def test_the_same_status_again_keeps_its_age() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE)
    story.now += HOUR
    story.status(C.AVAILABLE)
    assert story.plug().since_ms == T0


@pytest.mark.parametrize(
    ("flow", "shown"),
    [
        ("", C.PREPARING),
        ("Charging", C.CHARGING),
        ("SuspendedEV", C.SUSPENDED_EV),
        ("SuspendedEVSE", C.SUSPENDED_EVSE),
        ("Finishing", C.FINISHING),
    ],
)
def test_occupied_is_refined_by_the_transaction(flow: str, shown: C) -> None:
    story = FleetStory()
    story.station()
    story.status(C.PREPARING)
    story.session(charging=flow)
    assert story.plug().status is shown


def test_occupied_after_the_end_is_finishing_until_told_otherwise() -> None:
    story = FleetStory()
    story.station()
    story.status(C.PREPARING)
    story.session(charging="Charging")
    story.now += HOUR
    story.session(state=SessionState.CLOSED, ended_ms=story.now, started_ms=T0, energy=5000)
    assert story.plug().status is C.FINISHING
    story.now += MINUTE
    story.status(C.AVAILABLE)
    assert story.plug().status is C.AVAILABLE


def test_a_session_and_its_power_on_its_connector() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING)
    story.session(flags=(Flag.OFFLINE,), token="ANNA")
    story.reading(7400)
    story.session(energy=1200, sample_ms=story.now, power=7400, flags=(Flag.OFFLINE,), token="ANNA")
    plug = story.plug()
    assert (plug.session, plug.session_token, plug.session_energy_wh) == (1, "ANNA", 1200)
    assert (plug.power_w, plug.value_at_ms, plug.session_flags) == (7400, T0, ("offline",))
    assert (story.see().power_w, story.see().sessions_open) == (7400, 1)
    story.session(state=SessionState.CLOSED, ended_ms=story.now, energy=1300)
    plug = story.plug()
    assert (plug.session, plug.power_w, story.see().power_w, story.see().sessions_open) == (None, None, 0, 0)


def test_power_is_stale_at_two_and_a_half_times_its_usual_interval() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING)
    story.session()
    for _ in range(6):
        story.now += 20_000
        story.reading(7000)
    assert story.plug().usual_interval_ms == 20_000
    last = story.now
    story.now = last + 50_000
    assert story.see().power_w == 7000
    story.now = last + 50_001
    assert story.see().power_w is None
    assert story.fleet.snapshot(story.now).totals.power_missing == 1
    story.reading(7100)
    assert story.see().power_w == 7100


def test_no_power_is_known_of_a_station_without_a_link() -> None:
    story = FleetStory()
    story.station()
    story.session()
    story.reading(7000)
    story.link(L.OFFLINE)
    assert story.see().power_w is None
    assert story.plug().power_w is None
    assert story.plug().session == 1


def test_a_reading_of_the_past_says_nothing_of_now() -> None:
    story = FleetStory()
    story.station()
    story.session()
    story.reading(7000)
    story.now -= MINUTE
    story.reading(100)
    story.now += MINUTE
    assert story.see().power_w == 7000


def test_a_session_whose_place_comes_late() -> None:
    story = FleetStory()
    story.station()
    story.session(evse=None, connector=None)
    assert (story.see().sessions_open, story.see().connectors) == (1, ())
    story.session(evse=2, connector=None)
    assert story.plug(evse=2).session == 1
    story.status(C.CHARGING, evse=2)
    assert [(c.evse, c.connector) for c in story.see().connectors] == [(2, 1)]


def test_facts_of_a_link_that_are_no_record() -> None:
    story = FleetStory()
    story.station(password_hash="x", quirks=(("Q23", 4),))
    story.fleet.link_meta("S1", version="2.0.1", tls=True, peer="10.0.0.9", heartbeat_s=60)
    story.fleet.skew("S1", 90_000)
    story.fleet.round_trip("S1", 41)
    story.fleet.heard("S1", T0 + 5)
    view = story.see()
    assert (view.version, view.tls, view.peer, view.heartbeat_s) == ("2.0.1", True, "10.0.0.9", 60)
    assert (view.clock_skew_ms, view.round_trip_ms, view.last_seen_ms) == (90_000, 41, T0 + 5)
    assert (view.has_password, view.quirks) == (True, (("Q23", 4),))


def test_totals_count_accepted_stations() -> None:
    story = FleetStory()
    story.station("A")
    story.station("B")
    story.station("C", online=False)
    story.station("D", admission=WAITING)
    story.status(C.AVAILABLE, name="A", evse=1)
    story.status(C.CHARGING, name="A", evse=2)
    story.session(name="A", evse=2)
    story.reading(11_000, name="A", evse=2)
    story.link(L.OFFLINE, name="B")
    totals = story.fleet.snapshot(story.now).totals
    assert (totals.stations, totals.online, totals.offline, totals.never) == (3, 1, 1, 1)
    assert dict(totals.connectors) == {Shown.AVAILABLE: 1, Shown.CHARGING: 1}
    assert (totals.power_w, totals.power_missing, totals.sessions_open) == (11_000, 0, 1)
    story.fleet.apply(StationRecord("A", admission=Admission.RETIRED), story.now)
    totals = story.fleet.snapshot(story.now).totals
    assert (totals.stations, totals.power_w, totals.connectors, totals.sessions_open) == (2, 0, (), 0)


def test_records_of_no_station_of_ours_make_none() -> None:
    story = FleetStory()
    story.reading(7000, name="GHOST")
    story.notice("Tamper", name="GHOST")
    story.fleet.heard("GHOST", T0)
    assert story.fleet.snapshot(T0).stations == {}
    story.fleet.apply(LinkRecord("NEW", T0, L.ONLINE))
    assert list(story.fleet.snapshot(T0).stations) == ["NEW"]
