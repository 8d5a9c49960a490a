"""What drivers find at a site, whatever a single station says of itself."""

from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.driver_availability import driver_availability, site_sight
from app.analytics.timelines import State, Tile
from app.domain.records import ConnectorPlan
from app.domain.status import ConnectorStatus, LinkState
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, a_past


def tiles(*states: State) -> list[Tile]:
    """An hour of each state."""
    return [Tile(n * HOUR, (n + 1) * HOUR, state) for n, state in enumerate(states)]


def test_one_free_connector_is_enough() -> None:
    """While one is broken and the other free, drivers charge; only taken is not free, but works."""
    one = tiles(State.FAULTED, State.FAULTED, State.FAULTED, State.OCCUPIED)
    two = tiles(State.AVAILABLE, State.OCCUPIED, State.OFFLINE, State.AVAILABLE)
    found = site_sight(
        "Venlo", "CCS", [("CCS", one, []), ("CCS", two, []), ("Type 2", tiles(*[State.AVAILABLE] * 4), [])]
    )
    assert (found.connectors, found.free_ms, found.taken_ms, found.none_ms) == (2, 2 * HOUR, HOUR, HOUR)
    assert found.free == 50
    assert found.working == 75
    assert found.longest_none == (2 * HOUR, 3 * HOUR)


def test_a_connector_beside_one_that_charges_is_taken() -> None:
    """Two plugs of one EVSE serve one car at a time."""
    plug, other = tiles(State.AVAILABLE, State.AVAILABLE), tiles(State.OCCUPIED, State.AVAILABLE)
    found = site_sight("Venlo", "CCS", [("CCS", plug, [other])])
    assert (found.free_ms, found.taken_ms) == (HOUR, HOUR)


def test_what_was_not_measured_makes_bounds() -> None:
    """Blind time counts neither way, and says how far the figure may be off."""
    found = site_sight("Venlo", "CCS", [("CCS", tiles(State.AVAILABLE, State.BLIND, State.FAULTED), [])])
    assert found.free == 50
    assert (found.low, found.high) == (Fraction(100, 3), Fraction(200, 3))


states = st.lists(st.sampled_from(list(State)), min_size=5, max_size=5)


@given(st.lists(states, min_size=1, max_size=4))
def test_it_adds_up_and_another_connector_never_makes_it_worse(sites: list[list[State]]) -> None:
    """Free, taken, none and not measured are the window; one more connector never takes free time away."""
    plugs = [("", tiles(*one), []) for one in sites]
    found = site_sight("S", "", plugs)
    assert found.measured_ms + found.unmeasured_ms == 5 * HOUR
    fewer = site_sight("S", "", plugs[:-1])
    assert found.free_ms >= fewer.free_ms
    assert found.low is None or found.free is None or found.low <= found.free


def test_kinds_of_a_site_stand_apart_and_the_worst_comes_first(tmp_path: Path) -> None:
    """From kept changes: the CCS of a site is down for a day while its Type 2 is free."""
    with a_past(tmp_path) as past:
        past.ran((MIDNIGHT - DAY, MIDNIGHT + 9 * DAY))
        for name, kind in (("A", "CCS"), ("B", "Type 2")):
            past.station(name, site="Venlo", plan=(ConnectorPlan(1, 1, kind),))
            past.link(name, MIDNIGHT - HOUR, LinkState.ONLINE)
            past.status(name, MIDNIGHT - HOUR, ConnectorStatus.AVAILABLE)
        past.station("C")
        past.link("C", MIDNIGHT - HOUR, LinkState.ONLINE)
        past.status("A", MIDNIGHT + DAY, ConnectorStatus.FAULTED)
        past.status("A", MIDNIGHT + 2 * DAY, ConnectorStatus.AVAILABLE)
        found = past.ask(driver_availability, (MIDNIGHT, MIDNIGHT + 4 * DAY))
        assert [(one.site, one.kind, one.free) for one in found] == [
            ("Venlo", "CCS", 75), ("Venlo", "Type 2", 100),
        ]  # fmt: skip
        assert past.ask(driver_availability, (MIDNIGHT, MIDNIGHT + DAY), "Köln") == ()
