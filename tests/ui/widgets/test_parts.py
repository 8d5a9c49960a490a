"""Panels, figures, strips, notices and choices: what they say and what pressing them does."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.status import Shown
from ui.shell.status_bar import StatusPart
from ui.theme.theme import colour
from ui.widgets.buttons import Button, IconButton, MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.kpi import ConnectorsCell, KpiCell, KpiStrip
from ui.widgets.labels import Label
from ui.widgets.notices import Banner, EmptyState, ErrorState, LoadingBlocks
from ui.widgets.painting import cut_short, width_of
from ui.widgets.panel import Panel
from ui.widgets.segments import Segments, TabStrip
from ui.widgets.sheet import Drawer, Sheet
from ui.widgets.strips import UptimeStrip, spoken
from ui.widgets.toast import Toast

S = Shown


@pytest.fixture
def host(dressed: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_of_a_fainter_text_less_than_half_is_not_shown(host: QWidget) -> None:
    """ "EV…" behind a long title told nothing."""
    whole = width_of("EVSE 2", "body", 400)
    assert cut_short("EVSE 2", "body", whole) == "EVSE 2"
    assert cut_short("EVSE 2", "body", whole * 0.9) == ""
    assert cut_short("EVSE 2", "body", -5) == ""
    stations = "4 stations, 1 offline, 1 degraded"
    wide = width_of(stations, "body", 400)
    assert cut_short(stations, "body", wide * 0.7).endswith("…")
    assert cut_short(stations, "body", wide * 0.4) == ""


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


@pytest.mark.parametrize("made", [Button, KpiCell, StatusPart])
def test_what_is_lit_under_the_pointer_is_painted_anew(
    host: QWidget, qtbot: QtBot, made: Callable[..., QWidget]
) -> None:
    part = made("Power now", parent=host)
    part.setGeometry(50, 50, 200, 80)
    qtbot.mouseMove(host, QPoint(600, 500))
    painted = Painted(part)
    part.show()
    qtbot.waitUntil(lambda: painted.times > 0)
    for under, place in ((part, QPoint(10, 10)), (host, QPoint(600, 500))):
        QApplication.processEvents()
        before = painted.times
        qtbot.mouseMove(under, place)
        qtbot.waitUntil(lambda before=before: painted.times > before)


def test_a_kpi_reads_as_one_sentence(host: QWidget) -> None:
    cell = KpiCell("Stations online", parent=host)
    cell.show_value("42", "/ 46", [(S.OFFLINE, "3 offline"), (S.UNKNOWN, "1 unknown")])
    assert cell.accessibleName() == "Stations online, 42 / 46, 3 offline, 1 unknown"
    cell.set_stale("as of 14:31:40")
    assert cell.accessibleName().endswith("as of 14:31:40")


def test_a_kpi_opens_its_page_by_mouse_and_by_key(host: QWidget, qtbot: QtBot) -> None:
    cell = KpiCell("Power now")
    strip = KpiStrip([cell, KpiCell("Energy today")], host)
    strip.resize(400, 88)
    strip.show()
    with qtbot.waitSignal(cell.clicked):
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(cell.clicked):
        qtbot.keyClick(cell, Qt.Key.Key_Return)


def test_connectors_are_told_worst_first(host: QWidget) -> None:
    cell = ConnectorsCell(parent=host)
    cell.show_counts(((S.AVAILABLE, 46), (S.FAULTED, 5), (S.OFFLINE, 6)))
    assert cell.accessibleName() == "Connectors by state: 5 faulted, 6 offline, 46 available"
    assert spoken(()) == "nothing reported yet"


def test_a_strip_tells_the_day_under_the_pointer(host: QWidget) -> None:
    strip = UptimeStrip(host)
    strip.resize(300, 60)
    strip.show_days([S.AVAILABLE, S.FAULTED, None], "13 Oct", "15 Oct", ["a", "b", "c"])
    assert [strip.day_at(QPoint(x, 5)) for x in (10, 150, 299)] == [0, 1, 2]
    assert strip.day_at(QPoint(10, 50)) == -1
    assert strip.accessibleName() == "3 days, 1 with a problem"
    image = strip.grab().toImage()
    assert image.pixelColor(150, 2) == colour("faulted")
    assert image.pixelColor(250, 2) != colour("line2"), "an unknown day is not a good day"


def test_segments_and_tabs_move_by_arrows(host: QWidget, qtbot: QtBot) -> None:
    for kind in (Segments, TabStrip):
        made = kind([("all", "All 46"), ("problem", "Problem 8")], parent=host)
        with qtbot.waitSignal(made.chosen) as told:
            qtbot.keyClick(made, Qt.Key.Key_Right)
        assert told.args == ["problem"]
        assert "Problem 8" in made.accessibleName()
        with qtbot.waitSignal(made.chosen):
            qtbot.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
        assert made.value == "all"
        with qtbot.assertNotEmitted(made.chosen):
            made.choose("problem")


def test_choices_that_go_leave_the_first(host: QWidget) -> None:
    made = Segments([("a", "A"), ("b", "B")], parent=host)
    made.choose("b")
    made.set_choices([("a", "A"), ("c", "C")])
    assert made.value == "a"


def test_a_filter_shows_its_value_and_offers_choices(host: QWidget, qtbot: QtBot) -> None:
    chip = MenuButton("Site", parent=host)
    chip.set_choices([("", "All 18"), ("venlo", "Venlo & Trade")])
    assert chip.accessibleName() == "Site All 18"
    with qtbot.waitSignal(chip.chosen) as told:
        chip.choose("venlo")
    assert told.args == ["venlo"]
    chip.set_choices([("", "All 18"), ("venlo", "Venlo & Trade")])
    assert chip.value == "venlo"
    chip.open_menu()
    assert chip._menu is not None
    actions = chip._menu.actions()
    assert [action.isChecked() for action in actions] == [False, True]
    chip._menu.close()


def test_search_waits_until_typing_rests(host: QWidget, qtbot: QtBot) -> None:
    field = SearchField("Station, site, address", parent=host)
    field.show()
    with qtbot.waitSignal(field.text_changed) as told:
        qtbot.keyClicks(field, "vtp")
    assert told.args == ["vtp"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_hostile_names_are_shown_as_they_are(host: QWidget) -> None:
    label = Label("<img src=x onerror=1><b>VTP</b>", parent=host)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.accessibleName().startswith("<img")


def test_a_long_label_ends_in_an_ellipsis_instead_of_growing(host: QWidget) -> None:
    label = Label("Antwerpen Luchtbal " * 20, parent=host)
    assert label.minimumSizeHint().width() < 60


def test_an_icon_button_has_a_name_and_a_tip(host: QWidget) -> None:
    button = IconButton("x", "Close", parent=host)
    assert (button.accessibleName(), button.toolTip()) == ("Close", "Close")


@pytest.mark.parametrize("kind", ["secondary", "primary", "quiet", "warning", "link"])
def test_buttons_work_by_key_and_look_disabled_when_they_are(host: QWidget, qtbot: QtBot, kind: str) -> None:
    button = Button("Reset…", kind, "rotate-ccw", "R", host)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    on = button.grab().toImage()
    button.setEnabled(False)
    assert button.grab().toImage() != on


def test_a_subtitle_of_which_a_letter_is_left_is_left_out(host: QWidget) -> None:
    """ "Evidence sai…" said nothing."""
    panel = Panel("Evidence", "said and measured", host)
    panel.show()
    looks = []
    for wide in (110, 400):
        panel.resize(wide, 80)
        QApplication.processEvents()
        looks.append(ink_in(panel._subtitle))
    assert looks == [False, True]


def ink_in(label: Label) -> bool:
    """Whether anything is painted in it."""
    image = label.grab().toImage()
    ground = image.pixelColor(0, 0)
    return any(image.pixelColor(x, y) != ground for x in range(image.width()) for y in range(image.height()))


def test_a_panel_shows_a_dashed_edge_for_a_doubtful_link(host: QWidget) -> None:
    panel = Panel("AKS-01", "Aachen", host)
    panel.resize(300, 200)
    panel.show()
    plain = panel.grab().toImage()
    panel.set_edge("offline")
    assert panel.grab().toImage() != plain


def test_an_error_can_be_copied_whole(host: QWidget, qtbot: QtBot) -> None:
    state = ErrorState(
        "Port 9220 is taken", "By another program.", [("Still working", "Sessions")], parent=host
    )
    copy = next(button for button in state.findChildren(Button) if button.text() == "Copy details")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert (
        QGuiApplication.clipboard().text()
        == "Port 9220 is taken\nBy another program.\nStill working: Sessions"
    )


def test_an_empty_view_says_why_and_offers_a_step(host: QWidget, qtbot: QtBot) -> None:
    step = Button("Show the address", "primary")
    state = EmptyState("cable", "No charger has called yet", "The server listens.", [step], parent=host)
    state.resize(400, 300)
    state.show()
    assert state.accessibleName() == "No charger has called yet. The server listens."
    with qtbot.waitSignal(step.clicked):
        qtbot.mouseClick(step, Qt.MouseButton.LeftButton)


def test_loading_shows_nothing_at_first_then_blocks_then_a_bar(host: QWidget, qtbot: QtBot) -> None:
    blocks = LoadingBlocks(parent=host)
    blocks.resize(400, 300)
    blocks.show()
    blocks.start()
    empty = blocks.grab().toImage()
    qtbot.waitUntil(lambda: blocks.grab().toImage() != empty, timeout=2000)
    blocks._say_slow()
    blocks.progress(12_400, 31_000, "sessions")
    with qtbot.waitSignal(blocks.cancelled):
        qtbot.mouseClick(blocks._cancel, Qt.MouseButton.LeftButton)
    blocks.stop()


def test_a_banner_reads_as_title_and_sentence(host: QWidget) -> None:
    banner = Banner(S.OFFLINE, "Cuts 2 sessions", "About €4.20.", parent=host)
    assert banner.accessibleName() == "Cuts 2 sessions. About €4.20."


def opened(host: QWidget, kind: type[Sheet] = Sheet) -> tuple[Sheet, QLineEdit, Button, Button]:
    before = QLineEdit(host)
    before.show()
    before.setFocus()
    sheet = kind(host, "Hard reset HAC-01?", "Norrwatt S-150")
    reason = QLineEdit()
    sheet.body_layout.addWidget(reason)
    cut = sheet.add_button(Button("Cut and reset", "warning"))
    cancel = sheet.add_button(Button("Cancel", keys="Esc"), default=True)
    cancel.clicked.connect(lambda: sheet.finish(None))
    cut.clicked.connect(lambda: sheet.finish("cut"))
    sheet.open()
    return sheet, before, cut, cancel


@pytest.mark.parametrize("kind", [Sheet, Drawer])
def test_a_sheet_keeps_the_focus_and_gives_it_back(host: QWidget, qtbot: QtBot, kind: type[Sheet]) -> None:
    host.activateWindow()
    sheet, before, _cut, cancel = opened(host, kind)
    if kind is Sheet:
        qtbot.waitUntil(lambda: QApplication.focusWidget() is cancel)
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert sheet.card.isAncestorOf(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    with qtbot.waitSignal(sheet.finished) as told:
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert told.args == [None]
    assert QApplication.focusWidget() is before


def test_a_sheet_grows_with_what_comes_into_it(host: QWidget) -> None:
    asked = Sheet(host, "Where?")
    asked.add_button(Button("Here"), default=True)
    asked.open()
    QApplication.processEvents()
    before = asked.card.height()
    for number in range(4):
        asked.body_layout.addWidget(QCheckBox(f"Address {number}"))
    for _ in range(3):
        QApplication.processEvents()
    boxes = asked.card.findChildren(QCheckBox)
    assert asked.card.height() > before
    assert all(upper.geometry().bottom() < lower.geometry().top() for upper, lower in pairwise(boxes))


def test_a_sheet_tells_what_was_chosen(host: QWidget, qtbot: QtBot) -> None:
    sheet, _, cut, _ = opened(host)
    with qtbot.waitSignal(sheet.finished) as told:
        qtbot.mouseClick(cut, Qt.MouseButton.LeftButton)
    assert told.args == ["cut"]


def test_a_sheet_survives_that_what_had_the_focus_is_gone(host: QWidget, qtbot: QtBot) -> None:
    sheet, before, cut, _ = opened(host)
    before.deleteLater()
    qtbot.waitUntil(
        lambda: not host.findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)
    )
    with qtbot.waitSignal(sheet.finished):
        qtbot.mouseClick(cut, Qt.MouseButton.LeftButton)


def test_a_toast_undoes_once(host: QWidget, qtbot: QtBot) -> None:
    undone: list[int] = []
    toast = Toast(host)
    toast.say("VTP-03 moved to Venlo", lambda: undone.append(1))
    assert toast.isVisible()
    assert toast.undo()
    assert not toast.undo()
    assert undone == [1]


def test_layouts_with_long_names_do_not_push_the_window_wide(host: QWidget) -> None:
    column = QVBoxLayout(host)
    panel = Panel("A very long station name " * 10, "and a long subtitle " * 10)
    column.addWidget(panel)
    assert panel.minimumSizeHint().width() < 400
