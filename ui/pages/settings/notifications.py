"""Settings: ways to be told, who is told what, and what was told lately, failures first of all."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.settings_page import SettingsView
from app.notify.channels import Health
from app.notify.post import Sent
from app.notify.rules import OWN_CHANNELS
from ui.models.cells import Cell, Column, Tone
from ui.pages.settings.form import SettingsPanel
from ui.pages.settings.parts import ShortTable, keep, span_text, take_back
from ui.pages.settings.rule_sheet import RuleSheet
from ui.shell.page import Workspace
from ui.theme.formats import UNKNOWN, WIDEST_DAY, count, duration, stamp, when
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.buttons import Button

OWN_WORDS = {"desktop": "A message in this window", "tray": "A message of the desktop"}
LATELY = 50


@dataclass(frozen=True, slots=True)
class Ways:
    """What the core tells of channels: their names, how they do, and what was told lately."""

    names: tuple[str, ...] = OWN_CHANNELS
    health: tuple[tuple[str, Health], ...] = ()
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class WayRow:
    """A channel as its line shows it."""

    name: str
    health: Health | None
    now_ms: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it was written."""

    entry: str
    body: Any


class NotificationsPanel(SettingsPanel):
    """Channels with a test each, rules, and the list of what was told."""

    def __init__(self, workspace: Workspace, again: Callable[[], None]) -> None:
        super().__init__("Notifications")
        self._workspace, self._again = workspace, again
        self._view, self.ways = SettingsView({}, ()), Ways()
        self.test = Button("Test", icon="send")
        self.add_way = Button("Add…", icon="plus")
        self.remove = Button("Remove", "quiet")
        self.channels = ShortTable(
            "Ways to be told",
            "E-mail, chat and push services by their address. An address is a secret: it is kept in a file "
            "only you can read, never in history.",
            way_columns(workspace.zone), lambda r: r.name, (self.add_way,),
            (self.remove, self.test),
        )  # fmt: skip
        self.add_rule = Button("Add…", icon="plus")
        self.back = Button("Take back", "quiet")
        self.rules = ShortTable(
            "Who is told what",
            "Each fault is told once to each rule, never again while it stands; more than a few at once come "
            "as one message. Safety faults pass quiet hours.",
            rule_columns(), lambda r: r.entry, (self.add_rule,), (self.back,), 44,
        )  # fmt: skip
        self.lately = ShortTable(
            "Told lately", "Nothing was told since the start.", sent_columns(workspace.zone),
            lambda r: (r.at_ms, r.channel, r.title, r.tries), (),
        )  # fmt: skip
        words = "notifications channels e-mail chat push desktop tray test address telegram slack ntfy"
        self.add_wide(self.channels, words)
        self.add_wide(self.rules, "notification rules who when quiet hours digest priority euro per hour")
        self.add_wide(self.lately, "told sent failed notification history")
        self.test.clicked.connect(self.ask_test)
        self.add_way.clicked.connect(self.ask_way)
        self.remove.clicked.connect(self._remove)
        self.add_rule.clicked.connect(lambda: self.ask_rule(None))
        self.back.clicked.connect(self._take_back)
        self.rules.table.opened.connect(self.ask_rule)
        self.show_ways(Ways())

    def show_view(self, view: SettingsView) -> None:
        """The rules that stand."""
        self._view = view
        self.rules.show_rows([RuleRow(one.entry, one.body) for one in view.of("notify-rule")])

    def ask_ways(self) -> None:
        """Read channels and what was told from the core."""
        self._workspace.bridge.run(
            ways, done=self._know, failed=lambda _sentence: None, key="settings/channels"
        )

    def _know(self, told: Ways | None) -> None:
        if told is not None:
            self.show_ways(told)

    def show_ways(self, told: Ways) -> None:
        """Channels and what was told."""
        self.ways = told
        now, health = self._workspace.now_ms(), dict(told.health)
        self.channels.show_rows([WayRow(name, health.get(name), now) for name in told.names])
        if not self.channels.table.currentIndex().isValid():
            self.channels.table.step(0)
        self.lately.show_rows(tuple(reversed(told.sent))[:LATELY])
        failed = sum(bool(one.cause) for one in told.sent)
        words = f"{count(len(told.sent), 'message')} since the start"
        if told.sent:
            self.lately.meaning.setText(f"{words}, {failed} not delivered." if failed else f"{words}.")

    def ask_test(self) -> None:
        """Send a test by the current channel now, and say how it went."""
        row = self.channels.current()
        if row is None:
            self._workspace.toast("Choose a way to test.")
            return

        def told(cause: str | None) -> None:
            self._workspace.toast(
                f"The test by {row.name} failed: {cause}." if cause else f"The test by {row.name} went out."
            )
            self.ask_ways()

        self._workspace.toast(f"Testing {row.name}…")
        self._workspace.bridge.run(
            lambda room: room.post.test(row.name), done=told, failed=self._workspace.toast
        )

    def ask_way(self) -> AskSheet:
        """Ask for a channel's name and address."""
        fields = (
            Field("name", "Name", placeholder="phone", check=lambda t: "" if t else "Give it a name."),
            Field("address", "Address", placeholder="mailtos://user:password@example.org", secret=True,
                  check=lambda t: "" if t else "Enter the service's address."),
        )  # fmt: skip

        def submit(values: Any, done: Any, failed: Any) -> None:
            def kept(service: Any) -> None:
                self.ask_ways()
                self._workspace.toast(f"{values['name']} sends by {service or 'its service'}. Test it now.")
                done(True)

            self._workspace.bridge.run(
                lambda room: room.post.set_channel(values["name"], values["address"]),
                done=kept,
                failed=failed,
            )

        text = (
            "Addresses are those of the apprise library: mailtos:// for e-mail, ntfys:// for ntfy, "
            "tgram:// for Telegram, slack://, msteams://, pover:// and many more."
        )
        host = self._workspace.sheet_host or self.window()
        sheet = AskSheet(host, "A way to be told", "", text, "Keep", submit, fields)
        sheet.open()
        return sheet

    def _remove(self) -> None:
        row = self.channels.current()
        if row is None or row.name in OWN_CHANNELS:
            self._workspace.toast("The window's own ways stay; choose another to remove.")
            return

        def gone(_result: Any) -> None:
            self._workspace.toast(f"{row.name} is removed; rules that named it reach nobody by it.")
            self.ask_ways()

        self._workspace.bridge.run(
            lambda room: room.post.set_channel(row.name, ""), done=gone, failed=self._workspace.toast
        )

    def ask_rule(self, entry: str | None) -> RuleSheet:
        """Ask for a rule."""
        body = dict(self._view.body("notify-rule", entry)) if entry else {}
        name = entry or f"rule-{self._workspace.now_ms()}"
        currency = str(self._view.body("organisation", "own").get("currency") or "EUR")

        def submit(told: Any, done: Any, failed: Any) -> None:
            keep(self._workspace, "notify-rule", name, told, self._again, done, failed)

        sheet = RuleSheet(
            self._workspace.sheet_host or self.window(), body, self.ways.names, self._view.site_names,
            currency, submit,
        )  # fmt: skip
        sheet.open()
        return sheet

    def _take_back(self) -> None:
        row = self.rules.current()
        if row is None:
            self._workspace.toast("Choose the rule to take back.")
            return
        take_back(self._workspace, "notify-rule", row.entry, row.body, self._again)


async def ways(room: Any) -> Ways:
    """The channels as the core has them; the window's own where nothing runs."""
    post = getattr(room, "post", None)
    if post is None:
        return Ways()
    return Ways(tuple(post.names), tuple(sorted(post.health.items())), tuple(post.sent))


def way_columns(zone: ZoneInfo) -> list[Column[WayRow]]:
    """Name, what it is, how it does."""

    def doing(row: WayRow) -> Cell:
        health = row.health
        if row.name in OWN_CHANNELS:
            return Cell("while the window is open", tone=Tone.QUIET)
        if health is None or (health.worked_ms is None and health.failed_ms is None):
            return Cell("not used yet", tone=Tone.FAINT)
        if health.broken:
            at = when(health.failed_ms, row.now_ms, zone)
            return Cell(f"failed {at}: {health.cause}", strong=True, icon="triangle-alert")
        return Cell(f"worked {when(health.worked_ms, row.now_ms, zone)}", icon="check")

    return [
        Column("name", "Name", lambda r: Cell(r.name, strong=True, more=OWN_WORDS.get(r.name, "")),
               "desktop A message in this window", fixed=True),
        Column("doing", "How it does", doing, "failed 14:32: the service did", stretch=True, fixed=True),
    ]  # fmt: skip


def rule_columns() -> list[Column[RuleRow]]:
    """Name, for what, by what, when."""
    return [
        Column("name", "Rule", _rule_cell, "On call at night and at", stretch=True, fixed=True),
        Column("what", "Told of", _what_cell, "P1, P2 from 5.00 per hour", fixed=True),
        Column("ways", "By", _by_cell, "phone, desktop", yields=2),
        Column("when", "When", _when_cell, "one message each 24 h ab", yields=1),
    ]  # fmt: skip


def _rule_cell(row: RuleRow) -> Cell:
    off = bool(row.body.get("off"))
    sites = ", ".join(row.body.get("sites") or ()) or "every site"
    name, tone = str(row.body.get("name") or row.entry), Tone.FAINT if off else Tone.NORMAL
    return Cell(name, more="off" if off else "", below=sites, strong=not off, tone=tone)


def _by_cell(row: RuleRow) -> Cell:
    return Cell(", ".join(row.body.get("channels") or ()) or UNKNOWN, tone=Tone.QUIET)


def _what_cell(row: RuleRow) -> Cell:
    least = str(row.body.get("min_per_hour") or "0")
    dear = Decimal(least) > 0
    what = f"from {least} an hour" if dear else ", ".join(row.body.get("priorities") or ("P1", "P2", "P3"))
    also = [
        word for key, word in (("safety", "safety"), ("escalated", "nobody acted")) if row.body.get(key, True)
    ]
    return Cell(what, below=f"and {' and '.join(also)}" if also else "")


def _when_cell(row: RuleRow) -> Cell:
    quiet, digest = span_text(row.body.get("quiet")), int(row.body.get("digest_min") or 0)
    words = f"one message each {duration(digest * 60_000)}" if digest else "at once"
    return Cell(words, below=f"quiet {quiet}" if quiet else "at any hour")


def sent_columns(zone: ZoneInfo) -> list[Column[Sent]]:
    """When, by what, what, and whether it went."""
    return [
        Column("at", "At", lambda s: Cell(stamp(s.at_ms, zone)), f"{WIDEST_DAY} 2026 14:32:08", fixed=True),
        Column("by", "By", lambda s: Cell(s.channel), "phone or so", fixed=True),
        Column("title", "Message", lambda s: Cell(s.title), "Connector lock failure at", stretch=True,
               fixed=True),
        Column("went", "Outcome", _went_cell, "failed, try 3: the service", yields=1),
    ]  # fmt: skip


def _went_cell(row: Sent) -> Cell:
    if not row.cause:
        return Cell("went", tone=Tone.QUIET, icon="check")
    return Cell(f"failed, try {row.tries}: {row.cause}", strong=True, icon="triangle-alert")
