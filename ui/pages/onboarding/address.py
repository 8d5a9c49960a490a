"""The address to type into a charger, big enough to read across a room."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.fleet.views import ServerView
from app.onboarding.addresses import address_for, only_here, variants, with_hosts
from app.onboarding.vendors import Vendor, vendor_of, vendors
from ui.models.addresses import Reach, reach_words
from ui.models.door import choice_of
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.formats import count, duration
from ui.theme.theme import px, radius
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.facts import Fact, Facts
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.painting import LEFT, draw_with, fill_round
from ui.widgets.panel import Panel
from ui.widgets.touch import QrCode, TouchButton

IDENTITY = "IDENTITY"


class AddressBox(QWidget):
    """The address in mono; its last part, which differs per charger, in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base, self._end = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The whole address."""
        return self._base + self._end

    def show_address(self, base: str, end: str) -> None:
        """Show a listener's URL and what each charger puts behind it."""
        if (base, end) != (self._base, self._end):
            self._base, self._end = base, end
            self.setAccessibleName(f"Address to enter in the charger: {base}{end}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        wide = _mono().horizontalAdvance(self.text) if self.text else px(320)
        return QSize(round(wide) + px(32), px(38))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill_round(painter, box, radius("control"), "surface2", "lineControl")
        inside = box.adjusted(px(14), 0, -px(14), 0)
        font = _font()
        wide = draw_with(painter, inside, self._base, font, "text1", LEFT)
        inside.setLeft(inside.left() + wide)
        draw_with(painter, inside, self._end, font, "accent", LEFT)
        painter.end()


class AddressPanel(Panel):
    """Address with its code, the maker's words for its fields, other listeners, where the server listens."""

    change_asked = Signal()
    check_asked = Signal()
    print_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._urls: tuple[str, ...] = ()
        self._reaches: tuple[Reach, ...] = ()
        self._identity = ""
        self.code = QrCode(148)
        self.box = AddressBox()
        self.copy = TouchButton("Copy", icon="copy")
        self.copy.clicked.connect(self._copy)
        self.paper = TouchButton("Print sheet", icon="file-text")
        self.paper.clicked.connect(self.print_asked)
        self.which = MenuButton("Network", "")
        self.which.chosen.connect(lambda _key: self._show())
        self.maker = MenuButton("Charger", "")
        self.maker.set_choices([(place, vendor.name) for place, vendor in enumerate(vendors())])
        self.maker.chosen.connect(lambda _key: self._show())
        self.change = Button("Choose the address…", "link")
        self.change.clicked.connect(self.change_asked)
        self.check = Button("Test the network…", "link")
        self.check.clicked.connect(self.check_asked)
        self._help = Label("", "small", "text2", wrap=True)
        self._facts = Facts("small", 24)
        self._facts.setFixedWidth(min(340, px(290)))
        self._failure = Banner(Shown.FAULTED, "", parent=self)
        self._failure.hide()
        line = FlowLayout()
        for widget in (self.box, self.copy, self.paper):
            line.addWidget(widget)
        more = FlowLayout(gap=12)
        for part in (self.maker, self.which, self.change, self.check):
            more.addWidget(part)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(Label("Enter this address in the charger", "pageTitle"))
        left.addWidget(self._failure)
        left.addLayout(line)
        left.addWidget(self._help)
        left.addLayout(more)
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(24)
        row.addWidget(self.code, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(left, 1)
        row.addWidget(self._facts, 0, Qt.AlignmentFlag.AlignTop)
        self.body_layout.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def vendor(self) -> Vendor:
        """The maker whose words are shown."""
        place = self.maker.value
        return vendors()[place if isinstance(place, int) else 0]

    @property
    def url(self) -> str:
        """The listener in view, as a charger dials it."""
        return str(self.which.value or (self._urls[0] if self._urls else ""))

    @property
    def urls(self) -> tuple[str, ...]:
        """All listeners, as chargers dial them."""
        return self._urls

    @property
    def identity(self) -> str:
        """Whose address it is; "" for any charger."""
        return self._identity

    def know_addresses(self, reaches: tuple[Reach, ...] | None) -> None:
        """The networks of this machine, once they are known."""
        self._reaches = reaches or ()

    def point_at(self, identity: str, maker: str = "") -> None:
        """Show the address of this charger; "" for any. What it has told of its maker is taken."""
        self._identity = identity
        if maker:
            self.maker.choose(vendors().index(vendor_of(maker)))
        self._show()

    def show_server(self, server: ServerView, now_ms: int) -> None:
        """Where it listens now, or why it does not."""
        broken = server.state == "failed"
        self._failure.setVisible(broken)
        if broken:
            self._failure.show_notice(
                Shown.FAULTED,
                server.cause or "The server does not run.",
                "No charger can connect until then.",
            )
        self._urls = with_hosts(server.urls, tuple(reach.host for reach in self._reaches))
        self.which.setVisible(len(self._urls) > 1)
        self.which.set_choices([(url, self._word(url)) for url in self._urls])
        self._facts.show_facts(self._facts_of(server, now_ms))
        self._show()

    def _show(self) -> None:
        known = bool(self._urls)
        for widget in (self.box, self.copy, self.paper, self.maker):
            widget.setVisible(known)
        if not known:
            self.code.show_text("")
            self._help.setText("The server does not listen yet.")
            return
        vendor, end = self.vendor, self._identity or IDENTITY
        whole = address_for(self.url, self._identity)
        if vendor.form == "whole":
            self.box.show_address(address_for(self.url), end)
        else:
            self.box.show_address(vendor.address(self.url, ""), "")
        self.code.show_text(whole if vendor.form == "whole" else vendor.address(self.url, ""))
        self._help.setText(self._hint(vendor))
        self._help.setToolTip("\n".join(f"{use}: {text}" for use, text in variants(self.url, end)))

    def _hint(self, vendor: Vendor) -> str:
        if vendor is vendors()[0]:
            return (
                "OCPP 1.6J, 2.0.1 or 2.1. The last part is the charger's identity. If the charger adds it by "
                "itself, leave it out; a slash at the end does no harm."
            )
        fields = f"Address: {vendor.address_field}. Identity: {vendor.identity_field}. "
        fields += f"Password: {vendor.password_field}."
        return f"{vendor.where} {fields} {vendor.note} A hint; names differ by firmware.".replace("  ", " ")

    def _word(self, url: str) -> str:
        choice = choice_of(url)
        host = choice.host if choice is not None else url
        return f"{host}, {'TLS' if url.startswith('wss://') else 'plain'}"

    def _facts_of(self, server: ServerView, now_ms: int) -> tuple[Fact, ...]:
        ports = [(choice_of(url), url.startswith("wss://")) for url in server.urls]
        listening = ", ".join(f"{c.port} {'TLS' if tls else 'plain'}" for c, tls in ports if c is not None)
        reach = reach_words(server.urls[0], self._reaches) if server.urls else "–"
        local = only_here(server.urls[:1])
        since = duration(max(0, now_ms - server.started_ms)) if server.started_ms else "–"
        return (
            Fact("Listening on", listening or "nothing", shown=Shown.FAULTED if not listening else None),
            Fact("Reached by", reach, shown=Shown.DEGRADED if local else None),
            Fact("Listening for", since),
            Fact("Connected now", count(server.connected, "charger")),
        )

    def _copy(self) -> None:
        text = self.box.text.removesuffix(IDENTITY)
        QGuiApplication.clipboard().setText(text)
        self._workspace.toast(f"On the clipboard: {text}")


def _font() -> QFont:
    made = QFont(fonts.font("mono"))
    made.setPixelSize(px(16))
    return made


def _mono() -> QFontMetricsF:
    return QFontMetricsF(_font())
