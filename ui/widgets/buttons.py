"""Buttons of the design: secondary, primary, quiet, warning, and those with only an icon."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import px, radius, size
from ui.widgets.painting import CENTRE, draw_key, draw_text, fill_round, width_of

KINDS = ("secondary", "primary", "quiet", "warning", "link")


class Button(QAbstractButton):
    """A button with a word, an icon before it and a key cap after it.

    Args:
        text: what it does, as a verb.
        kind: secondary, primary (one a panel), quiet (no box until hovered), warning (cuts something), link.
        icon: a Lucide name or "".
        keys: the key that does the same, shown as a cap.
    """

    def __init__(
        self,
        text: str,
        kind: str = "secondary",
        icon: str = "",
        keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self.icon_name, self.keys = kind, icon, keys
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_text(self, text: str) -> None:
        """Say something else; the accessible name follows."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        pad = 0 if self.kind == "link" else px(12)
        wide = 2 * pad + width_of(self.text(), "small", 500)
        if self.icon_name:
            wide += px(16) + px(8 if self.text() else 0)
        if self.keys:
            wide += max(18.0, width_of(self.keys, "caption") + 10) + px(8)
        return QSize(round(wide + 0.49), size("minTarget") if self.kind == "link" else size("button"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        ink = self._box(painter, box)
        pad = 0.0 if self.kind == "link" else float(px(12))
        x = pad
        if self.icon_name:
            side = px(16)
            paint_icon(painter, x, (box.height() - side) / 2, self.icon_name, side, ink)
            x += side + px(8)
        right = box.right() - pad
        if self.keys:
            edge = "onAccentFill" if self.kind == "primary" else "line2"
            cap_ink = "onAccentFill" if self.kind == "primary" else "text2"
            if not self.isEnabled():
                edge, cap_ink = "line1", "textDisabled"
            right = draw_key(painter, right + px(2), box.center().y(), self.keys, cap_ink, edge) - px(6)
        draw_text(painter, QRectF(x, 0, right - x, box.height()), self.text(), "small", ink, weight=500)
        painter.end()

    def _box(self, painter: QPainter, box: QRectF) -> str:
        corner = radius("control")
        if not self.isEnabled():
            if self.kind in ("secondary", "primary", "warning"):
                fill_round(painter, box, corner, "surface1", "line1")
            return "textDisabled"
        hovered, down = self.underMouse(), self.isDown() or self.isChecked()
        match self.kind:
            case "primary":
                fill_round(painter, box, corner, "accentFill")
                if down or hovered:
                    painter.setOpacity(0.16 if down else 0.08)
                    fill_round(painter, box, corner, "onAccentFill")
                    painter.setOpacity(1)
                return "onAccentFill"
            case "link":
                return "accent"
            case "quiet":
                if down or hovered:
                    fill_round(painter, box, corner, "surface3" if down else "surface2")
                return "text1" if hovered or down else "text2"
        edge = "offline" if self.kind == "warning" else "lineControl" if hovered else "line2"
        fill_round(painter, box, corner, "surface3" if down else "surface2", edge)
        return "text1"

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)


class IconButton(Button):
    """A square button with only an icon; `name` is its tooltip and accessible name."""

    def __init__(self, icon: str, name: str, kind: str = "quiet", parent: QWidget | None = None) -> None:
        super().__init__("", kind, icon, parent=parent)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """What it does, for the tooltip and for a screen reader."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self.icon_name = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(size("button"), size("button"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        ink = self._box(painter, box)
        side = px(16)
        paint_icon(painter, (box.width() - side) / 2, (box.height() - side) / 2, self.icon_name, side, ink)
        painter.end()


class MenuButton(QAbstractButton):
    """A filter chip: a label, the value in force, and a menu of choices."""

    chosen = Signal(object)

    def __init__(self, label: str, value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._value = label, value
        self._choices: list[tuple[object, str]] = []
        self._key: object = None
        self._menu: QMenu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.open_menu)
        self._name()

    @property
    def value(self) -> object:
        """The key of the choice in force."""
        return self._key

    def set_value(self, text: str) -> None:
        """Show `text` as the value."""
        self._value = text
        self._name()
        self.updateGeometry()
        self.update()

    def set_choices(self, choices: Sequence[tuple[object, str]], key: object = None) -> None:
        """Offer (key, text) pairs; `key` is in force, or stays if it is still offered."""
        self._choices = list(choices)
        keys = [known for known, _ in choices]
        wanted = key if key is not None else self._key
        self._key = wanted if wanted in keys else (keys[0] if keys else None)
        self.set_value(next((text for known, text in choices if known == self._key), self._value))

    def choose(self, key: object) -> None:
        """Take a choice, as if a person had; tells `chosen`."""
        self._key = key
        self.set_value(next((text for known, text in self._choices if known == key), self._value))
        self.chosen.emit(key)

    def open_menu(self) -> None:
        """Open the list of choices below the button."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for key, text in self._choices:
            action = QAction(text.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(key == self._key)
            action.triggered.connect(lambda _=False, key=key: self.choose(key))
            group.addAction(action)
            menu.addAction(action)
        menu.setMinimumWidth(self.width())
        menu.aboutToHide.connect(menu.deleteLater)
        self._menu = menu
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _name(self) -> None:
        self.setAccessibleName(f"{self._label} {self._value}".strip())

    def sizeHint(self) -> QSize:
        wide = 2 * px(10) + px(12) + px(8) + width_of(self._value, "small", 600)
        if self._label:
            wide += width_of(self._label, "small") + px(7)
        return QSize(round(wide + 0.49), size("button"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        edge = "lineControl" if self.underMouse() else "line2"
        fill_round(painter, box, radius("control"), "surface3" if self.isDown() else "surface2", edge)
        x = float(px(10))
        line = QRectF(x, 0, box.width() - x - px(10) - px(16), box.height())
        if self._label:
            x += draw_text(painter, line, self._label, "small", "text3") + px(7)
            line.setLeft(x)
        draw_text(painter, line, self._value, "small", "text1", weight=600)
        side = px(12)
        paint_icon(
            painter, box.right() - px(10) - side, (box.height() - side) / 2, "chevron-down", side, "text2"
        )
        painter.end()


class Badge(QWidget):
    """A count in a small pill, beside a word or over an icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._fill, self._ink = "", "surface3", "text1"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_count(self, count: int, fill: str = "surface3", ink: str = "text1") -> None:
        """Show a count; none for zero."""
        self._text, self._fill, self._ink = (f"{count}" if count < 100 else "99+"), fill, ink
        self.setVisible(count > 0)
        self.adjustSize()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(px(16), round(width_of(self._text, "caption", 600)) + px(8)), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill_round(painter, box, box.height() / 2, self._fill)
        draw_text(painter, box, self._text, "caption", self._ink, CENTRE, weight=600, elide=False)
        painter.end()
