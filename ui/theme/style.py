"""Qt's own controls in the design's look: one proxy over Fusion, no style sheets."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleFactory,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionMenuItem,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QWidget,
)

from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.theme import colour, px, radius, size

_State = QStyle.StateFlag
_Draw = Callable[[QStyleOption, QPainter, QWidget | None], None]


class ForecourtStyle(QProxyStyle):
    """Fields, boxes, menus, scroll bars and tips from tokens; everything else is Fusion with our palette.

    Keep a Python reference to it for as long as the application lives.
    """

    def __init__(self) -> None:
        super().__init__(QStyleFactory.create("Fusion"))
        self._primitives: dict[QStyle.PrimitiveElement, _Draw] = {
            QStyle.PrimitiveElement.PE_PanelLineEdit: _field,
            QStyle.PrimitiveElement.PE_FrameLineEdit: _nothing,
            QStyle.PrimitiveElement.PE_Frame: _frame,
            QStyle.PrimitiveElement.PE_FrameFocusRect: _nothing,
            QStyle.PrimitiveElement.PE_IndicatorCheckBox: _check_box,
            QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck: _check_box,
            QStyle.PrimitiveElement.PE_IndicatorRadioButton: _radio,
            QStyle.PrimitiveElement.PE_PanelMenu: _menu,
            QStyle.PrimitiveElement.PE_FrameMenu: _nothing,
            QStyle.PrimitiveElement.PE_PanelTipLabel: _tip,
            QStyle.PrimitiveElement.PE_PanelScrollAreaCorner: _nothing,
            QStyle.PrimitiveElement.PE_PanelButtonCommand: _button,
        }
        self._controls: dict[QStyle.ControlElement, _Draw] = {
            QStyle.ControlElement.CE_MenuItem: _menu_item,
            QStyle.ControlElement.CE_MenuEmptyArea: _nothing,
            QStyle.ControlElement.CE_ProgressBarGroove: _progress_groove,
            QStyle.ControlElement.CE_ProgressBarContents: _progress_contents,
            QStyle.ControlElement.CE_ProgressBarLabel: _nothing,
            QStyle.ControlElement.CE_Splitter: _nothing,
            QStyle.ControlElement.CE_ShapedFrame: _frame,
        }

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._primitives.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        draw(option, painter, widget)
        painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._controls.get(element)
        if draw is None:
            super().drawControl(element, option, painter, widget)
            return
        painter.save()
        draw(option, painter, widget)
        painter.restore()

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            painter.save()
            self._scroll_bar(option, painter, widget)
            painter.restore()
        elif control == QStyle.ComplexControl.CC_ComboBox:
            painter.save()
            _field(option, painter, widget)
            side = px(12)
            x = option.rect.right() - px(8) - side
            paint_icon(painter, x, option.rect.center().y() - side // 2 + 1, "chevron-down", side, "text2")
            painter.restore()
        else:
            super().drawComplexControl(control, option, painter, widget)

    def _scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        bar = QRectF(
            self.subControlRect(
                QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, widget
            )
        )
        upright = option.orientation == Qt.Orientation.Vertical
        bar = bar.adjusted(3, 2, -3, -2) if upright else bar.adjusted(2, 3, -2, -3)
        active = bool(option.activeSubControls & QStyle.SubControl.SC_ScrollBarSlider)
        held = active and bool(option.state & _State.State_Sunken)
        _round(painter, bar, min(bar.width(), bar.height()) / 2, "lineControl" if active or held else "line2")

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        sub: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return _scroll_part(option, sub)
        if control == QStyle.ComplexControl.CC_ComboBox:
            if sub == QStyle.SubControl.SC_ComboBoxEditField:
                return option.rect.adjusted(px(8), 1, -px(24), -1)
            if sub == QStyle.SubControl.SC_ComboBoxListBoxPopup:
                return option.rect
        return super().subControlRect(control, option, sub, widget)  # type: ignore[arg-type]

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        fixed = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if fixed is None else px(fixed)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: Any = None,
    ) -> int:
        fixed = _HINTS.get(hint)
        return super().styleHint(hint, option, widget, data) if fixed is None else fixed

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, contents: QSize, widget: QWidget | None = None
    ) -> QSize:
        if kind == QStyle.ContentsType.CT_MenuItem and isinstance(option, QStyleOptionMenuItem):
            if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
                return QSize(contents.width(), px(9))
            wide = fonts.metrics("small").horizontalAdvance(option.text.replace("\t", "      ")) + px(64)
            return QSize(max(round(wide), contents.width()), size("button"))
        made = super().sizeFromContents(kind, option, contents, widget)  # type: ignore[arg-type]
        if kind in (QStyle.ContentsType.CT_ComboBox, QStyle.ContentsType.CT_LineEdit):
            made.setHeight(size("button"))
        return made


_METRICS: dict[QStyle.PixelMetric, int] = {
    QStyle.PixelMetric.PM_ScrollBarExtent: 12,
    QStyle.PixelMetric.PM_ScrollBarSliderMin: 32,
    QStyle.PixelMetric.PM_IndicatorWidth: 16,
    QStyle.PixelMetric.PM_IndicatorHeight: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 16,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_MenuPanelWidth: 1,
    QStyle.PixelMetric.PM_MenuHMargin: 3,
    QStyle.PixelMetric.PM_MenuVMargin: 3,
    QStyle.PixelMetric.PM_ButtonShiftHorizontal: 0,
    QStyle.PixelMetric.PM_ButtonShiftVertical: 0,
}

_HINTS: dict[QStyle.StyleHint, int] = {
    QStyle.StyleHint.SH_ComboBox_Popup: 0,
    QStyle.StyleHint.SH_Menu_MouseTracking: 1,
    QStyle.StyleHint.SH_ToolTip_WakeUpDelay: 400,
    QStyle.StyleHint.SH_ScrollBar_LeftClickAbsolutePosition: 0,
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_UnderlineShortcut: 0,
    QStyle.StyleHint.SH_Widget_Animate: 0,
    QStyle.StyleHint.SH_Widget_Animation_Duration: 0,
    QStyle.StyleHint.SH_ScrollBar_Transient: 0,
}


def _round(
    painter: QPainter,
    rect: QRectF,
    corner: float,
    fill: str | None,
    edge: str | None = None,
    thick: float = 1,
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, corner, corner)
        return
    painter.setPen(QPen(colour(edge), thick))
    half = thick / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), corner, corner)


def _nothing(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """What the design leaves out."""


def _field(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    if isinstance(widget, QLineEdit) and not widget.hasFrame():
        return
    box = QRectF(option.rect)
    enabled = bool(option.state & _State.State_Enabled)
    focused = bool(option.state & _State.State_HasFocus)
    if focused:
        _round(painter, box, radius("control"), "surface2", "accent", 2)
    else:
        _round(painter, box, radius("control"), "surface2", "lineControl" if enabled else "line2")


def _frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    if isinstance(widget, QPlainTextEdit) and widget.frameShape() != QFrame.Shape.NoFrame:
        _field(option, painter, widget)


def _button(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    down = bool(option.state & (_State.State_Sunken | _State.State_On))
    _round(painter, QRectF(option.rect), radius("control"), "surface3" if down else "surface2", "line2")


def _check_box(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    box = QRectF(option.rect)
    side = min(box.width(), box.height(), px(16))
    box = QRectF(round(box.center().x() - side / 2), round(box.center().y() - side / 2), side, side)
    partly = bool(option.state & _State.State_NoChange)
    if not (partly or option.state & _State.State_On):
        _round(painter, box, 4, "surface2", "lineControl")
        return
    enabled = bool(option.state & _State.State_Enabled)
    _round(painter, box, 4, "accentFill" if enabled else "line2")
    inner = side * 0.75
    paint_icon(
        painter,
        box.x() + (side - inner) / 2,
        box.y() + (side - inner) / 2,
        "minus" if partly else "check",
        round(inner),
        "onAccentFill",
    )


def _radio(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    box = QRectF(option.rect)
    on = bool(option.state & _State.State_On)
    _round(painter, box, box.height() / 2, "surface2", "accent" if on else "lineControl", 2 if on else 1)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawEllipse(box.center(), box.width() * 0.25, box.height() * 0.25)


def _menu(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    painter.fillRect(option.rect, colour("surface2"))
    painter.setPen(QPen(colour("line2"), 1))
    painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5))


def _tip(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    painter.fillRect(option.rect, colour("surface3"))
    painter.setPen(QPen(colour("line2"), 1))
    painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5))


def _menu_item(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    if not isinstance(option, QStyleOptionMenuItem):
        return
    box = QRectF(option.rect)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        painter.fillRect(QRectF(box.left(), round(box.center().y()), box.width(), 1), colour("line1"))
        return
    enabled = bool(option.state & _State.State_Enabled)
    if option.state & _State.State_Selected and enabled:
        _round(painter, box.adjusted(1, 0, -1, 0), 4, "surface3")
    side = px(14)
    if option.checked:
        paint_icon(painter, box.left() + px(8), box.center().y() - side / 2, "check", side, "text1")
    ink: QColor = colour("text1" if enabled else "textDisabled")
    text, _, keys = option.text.partition("\t")
    line = box.adjusted(px(30), 0, -px(12), 0)
    painter.setFont(fonts.font("small"))
    painter.setPen(ink)
    middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic)
    painter.drawText(line, middle, text)
    if keys:
        painter.setPen(colour("text3"))
        painter.drawText(line, middle | int(Qt.AlignmentFlag.AlignRight), keys)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.SubMenu:
        paint_icon(painter, box.right() - px(18), box.center().y() - side / 2, "chevron-right", side, "text2")


def _progress_groove(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    box = QRectF(option.rect)
    painter.fillRect(QRectF(box.left(), round(box.center().y()) - 2, box.width(), 4), colour("surface3"))


def _progress_contents(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    if not isinstance(option, QStyleOptionProgressBar):
        return
    box = QRectF(option.rect)
    span = max(1, option.maximum - option.minimum)
    part = min(1.0, max(0.0, (option.progress - option.minimum) / span))
    origin = QPointF(box.left(), round(box.center().y()) - 2)
    painter.fillRect(QRectF(origin.x(), origin.y(), box.width() * part, 4), colour("accent"))


def _scroll_part(option: QStyleOptionSlider, sub: QStyle.SubControl) -> QRect:
    rect = option.rect
    upright = option.orientation == Qt.Orientation.Vertical
    length = rect.height() if upright else rect.width()
    span = max(0, option.maximum - option.minimum)
    handle = length
    if span:
        handle = min(length, max(px(32), length * option.pageStep // max(1, span + option.pageStep)))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - handle, option.upsideDown
    )
    parts = {
        QStyle.SubControl.SC_ScrollBarGroove: (0, length),
        QStyle.SubControl.SC_ScrollBarSlider: (start, handle),
        QStyle.SubControl.SC_ScrollBarSubPage: (0, start),
        QStyle.SubControl.SC_ScrollBarAddPage: (start + handle, length - start - handle),
    }
    if sub not in parts:
        return QRect()
    first, extent = parts[sub]
    if upright:
        return QRect(rect.x(), rect.y() + first, rect.width(), extent)
    return QRect(rect.x() + first, rect.y(), extent, rect.height())
