"""The map: where things are, which merge, whose name is shown, what the pointer and keys do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.status import Shown
from ui.theme.theme import px
from ui.widgets.map import MapSite, MapView
from ui.widgets.map.camera import Camera
from ui.widgets.map.labels import lay_out, mark_box, measure
from ui.widgets.map.mercator import scale_bar, to_degrees, to_unit
from ui.widgets.map.outlines import Scene, draw, level_for, load_level, places
from ui.widgets.map.sites import cluster, overlaps, positions

SITES = (
    MapSite("venlo", "Venlo Trade Port", 51.37, 6.15, Shown.FAULTED, 5, "€14.20/h", 14.2, "Venlo, faulted"),
    MapSite("aachen", "Aachen Krefelder Str.", 50.78, 6.08, Shown.OFFLINE, 1, "€11.60/h", 11.6),
    MapSite("koeln", "Köln Deutz", 50.94, 6.97, Shown.CHARGING, 2),
    MapSite("gent", "Gent Dampoort", 51.06, 3.74, Shown.AVAILABLE, 2),
    MapSite("lyon", "Lyon Part-Dieu", 45.76, 4.86, Shown.UNKNOWN, 3),
)


@pytest.fixture
def view(dressed: QApplication, qtbot: QtBot) -> MapView:
    made = MapView()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show_sites(SITES)
    made.show()
    qtbot.waitExposed(made)
    return made


def centre(view: MapView, key: str) -> QPoint:
    place = next(i for i, site in enumerate(SITES) if site.key == key)
    mark = next(mark for mark in view.marks if place in mark.members)
    x, y = view.camera.to_px(mark.x, mark.y)
    return QPointF(x, y).toPoint()


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(51.37, 6.15), (-33.87, 151.21), (0, 0), (64.15, -21.94)]
)
def test_places_come_back_from_the_map_as_they_went(latitude: float, longitude: float) -> None:
    assert to_degrees(*to_unit(latitude, longitude)) == (pytest.approx(latitude, abs=1e-5), longitude)


def test_the_poles_are_held_at_the_edge_of_the_map() -> None:
    assert to_unit(90, 0)[1] == pytest.approx(0, abs=1e-5)
    assert to_unit(-90, 0)[1] == pytest.approx(1, abs=1e-5)


def test_the_scale_bar_is_a_round_distance_that_fits() -> None:
    long, text = scale_bar(701.0, 100)
    assert text == "50 km"
    assert long == pytest.approx(50_000 / 701)
    assert scale_bar(3.0, 100)[1] == "200 m"


@pytest.mark.parametrize("zoom", [2.0, 4.0, 6.0, 9.0])
def test_every_level_of_detail_draws_land_in_europe_and_sea_in_the_atlantic(zoom: float) -> None:
    def ground_at(latitude: float, longitude: float) -> str:
        x, y = to_unit(latitude, longitude)
        image = draw(Scene(x, y, zoom, 64, 64, 1.0, "#000000", "#ffffff", "#ffffff"))
        return image.pixelColor(32, 32).name()

    assert ground_at(50.0, 10.3) == "#ffffff"
    assert ground_at(46.0, -25.0) == "#000000"
    assert ground_at(66.5, 178.0) == "#ffffff", "Chukotka lies on both sides of the date line"


@pytest.mark.parametrize("level", range(4))
def test_no_coast_jumps_across_the_world(level: int) -> None:
    lines = load_level(level).land
    steps = np.abs(np.diff(lines.points[:, 0]))
    steps[lines.ends[:-1] - 1] = 0
    inner = (lines.points[1:, 1] > 0.02) & (lines.points[1:, 1] < 0.98)
    assert steps[inner].max() < 0.2


def test_detail_grows_with_the_zoom() -> None:
    assert [level_for(zoom) for zoom in (2, 4, 6, 9)] == [0, 1, 2, 3]


def test_names_of_places_lie_on_the_map() -> None:
    assert all(0 <= place.x <= 1 and 0 <= place.y <= 1 for place in places())
    assert {"country", "sea", "city"} == {place.kind for place in places()}


def test_near_sites_merge_and_the_worst_stands_for_them() -> None:
    far = cluster(SITES, positions(SITES), 9.0)
    assert all(mark.single for mark in far)
    near = cluster(SITES, positions(SITES), 4.0)
    box = next(mark for mark in near if not mark.single)
    assert box.shown is Shown.FAULTED
    assert box.stations >= 5 + 1 + 2
    assert sum(len(mark.members) for mark in near) == len(SITES)


def test_panning_never_regroups() -> None:
    before = [mark.members for mark in cluster(SITES, positions(SITES), 5.0)]
    assert [mark.members for mark in cluster(SITES, positions(SITES), 5.0)] == before


def test_many_sites_still_merge_completely() -> None:
    rng = np.random.default_rng(1)
    many = [
        MapSite(str(i), str(i), float(a), float(b), Shown.AVAILABLE)
        for i, (a, b) in enumerate(zip(rng.uniform(45, 55, 5000), rng.uniform(0, 15, 5000), strict=True))
    ]
    marks = cluster(many, positions(many), 6.0)
    assert sum(mark.stations for mark in marks) == 5000


def test_tags_never_overlap_and_the_dearest_come_first(dressed: QApplication) -> None:
    camera = Camera(width=800, height=500).fitted([(float(x), float(y)) for x, y in positions(SITES)])
    marks = cluster(SITES, positions(SITES), camera.zoom)
    labels = lay_out(marks, SITES, camera, [])
    boxes = [mark_box(mark, camera) for mark in marks]
    for label in labels:
        x, y = camera.to_px(marks[label.mark].x, marks[label.mark].y)
        box = (x + label.dx, y + label.dy, label.width, label.height)
        assert not overlaps(box, boxes)
        boxes.append(box)


def test_a_long_name_is_shown_whole_where_the_map_is_free(dressed: QApplication) -> None:
    """Two sites of one box were told as "Gent Dok Noord, Venlo Trad…" beside an empty sea."""
    name = "Gent Dok Noord, Venlo Trade Port and Bologna Fiera"
    wide, cut = measure(name, "", False, whole=True)[0], measure(name, "", False)[0]
    assert cut < wide
    alone = [MapSite("a", name, 50.0, 5.0, Shown.AVAILABLE)]
    x, y = to_unit(50.0, 5.0)
    camera = Camera(x, y, 4.0, 900, 500)
    (label,) = lay_out(cluster(alone, positions(alone), camera.zoom), alone, camera, [])
    assert label.width == wide
    beyond = 450.0 + px(8) + px(5) + cut + 1
    walls = [(0.0, 0.0, 400.0, 500.0), (beyond, 0.0, 900.0 - beyond, 500.0)]
    (label,) = lay_out(cluster(alone, positions(alone), camera.zoom), alone, camera, walls)
    assert label.width == cut


def test_fit_brings_all_sites_into_view(view: MapView) -> None:
    for site in SITES:
        x, y = view.camera.to_px(*to_unit(site.latitude, site.longitude))
        assert 0 < x < 800
        assert 0 < y < 500


def test_a_click_on_a_site_chooses_it(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.site_chosen) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre(view, "lyon"))
    assert told.args == ["lyon"]


def test_a_click_on_a_box_comes_nearer(view: MapView, qtbot: QtBot) -> None:
    view.look_at(50, 6, 3.0)
    before = view.camera.zoom
    box = next(mark for mark in view.marks if not mark.single)
    x, y = view.camera.to_px(box.x, box.y)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    assert view.camera.zoom > before


def test_the_map_works_by_keys_alone(view: MapView, qtbot: QtBot) -> None:
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    view.select("koeln")
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.selected != "koeln"
    with qtbot.waitSignal(view.site_chosen):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    before = view.camera.zoom
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.zoom == before + 1
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.camera.zoom == pytest.approx(before, abs=0.6)


def test_the_selected_site_is_read_out(view: MapView) -> None:
    view.select("venlo")
    assert view.accessibleName() == "Charger map: Venlo, faulted"


def test_a_station_is_placed_by_a_click(view: MapView, qtbot: QtBot) -> None:
    view.place("new-01")
    with qtbot.waitSignal(view.placed) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 100))
    key, latitude, longitude = told.args
    assert key == "new-01"
    x, y = view.camera.to_px(*to_unit(latitude, longitude))
    assert (round(x), round(y)) == (400, 100)


def test_esc_leaves_a_station_without_a_place(view: MapView, qtbot: QtBot) -> None:
    view.place("new-01")
    with qtbot.waitSignal(view.place_cancelled), qtbot.assertNotEmitted(view.placed):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


def test_a_site_is_moved_by_dragging_only_while_placing(view: MapView, qtbot: QtBot) -> None:
    start = centre(view, "lyon")
    with qtbot.assertNotEmitted(view.placed):
        drag(view, qtbot, start, start + QPoint(40, 0))
    view.fit()
    view.set_placing(True)
    start = centre(view, "lyon")
    with qtbot.waitSignal(view.placed) as told:
        drag(view, qtbot, start, start + QPoint(40, 0))
    assert told.args[0] == "lyon"
    assert told.args[2] > 4.86


def drag(view: MapView, qtbot: QtBot, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + (end - start) / 2)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def test_dragging_the_ground_moves_the_view(view: MapView, qtbot: QtBot) -> None:
    x = view.camera.x
    drag(view, qtbot, QPoint(700, 60), QPoint(600, 60))
    assert view.camera.x > x


def test_a_view_left_alone_fits_again_when_its_size_changes(view: MapView, qtbot: QtBot) -> None:
    view.resize(500, 300)
    for site in SITES:
        x, y = view.camera.to_px(*to_unit(site.latitude, site.longitude))
        assert 0 < x < 500
        assert 0 < y < 300


def test_the_ground_is_drawn_by_a_worker_and_follows_the_theme(view: MapView, qtbot: QtBot) -> None:
    from ui.theme.theme import colour, theme

    view.look_at(50.0, 10.3, 6.0)
    qtbot.waitUntil(lambda: view._ground.ready, timeout=5000)
    assert view.grab().toImage().pixelColor(700, 250) == colour("land")
    theme().choose("light")
    view.settle_now()
    assert view.grab().toImage().pixelColor(700, 250) == colour("land")


def test_sites_are_drawn_where_fitting_them_keeps_the_zoom(view: MapView) -> None:
    """The view already stands where the new sites fit: they must not wait for a zoom to appear."""
    sites = view._sites
    view.show_sites([])
    view._fitted = False
    view.show_sites(sites)
    assert len(view._marks) > 0
    assert sum(len(mark.members) for mark in view._marks) == len(sites)
