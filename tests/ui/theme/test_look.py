"""Fonts, icons, shapes and the style, as they come out on a surface."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontInfo, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QWidget

from app.domain.status import Shown
from ui.theme import fonts, formats, icons, shapes
from ui.theme.apply import apply
from ui.theme.theme import colour, theme
from ui.theme.tokens import tokens


def drawn(shown: Shown, side: int = 32) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(colour("surface1"))
    painter = QPainter(image)
    shapes.paint_state(painter, QRectF(0, 0, side, side), shown)
    painter.end()
    return image


def test_each_weight_is_a_cut_of_its_own(dressed: QApplication) -> None:
    widths = {
        weight: QFontMetricsF(fonts.font("body", weight)).horizontalAdvance("Hamburg")
        for weight in (400, 500, 600)
    }
    assert widths[400] < widths[500] < widths[600]
    assert QFontInfo(fonts.font("body")).family() == "Inter"
    assert QFontInfo(fonts.font("mono")).family() == "JetBrains Mono"


@pytest.mark.parametrize("role", ["display", "body", "caption", "mono"])
def test_figures_have_equal_widths(dressed: QApplication, role: str) -> None:
    measure = fonts.metrics(role)
    assert measure.horizontalAdvance("1111") == pytest.approx(measure.horizontalAdvance("8888"))


@pytest.mark.parametrize("role", ["body", "small", "caption", "mono"])
@pytest.mark.parametrize("weight", [400, 500, 600])
def test_no_day_is_wider_than_the_one_columns_are_measured_by(
    dressed: QApplication, role: str, weight: int
) -> None:
    measure = fonts.metrics(role, weight).horizontalAdvance
    days = [f"{n} {month}" for n in range(1, 32) for month in formats.MONTHS]
    assert max(map(measure, days)) == pytest.approx(measure(formats.WIDEST_DAY))


def test_arrows_never_become_ligatures_in_messages(dressed: QApplication) -> None:
    measure = fonts.metrics("mono")
    assert measure.horizontalAdvance("=>") == pytest.approx(2 * measure.horizontalAdvance("="))


def test_text_grows_with_the_scale(dressed: QApplication) -> None:
    small = fonts.metrics("body").height()
    theme().set_scale(2.0)
    assert fonts.metrics("body").height() == pytest.approx(2 * small, rel=0.05)


@pytest.mark.parametrize("shown", list(Shown))
def test_each_state_has_a_word_and_draws_something(dressed: QApplication, shown: Shown) -> None:
    assert shapes.word(shown)
    image = drawn(shown)
    ground = colour("surface1").rgb()
    painted = sum(image.pixel(x, y) != ground for x in range(32) for y in range(32))
    assert painted > 60


def test_no_two_states_look_alike_without_colour(dressed: QApplication) -> None:
    seen = {}
    for shown in Shown:
        image = drawn(shown).convertToFormat(QImage.Format.Format_Grayscale8)
        ground = image.pixel(0, 0)
        outline = tuple(image.pixel(x, y) != ground for x in range(0, 32, 2) for y in range(0, 32, 2))
        assert outline not in seen, (shown, seen.get(outline))
        seen[outline] = shown


def test_what_is_cut_out_of_a_shape_shows_the_ground(dressed: QApplication) -> None:
    image = drawn(Shown.UNAVAILABLE)
    assert image.pixelColor(16, 16) == colour("surface1")


def test_only_what_is_abnormal_carries_a_soft_fill() -> None:
    for shown in Shown:
        assert shapes.is_abnormal(shown) == (f"{shown.value}Soft" in tokens().colours["dark"])


def test_an_icon_takes_the_colour_and_size_asked_for(dressed: QApplication) -> None:
    made = icons.pixmap("check", 16, "accent", 2.0)
    assert (made.width(), made.devicePixelRatio()) == (32, 2.0)
    image = made.toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {colour("accent").name()}


def test_an_unknown_icon_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="no icon nonsense"):
        icons.pixmap("nonsense")


def test_the_theme_follows_a_switch_everywhere(dressed: QApplication, qtbot: object) -> None:
    host = QWidget()
    host.resize(200, 60)
    field = QLineEdit(host)
    field.setGeometry(10, 10, 150, 28)
    host.show()
    dark = host.grab().toImage()
    theme().choose("light")
    light = host.grab().toImage()
    assert dark.pixelColor(100, 24).lightness() < 80 < light.pixelColor(100, 24).lightness()
    host.close()


def test_controls_are_drawn_without_a_style_sheet(dressed: QApplication) -> None:
    assert dressed.styleSheet() == ""
    for kind in (QLineEdit, QCheckBox, QComboBox):
        widget = kind()
        widget.resize(160, 28)
        image = widget.grab().toImage()
        inks = {image.pixelColor(x, y).name() for x in range(0, 160, 2) for y in range(28)}
        assert colour("surface2").name() in inks
        widget.deleteLater()


def test_a_style_is_kept_alive_and_applied_once(dressed: QApplication) -> None:
    style = dressed.style()
    apply(dressed)
    assert dressed.style() is style
