"""Title and context, tabs beside the title, the search box, chips and buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme.formats import count
from ui.theme.icons import paint_icon
from ui.theme.theme import px, radius, size, theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Label
from ui.widgets.painting import CENTRE, draw_key, draw_text, fill_round, hairline, ink_of, width_of
from ui.widgets.segments import StateChip, TabStrip


class SearchBox(QAbstractButton):
    """Looks like a field; opens the command palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Search or run a command")
        self.setToolTip("Search or run a command (Ctrl+K)")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        edge = "accent" if self.hasFocus() else "lineControl"
        fill_round(painter, box, radius("control"), "surface2", edge)
        middle = box.center().y()
        side = px(14)
        if box.width() < px(90):
            paint_icon(painter, (box.width() - side) / 2, middle - side / 2, "search", side, "text3")
            painter.end()
            return
        paint_icon(painter, px(12), middle - side / 2, "search", side, "text3")
        left = px(34)
        right = box.right() - px(7)
        if box.width() > px(200):
            right = draw_key(painter, right, middle, "Ctrl K") - px(6)
        room = QRectF(left, 0, right - left, box.height())
        whole = "Search or run a command"
        words = whole if room.width() > width_of(whole, "body") else "Search"
        draw_text(painter, room, words, "body", "text3")
        painter.end()


class DemoChip(QWidget):
    """Says on every page that what is shown is a demonstration."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Demo data")
        self.setToolTip("These stations are simulated. Your own data is kept elsewhere.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(round(width_of("Demo data", "small", 500)) + px(14), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), 4, None, "text2", dashed=True)
        draw_text(
            painter, QRectF(self.rect()), "Demo data", "small", "text1", CENTRE, weight=500, elide=False
        )
        painter.end()


class TopBar(QWidget):
    """The bar above the page."""

    search_asked = Signal()
    theme_asked = Signal()
    faults_asked = Signal()
    tab_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label("", "pageTitle")
        self._context = Label("", "body", "text3")
        self._tabs = TabStrip((), "Page", "topBar", 24)
        self._tabs.chosen.connect(self.tab_chosen)
        self.search = SearchBox(self)
        self.search.clicked.connect(self.search_asked)
        self.demo = DemoChip()
        self.faults = StateChip()
        self.faults.hide()
        self.faults.clicked.connect(self.faults_asked)
        self._theme = IconButton("sun", "Light theme")
        self._theme.clicked.connect(self.theme_asked)
        self._left = QWidget(self)
        left = QHBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._title)
        left.addSpacing(px(11))
        left.addWidget(self._context)
        left.addSpacing(px(4))
        left.addWidget(self._tabs)
        left.addStretch(1)
        self._right = QWidget(self)
        self._row = QHBoxLayout(self._right)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.faults)
        self._row.addWidget(self.demo)
        self._row.addWidget(self._theme)
        self._actions: list[QWidget] = []
        self.rescale()
        theme().changed.connect(self._show_theme)
        self._show_theme()

    def rescale(self) -> None:
        """Take the height of the scale in force."""
        self.setFixedHeight(size("topBar"))

    def show_title(self, title: str, context: str) -> None:
        """Name the page and say of what."""
        self._title.setText(title)
        self._context.setText(context)
        self._context.setVisible(bool(context))
        self._arrange()

    def show_tabs(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Tabs beside the title; none for one page or for a page opened from another."""
        self._tabs.set_choices(choices)
        self._tabs.choose(chosen)
        self._tabs.setVisible(len(choices) > 1 and chosen in dict(choices))
        self._arrange()

    def set_tab_text(self, route: str, text: str) -> None:
        """A count beside a tab's word."""
        self._tabs.set_text(route, text)
        self._arrange()

    def show_actions(self, actions: Sequence[QWidget]) -> None:
        """The page's own buttons, before the theme's."""
        for old in self._actions:
            self._row.removeWidget(old)
            old.hide()
        self._actions = list(actions)
        for place, widget in enumerate(self._actions):
            self._row.insertWidget(place, widget)
            widget.show()
        self._arrange()

    def show_faults(self, new: int) -> None:
        """How many faults nobody has seen; no chip for none."""
        if bool(new) != self.faults.isVisibleTo(self) or new:
            self.faults.show_state(Shown.FAULTED, f"{count(new, 'new fault')}")
        self.faults.setVisible(bool(new))
        self._arrange()

    def show_demo(self, demo: bool) -> None:
        """Show or hide the chip."""
        self.demo.setVisible(demo)
        self._arrange()

    def _show_theme(self) -> None:
        self._theme.set_icon("sun" if theme().dark else "moon")
        self._theme.set_name("Light theme" if theme().dark else "Dark theme")

    def resizeEvent(self, event: object) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """The search box is centred where there is room, and gives way to both sides."""
        high, margin = self.height(), px(16)
        right = self._right.sizeHint().width()
        self._right.setGeometry(self.width() - margin - right, 0, right, high)
        left = self._left.sizeHint().width()
        room = self.width() - left - right - 2 * margin - px(32)
        wide = min(px(320), room) if room >= px(120) else px(36)
        x = (self.width() - wide) // 2
        x = max(x, margin + left + px(16))
        x = min(x, self.width() - margin - right - px(16) - wide)
        self.search.setGeometry(x, (high - px(32)) // 2, wide, px(32))
        self._left.setGeometry(margin, 0, max(px(60), x - margin - px(12)), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_of("bg"))
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()
