"""Stops of a day: distances, times that follow, and moving a stop."""

from dataclasses import replace

from app.analytics.visit_plan import great_circle_km, last_stop, reordered, routes, shortest
from app.domain.work_orders import WorkOrder

VENLO, AACHEN, EINDHOVEN = (51.37, 6.17), (50.78, 6.08), (51.44, 5.47)
PLACES = {"V": VENLO, "A": AACHEN, "E": EINDHOVEN}


def order(station: str, stop: int, **more: object) -> WorkOrder:
    made = WorkOrder(f"WO-{station}", station=station, day="2026-10-16", stop=stop, who="MB", on_site_min=40)
    return replace(made, **more)  # type: ignore[arg-type]


def test_distance_is_a_great_circle() -> None:
    assert round(great_circle_km((0, 0), (0, 1)), 2) == 111.2
    assert round(great_circle_km(VENLO, AACHEN)) == 66


def test_times_follow_the_stops() -> None:
    (route,) = routes([order("V", 1), order("A", 2), order("E", 3)], PLACES)
    first, second, third = route.stops
    assert (first.at_min, first.km) == (9 * 60, None)
    assert second.at_min == 9 * 60 + 40 + (second.drive_min or 0)
    assert third.at_min is not None
    assert round(route.km) == round((second.km or 0) + (third.km or 0))
    assert route.whole


def test_a_stop_moves_and_the_others_make_room() -> None:
    (route,) = routes([order("V", 1), order("A", 2), order("E", 3)], PLACES)
    moved = reordered(route, "WO-E", -1)
    assert [(o.number, o.stop) for o in moved] == [("WO-E", 2), ("WO-A", 3)]
    assert reordered(route, "WO-V", -1) == ()
    assert reordered(route, "WO-E", 1) == ()


def test_the_nearest_comes_next() -> None:
    (route,) = routes([order("V", 1), order("A", 2), order("E", 3)], PLACES)
    assert [(o.number, o.stop) for o in shortest(route, PLACES)] == [("WO-E", 2), ("WO-A", 3)]


def test_where_a_place_is_not_known_no_time_is_told() -> None:
    (route,) = routes([order("V", 1), order("X", 2), order("E", 3)], PLACES)
    assert [stop.at_min for stop in route.stops] == [540, None, None]
    assert not route.whole


def test_closed_orders_are_no_stops_and_people_have_routes_of_their_own() -> None:
    all_orders = [order("V", 1), order("A", 1, who="TL"), order("E", 2, state="done")]
    assert [(r.who, len(r.stops)) for r in routes(all_orders, PLACES)] == [("MB", 1), ("TL", 1)]
    assert last_stop(all_orders, "2026-10-16", "MB") == 1
