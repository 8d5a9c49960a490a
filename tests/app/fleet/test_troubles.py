"""What is wrong now: in plain words, worst and oldest first."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import StationId
from app.domain.records import SessionState
from app.domain.status import SEVERITY, ConnectorStatus, LinkState, Shown
from app.fleet.troubles import in_order
from app.fleet.views import Trouble
from app.fleet.words import plain
from tests.app.fleet.fleet_story import HOUR, MINUTE, T0, WAITING, FleetStory

C, L = ConnectorStatus, LinkState


def test_a_healthy_fleet_has_no_troubles() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE)
    assert story.troubles() == []


def test_codes_become_words() -> None:
    assert plain("ConnectorLockFailure") == "Connector lock failure"
    assert plain("EVCommunicationError") == "No communication with the car"
    assert plain("TamperDetectionActivated") == "Tamper detection activated"
    assert plain("InvalidTLSVersion") == "Invalid TLS version"
    assert plain("Überlast am Eingang") == "Überlast am Eingang"


def test_each_kind_of_trouble_in_order() -> None:
    story = FleetStory()
    for name in ("OFF", "ERR", "WARN", "SEC", "REV", "DOUBT", "TWICE", "QUIET", "NEW"):
        story.station(name, **({"admission": WAITING} if name == "NEW" else {}))
        story.status(C.AVAILABLE, name=name)
    story.fleet.spoke("QUIET", T0)
    story.now = T0 + MINUTE
    story.link(L.OFFLINE, name="OFF", reason="the station closed the link")
    story.link(L.OFFLINE, name="NEW")
    story.now += MINUTE
    story.status(C.FAULTED, name="ERR", error="ConnectorLockFailure", vendor_error="0x17")
    story.status(C.AVAILABLE, name="WARN", error="HighTemperature")
    story.notice("TamperDetectionActivated", name="SEC")
    story.notice("StartupOfTheDevice", name="SEC", critical=False)
    story.session(7, name="REV", state=SessionState.REVIEW, ended_ms=story.now)
    story.now += MINUTE
    story.link(L.DOUBTFUL, name="DOUBT")
    story.fleet.identity("TWICE", story.now)
    story.now += HOUR
    picture = story.fleet.snapshot(story.now)
    told = {(t.station, t.kind, t.text) for t in picture.troubles}
    assert told == {
        ("ERR", "error", "Connector lock failure"),
        ("SEC", "security", "Tamper detection activated"),
        ("OFF", "offline", "No link since 12:01"),
        ("QUIET", "silent", "Connected, but no message since 12:00"),
        ("WARN", "error", "Too hot"),
        ("REV", "session", "A session needs review"),
        ("DOUBT", "doubtful", "Nothing heard since 12:03"),
        ("TWICE", "identity", "Two chargers use this identity"),
    }
    assert [t.station for t in picture.troubles][:3] == ["ERR", "SEC", "OFF"]
    error = picture.troubles[0]
    assert (error.evse, error.connector, error.detail, error.shown) == (1, 1, "0x17", Shown.FAULTED)
    assert picture.stations["TWICE"].identity_doubtful


def test_troubles_end() -> None:
    story = FleetStory()
    story.station()
    story.status(C.FAULTED, error="GroundFailure")
    story.session(7, state=SessionState.REVIEW, evse=None, ended_ms=T0)
    assert story.troubles() == ["Earth fault", "A session needs review"]
    story.status(C.AVAILABLE)
    story.session(7, state=SessionState.CLOSED, evse=None, ended_ms=T0)
    assert story.troubles() == []


def test_a_fault_without_a_code_is_one_still_q62() -> None:
    story = FleetStory()
    story.station()
    story.status(C.FAULTED)
    assert story.troubles() == ["Fault, no cause told"]


def test_a_critical_notice_stays_for_a_day() -> None:
    story = FleetStory()
    story.station()
    story.notice("TamperDetectionActivated")
    story.now += 24 * HOUR - 1
    assert story.troubles() == ["Tamper detection activated"]
    story.now += 1
    assert story.troubles() == []


def test_a_station_that_speaks_again_is_silent_no_more() -> None:
    story = FleetStory()
    story.station()
    story.fleet.link_meta("S1", version="1.6", tls=False, peer="", heartbeat_s=60)
    story.fleet.spoke("S1", T0)
    story.now = T0 + 180_000
    story.fleet.heard("S1", story.now)
    assert story.troubles() == ["Connected, but no message since 12:00"]
    story.fleet.spoke("S1", story.now)
    assert story.troubles() == []


def test_the_day_is_told_where_it_is_not_today() -> None:
    story = FleetStory()
    story.station()
    story.link(L.OFFLINE)
    assert story.troubles() == ["No link since 12:00"]
    story.now += 30 * HOUR
    assert story.troubles() == ["No link since 5 Jan 12:00"]


def test_the_server_itself_may_be_in_trouble() -> None:
    story = FleetStory()
    story.fleet.server(recording=False, recording_cause="the disk is full")
    (trouble,) = story.fleet.snapshot(story.now).troubles
    assert (trouble.kind, trouble.station, trouble.detail) == ("server", "", "the disk is full")
    story.fleet.server(recording=True, recording_cause="")
    assert story.troubles() == []


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Shown)), st.integers(0, 9), st.sampled_from(["A", "B"])), max_size=30
    )
)
def test_worst_first_then_oldest(rows: list[tuple[Shown, int, str]]) -> None:
    troubles = [Trouble(station, 0, 0, "error", shown, "", since) for shown, since, station in rows]
    ordered = in_order(troubles)
    assert sorted(ordered, key=repr) == sorted(troubles, key=repr)
    keys = [(SEVERITY[t.shown], t.since_ms) for t in ordered]
    assert keys == sorted(keys)


def test_charging_without_power_is_doubted_after_five_minutes_q61() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING)
    story.session(1, charging="Charging")
    story.reading(7_000)
    story.now += 10 * MINUTE
    story.reading(0)
    since = story.now
    story.now += 4 * MINUTE
    story.reading(0)
    assert story.troubles() == []
    story.now += 2 * MINUTE
    (trouble,) = story.fleet.snapshot(story.now).troubles
    assert (trouble.kind, trouble.text, trouble.connector) == (
        "status",
        "Says Charging, but no power flows",
        1,
    )
    assert (trouble.since_ms, trouble.shown) == (since, Shown.DEGRADED)
    assert story.fleet.doubts(story.now) == [("S1", "Says Charging, but no power flows (connector 1)", since)]
    story.reading(7_000)
    assert story.troubles() == []


def test_a_suspended_car_contradicts_nothing_q61() -> None:
    """SuspendedEV says itself that nothing flows; a full battery may stay for hours."""
    story = FleetStory()
    story.station()
    story.status(C.SUSPENDED_EV)
    story.session(1)
    story.reading(0)
    story.now += 3 * HOUR
    story.reading(0)
    assert story.troubles() == []


def test_a_register_that_stands_still_tells_of_no_power_where_no_power_is_told_q61() -> None:
    story = FleetStory()
    story.station()
    story.status(C.CHARGING)
    story.session(1)
    for register in (1_000, 2_000, 2_000, 2_000, 2_000):
        story.register(register)
        story.now += 3 * MINUTE
    assert story.troubles() == ["Says Charging, but no power flows"]


def test_a_deaf_link_is_told_and_a_new_link_is_given_the_benefit_of_the_doubt_q10() -> None:
    story = FleetStory()
    story.station()
    story.status(C.AVAILABLE)
    story.fleet.deaf(StationId("S1"), story.now)
    assert story.troubles() == ["Hears, but answers no command"]
    assert story.see().shown is Shown.DEGRADED
    story.fleet.link_meta(StationId("S1"), version="1.6", tls=False, peer="10.0.0.9")
    assert story.troubles() == []
    assert story.see().shown is Shown.AVAILABLE
