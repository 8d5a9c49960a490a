"""No link is a fault from the last that was heard to the first that is heard again."""

from app.domain.fact import changed
from app.domain.status import Admission
from app.faults.rules.offline import Offline
from tests.app.faults.rules.stage import MINUTE, Stage


def test_a_lost_link_is_a_fault_until_it_is_back():
    """It begins when the station was last heard, and ends with the next link."""
    stage = Stage(Offline())
    stage.add()
    stage.link_is("online")
    began = stage.now_ms + MINUTE
    stage.pass_time(MINUTE)
    (found,) = stage.link_is("offline", reason="closed by the station (1006)")
    assert (found.code, found.at_ms, found.held) == ("Offline", began, True)
    assert found.subject.station == "A"
    assert found.subject.site == "Depot"
    assert found.raw == "closed by the station (1006)"
    stage.pass_time(5 * MINUTE)
    (over,) = stage.link_is("online")
    assert not over.held
    assert over.at_ms == began + 5 * MINUTE
    assert not stage.open


def test_a_station_that_never_called_and_one_that_is_in_doubt_are_none():
    """Doubt is shown, not alarmed."""
    stage = Stage(Offline())
    stage.add()
    assert not stage.link_is("doubtful")
    assert not stage.link_is("online")


def test_a_station_at_the_door_raises_nothing():
    """What is not part of the network has no faults; one that leaves takes its fault along."""
    stage = Stage(Offline())
    waiting = stage.add("W", admission=Admission.WAITING)
    assert not stage.link_is("offline", "W")
    stage.add("B")
    stage.link_is("offline", "B")
    stage.tell(changed(waiting, station="B", admission=Admission.RETIRED))
    assert not stage.open


def test_told_twice_it_is_one():
    """The same point again changes nothing."""
    stage = Stage(Offline())
    stage.add()
    assert stage.link_is("offline")
    assert not stage.link_is("offline")
