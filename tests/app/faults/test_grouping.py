"""One cause, one row: what lies under what, when it comes out again, and what is never suppressed."""

import json

import pytest

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.records import EntryRecord, StationRecord
from app.domain.status import LinkState
from app.faults.limits import Limits
from app.faults.rules.offline import Offline
from app.faults.rules.site_together import SiteTogether
from tests.app.faults.stage import START, H, Parrot, S, Stage


def site(*names: str) -> Stage:
    """Stations of one site with links, and the rules that watch links."""
    stage = Stage(SiteTogether(Limits()), Offline(), Parrot())
    for name in names:
        stage.station(name)
        stage.link(name, LinkState.ONLINE, 0)
    return stage


def test_a_router_that_dies_is_one_row() -> None:
    stage = site("A", "B", "C", "D")
    for n, name in enumerate("ABCD"):
        stage.link(name, LinkState.OFFLINE, 100 + n)
    stage.at(400)
    shown = [r for r in stage.rows.values() if r.state == "UNACK"]
    assert [(r.code, r.site, r.station) for r in shown] == [("SiteTogether", "Depot", "")]
    children = [r for r in stage.rows.values() if r.parent == shown[0].fault]
    assert [(r.station, r.state) for r in children] == [(n, "DSUPR") for n in "ABCD"]
    assert stage.faults.views()[shown[0].fault].children == 4
    assert "cannot be reached" in stage.faults.views()[children[0].fault].signs[0]
    # A suppressed child keeps its own clock.
    assert [r.onset_ms for r in children] == [START + (100 + n) * S for n in range(4)]


def test_when_the_router_is_back_what_stays_away_stands_for_itself() -> None:
    stage = site("A", "B", "C", "D")
    for name in "ABCD":
        stage.link(name, LinkState.OFFLINE, 100)
    stage.at(400)
    for name in "ABC":
        stage.link(name, LinkState.ONLINE, 500)
    stage.at(1_000)
    rows = {r.station or r.code: r for r in stage.rows.values()}
    assert rows["SiteTogether"].state == "RTNUN"
    assert rows["D"].state == "UNACK"
    assert rows["D"].parent is None
    assert {rows[n].state for n in "ABC"} == {"NORM"}


def test_one_station_of_a_site_is_its_own_fault() -> None:
    stage = site("A", "B", "C", "D")
    stage.link("A", LinkState.OFFLINE, 100)
    stage.at(400)
    assert [(r.station, r.state) for r in stage.rows.values()] == [("A", "UNACK")]


def test_the_supply_of_a_site_explains_lost_mains_and_lost_links() -> None:
    stage = site("A", "B", "C", "D")
    stage.say("CX015", 100, station="A", evse=0, connector=0)
    stage.say("CX015", 110, station="B", evse=0, connector=0)
    stage.link("C", LinkState.OFFLINE, 115)
    stage.at(300)
    shown = [r for r in stage.rows.values() if r.state == "UNACK"]
    assert [r.code for r in shown] == ["SitePower"]
    assert sorted(r.station for r in stage.rows.values() if r.parent == shown[0].fault) == ["A", "B", "C"]
    stage.say("CX015", 1_000, False, station="A", evse=0, connector=0)
    stage.say("CX015", 1_000, False, station="B", evse=0, connector=0)
    stage.link("C", LinkState.ONLINE, 1_000)
    stage.at(1_500)
    assert {r.state for r in stage.rows.values() if r.station} == {"NORM"}
    assert stage.rows[shown[0].fault].state == "RTNUN"


def test_a_fault_of_the_station_covers_its_connectors_but_no_danger() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX015", 0, evse=0, connector=0)
    stage.say("CX001", 3, evse=1)
    stage.say("CX022", 4, evse=2)
    stage.at(60)
    states = {r.code: r.state for r in stage.rows.values()}
    assert states == {"CX015": "UNACK", "CX001": "DSUPR", "CX022": "UNACK"}


def test_what_stood_before_the_station_failed_stays() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX001", 0, evse=1)
    stage.at(30)
    stage.say("CX015", 100, evse=0, connector=0)
    stage.at(200)
    assert {r.state for r in stage.rows.values()} == {"UNACK"}


def test_first_out_within_five_seconds_of_one_evse() -> None:
    stage = Stage()
    stage.station()
    # Heard in the wrong order; the charger's own times decide.
    stage.say("ReaderFailure", 4, heard_s=4)
    stage.say("InternalError", 1, heard_s=5)
    stage.say("CX001", 7, heard_s=7)
    stage.at(60)
    rows = {r.code: r for r in stage.rows.values()}
    assert rows["InternalError"].state == "UNACK"
    assert rows["ReaderFailure"].state == "DSUPR"
    assert rows["ReaderFailure"].parent == rows["InternalError"].fault
    assert rows["CX001"].state == "UNACK"
    why = stage.lines(rows["ReaderFailure"].fault)[-1]
    assert (why.verb, why.text) == ("suppress", "Followed on fault inside the charger within 5 s")


def test_of_what_comes_at_the_same_instant_power_is_the_cause() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.say("CX006", 0)
    stage.at(60)
    states = {r.code: r.state for r in stage.rows.values()}
    assert states == {"CX006": "UNACK", "CX001": "DSUPR"}


def test_a_firmware_that_breaks_one_model_is_one_row() -> None:
    stage = Stage()
    make = {"vendor": "Volt", "model": "H150"}
    for name in "ABCDE":
        stage.station(name, site=f"Site {name}", firmware="4.2.0", **make)
    stage.at(100)
    for name in "ABCD":
        stage.station(name, site=f"Site {name}", firmware="4.2.1", **make)
    stage.at(1_000)
    for n, name in enumerate("ABC"):
        stage.say("EVCommunicationError", 1_000 + n * 600, station=name)
    stage.say("EVCommunicationError", 2_900, station="E")
    stage.at(3_000)
    shown = {r.code: r for r in stage.rows.values() if r.state == "UNACK"}
    assert sorted(shown) == ["EVCommunicationError", "Firmware"]
    assert shown["EVCommunicationError"].station == "E"
    assert [r.station for r in stage.faults.children(shown["Firmware"].fault)] == ["A", "B", "C"]
    assert "4.2.1" in shown["Firmware"].title
    stage.say("EVCommunicationError", 3_100, station="D")
    stage.at(3_200)
    assert [r.station for r in stage.faults.children(shown["Firmware"].fault)] == ["A", "B", "C", "D"]


def test_split_and_merge_by_hand() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX015", 0, evse=0, connector=0)
    stage.say("CX001", 20, evse=1)
    stage.at(60)
    assert (stage.state(2), stage.rows[2].parent) == ("DSUPR", 1)
    stage.act(2, "split")
    assert (stage.state(2), stage.rows[2].parent) == ("UNACK", None)
    stage.say("CX001", 100, False, evse=1)
    stage.at(200)
    stage.say("CX001", 300, evse=1)
    stage.at(400)
    assert stage.state(2) == "UNACK", "what was split off is not put back"
    with pytest.raises(ForecourtError, match="lies under no other"):
        stage.act(2, "split")
    stage.act(2, "merge", into=1)
    assert (stage.state(2), stage.rows[2].parent) == ("DSUPR", 1)
    with pytest.raises(ForecourtError, match="lies under this one"):
        stage.act(1, "merge", into=2)
    with pytest.raises(ForecourtError, match="under itself"):
        stage.act(1, "merge", into=1)
    with pytest.raises(ForecourtError, match="no open fault 9"):
        stage.act(2, "merge", into=9)
    stage.say("CX015", 500, False, evse=0, connector=0)
    stage.at(700)
    assert stage.state(2) == "UNACK", "its cause is over and it still holds"


def work(stage: Stage, from_s: float, to_s: float, *, gone: bool = False, version: int = 1) -> None:
    body = {"site": "Depot", "from_ms": START + round(from_s * S), "to_ms": START + round(to_s * S)}
    entry = EntryRecord(
        "planned-work", "W1", version, stage.engine.scene.now, "ANNA", "", json.dumps(body), gone
    )
    stage.engine.hear(entry, stage.engine.scene.now)
    stage.faults.keep()


def test_announced_work_suppresses_by_design_and_ends_by_itself() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX001", 0)
    stage.say("CX022", 0, evse=2)
    stage.at(60)
    work(stage, 100, 1_000)
    assert stage.state(1) == "UNACK"
    stage.at(101)
    states = {r.code: r.state for r in stage.rows.values()}
    assert states == {"CX001": "DSUPR", "CX022": "UNACK"}
    stage.say("CX003", 200, evse=3)
    stage.at(300)
    assert {r.state for r in stage.rows.values() if r.code == "CX003"} == {"DSUPR"}
    stage.at(1_001)
    assert {r.state for r in stage.rows.values()} == {"UNACK"}


def test_announced_work_taken_back_brings_its_alarms_back() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX001", 0)
    stage.at(60)
    work(stage, 0, 1_000)
    assert stage.state() == "DSUPR"
    work(stage, 0, 1_000, gone=True, version=2)
    assert stage.state() == "UNACK"


def test_in_a_flood_what_can_wait_waits_and_comes_out_after_it() -> None:
    stage = Stage()
    for n in range(40):
        stage.station(f"S{n}")
        stage.say("CX003", n, station=f"S{n}")
    stage.say("CX001", 41, station="S1", evse=2)
    stage.at(120)
    flood = next(r for r in stage.rows.values() if r.code == "AlarmFlood")
    waiting = [r for r in stage.rows.values() if r.parent == flood.fault]
    assert len(waiting) == 30, "all but the ten that made the flood, of which one could not wait"
    assert all(r.priority == "P3" for r in waiting)
    assert next(r for r in stage.rows.values() if r.code == "CX001").state == "UNACK"
    stage.at(3_000)
    assert next(r for r in stage.rows.values() if r.code == "AlarmFlood").state == "RTNUN"
    assert {r.state for r in stage.rows.values() if r.code == "CX003"} == {"UNACK"}


def test_a_station_that_leaves_the_network_takes_its_faults_along() -> None:
    from app.domain.status import Admission

    stage = Stage()
    stage.station()
    stage.say("CX022", 0)
    stage.say("CX001", 0, evse=2)
    stage.at(60)
    record = StationRecord(StationId("A"), Admission.RETIRED, site="Depot")
    stage.engine.hear(record, START + H)
    stage.faults.keep()
    assert {r.state for r in stage.rows.values()} == {"NORM"}
