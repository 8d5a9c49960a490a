"""A site whose stations fail together."""

from app.faults.limits import Limits
from app.faults.rules.site_together import SiteTogether
from tests.app.faults.rules.stage import MINUTE, Stage


def site_of(count: int) -> Stage:
    stage = Stage(SiteTogether(Limits()))
    for n in range(count):
        stage.add(f"S{n}")
        stage.link_is("online", f"S{n}")
    return stage


def test_a_router_that_dies_is_one_fault_of_the_site():
    """It begins with the first loss and ends when most are back."""
    stage = site_of(4)
    began = stage.now_ms
    for n in range(4):
        stage.link_is("offline", f"S{n}")
        stage.pass_time(10_000)
    stage.pass_time(MINUTE)
    (found,) = stage.open
    assert (found.subject.site, found.subject.station, found.at_ms) == ("Depot", "", began)
    assert found.evidence["stations"] == ["S0", "S1", "S2", "S3"]
    for n in range(4):
        stage.link_is("online", f"S{n}")
    assert not stage.open


def test_losses_far_apart_are_none():
    """Each has its own cause."""
    stage = site_of(4)
    for n in range(3):
        stage.link_is("offline", f"S{n}")
        stage.pass_time(10 * MINUTE)
    assert not stage.findings


def test_one_of_four_is_none_and_a_site_of_one_station_never_is():
    """A site fault needs a site."""
    stage = site_of(4)
    stage.link_is("offline", "S1")
    stage.pass_time(5 * MINUTE)
    alone = site_of(1)
    alone.link_is("offline", "S0")
    alone.pass_time(5 * MINUTE)
    assert not stage.findings
    assert not alone.findings
