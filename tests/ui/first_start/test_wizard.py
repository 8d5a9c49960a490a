"""The first start: three steps, each kept, everything skippable; shown on an empty data directory only."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.domain.intents import SaveEntry
from app.fleet.views import Changes
from app.onboarding.interfaces import Reach
from app.onboarding.remedies import Remedy
from app.onboarding.self_check import Check, Report, State
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from ui import preferences
from ui.first_start.offer import DONE, is_first, offer
from ui.first_start.wizard import FirstStart
from ui.shell.page import Workspace
from ui.theme.apply import apply
from ui.theme.theme import theme

GOOD = Check("clock", State.PASSED, "Clock is right", "Kept by NTP.")
OPEN = Check(
    "network", State.SETTLE, "Only this machine can call", "It listens on the loopback address.",
    Remedy("listen-network", "Listen on the network"),
)  # fmt: skip
STOP = Check("listens", State.BLOCKED, "The server does not listen", "No station can call it now.")
URLS = ("ws://192.168.40.12:9220/",)


def report(*checks: Check) -> Report:
    """What the machine finds of itself."""
    return Report(checks, URLS, (Reach("192.168.40.12", "Ethernet (eth0)"),))


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, monkeypatch: Any) -> Iterator[SimpleNamespace]:
    """A window with nothing in it, over which the first start opens."""
    preferences.use(preferences.Preferences())
    theme().choose("light")
    apply(qapp)
    told = SimpleNamespace(report=report(OPEN, GOOD))
    monkeypatch.setattr("ui.widgets.machine_checks.look", lambda *_: told.report)
    host = QWidget()
    host.resize(1440, 900)
    qtbot.addWidget(host)
    host.show()
    bridge = FakeBridge(picture(0))
    bridge.answers["first-start"] = True
    workspace = Workspace(bridge, ManualClock(NOW_MS), ZoneInfo("Europe/Amsterdam"), host)
    told.kept = []
    workspace.set_setting = lambda name, value, done=None, failed=None: told.kept.append((name, value))  # type: ignore[method-assign]
    told.went = []
    workspace.go_asked.connect(lambda route, _argument: told.went.append(route))
    told.host, told.bridge, told.workspace = host, bridge, workspace
    offer(workspace, host)
    told.wizard = host.findChild(FirstStart)
    yield told
    theme().choose("dark")


def test_three_steps_lead_to_the_first_charger(stage: SimpleNamespace) -> None:
    """Organisation and currency are kept as an entry, the checks run by themselves, then Onboarding."""
    wizard = stage.wizard
    assert wizard.isVisible()
    wizard.organisation.name.setText("Rijnmaas Laden")
    wizard.organisation.currency.setText("eur")
    wizard.forward()
    intent = stage.bridge.intents[-1][0]
    assert isinstance(intent, SaveEntry)
    assert (intent.kind, intent.entry) == ("organisation", "own")
    assert (intent.body["name"], intent.body["currency"]) == ("Rijnmaas Laden", "EUR")
    assert wizard.place == 1
    assert wizard.reach.checks.counts.text() == "1 passed, 1 to settle"
    assert "192.168.40.12" in wizard.reach.told() or wizard.reach.told() == "Same network"
    wizard.forward()
    assert wizard.place == 2
    wizard.forward()
    assert stage.went == ["onboarding"]
    assert preferences.preferences().get(DONE) is True


def test_an_address_that_no_charger_reaches_is_told_as_such(stage: SimpleNamespace) -> None:
    """The code of ws://127.0.0.1 was offered to a charger that stands here."""
    first = stage.wizard.first
    stage.wizard.go(2)
    first.know("ws://127.0.0.1:9220/")
    assert first.local.isVisibleTo(stage.wizard)
    first.know("ws://192.168.40.12:9220/")
    assert not first.local.isVisibleTo(stage.wizard)


def test_only_a_real_block_stands_in_the_way(stage: SimpleNamespace) -> None:
    """Open points can wait; a server that does not listen cannot."""
    wizard = stage.wizard
    wizard.go(1)
    assert wizard.go_on.isEnabled()
    stage.report = report(STOP, GOOD)
    wizard.reach.look()
    assert not wizard.go_on.isEnabled()
    stage.report = report(GOOD)
    wizard.reach.look()
    assert wizard.go_on.isEnabled()


def test_what_cannot_be_is_told_beside_the_field(stage: SimpleNamespace) -> None:
    """A currency of two letters, a zone that does not exist."""
    step = stage.wizard.organisation
    step.currency.setText("EU")
    assert not stage.wizard.go_on.isEnabled()
    assert "three letters" in step.wrong.text()
    step.currency.setText("ERU")
    assert step.wrong.text() == "There is no currency ERU; write its three letters, as EUR or GBP."
    step.currency.setText("EUR")
    step.zone.setText("Europe/Nowhere")
    assert "no such time zone" in step.wrong.text()
    step.zone.setText("Europe/Berlin")
    assert stage.wizard.go_on.isEnabled()
    stage.wizard.forward()
    assert ("zone", "Europe/Berlin") in stage.kept


def test_the_way_stations_come_decides_what_is_checked(stage: SimpleNamespace) -> None:
    """Choosing the internet looks again, for the internet."""
    stage.wizard.go(1)
    stage.wizard.reach.choose("internet")
    assert stage.wizard.reach.checks.way == "internet"
    assert "Internet" in stage.wizard.reach.picture.accessibleName()


def test_it_can_be_skipped_and_does_not_come_again(stage: SimpleNamespace) -> None:
    """Skipped once is skipped; a window with stations, or the demo, never shows it."""
    stage.wizard.skip.click()
    assert stage.went == ["overview"]
    before = len(stage.bridge.runs)
    offer(stage.workspace, stage.host)
    assert len(stage.bridge.runs) == before
    preferences.use(preferences.Preferences())
    shown = picture(0)
    stage.bridge.picture = replace(shown, server=replace(shown.server, demo=True))
    offer(stage.workspace, stage.host)
    assert len(stage.bridge.runs) == before


def test_first_means_no_station_and_no_organisation() -> None:
    """Asked in the core."""

    def room(own: Any, stations: Any) -> Any:
        return SimpleNamespace(
            entries=SimpleNamespace(body=lambda kind, entry: own),
            fleet=SimpleNamespace(snapshot=lambda: SimpleNamespace(stations=stations)),
        )

    assert asyncio.run(is_first(room(None, {})))
    assert not asyncio.run(is_first(room({"name": "x"}, {})))
    assert not asyncio.run(is_first(room(None, {"A": 1})))


def test_the_keyboard_stays_inside_and_leads_through(stage: SimpleNamespace, qtbot: QtBot) -> None:
    """Tab goes round within the step; Space chooses a card; Enter goes on."""
    wizard = stage.wizard
    stage.host.activateWindow()
    wizard.go(2)
    for _ in range(12):
        wizard.focusNextPrevChild(True)
        focus = QApplication.focusWidget()
        assert focus is None or wizard.isAncestorOf(focus)
    qtbot.keyClick(wizard.first.cards[1], Qt.Key.Key_Space)
    assert wizard.first.first == "simulated"
    assert wizard.go_on.text() == "Start it"
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    assert stage.went == ["onboarding"]


def test_it_fits_a_laptop(stage: SimpleNamespace) -> None:
    """1280x720, each step."""
    stage.host.resize(1280, 720)
    for place in range(3):
        stage.wizard.go(place)
        assert stage.wizard.minimumSizeHint().width() <= 1280
        assert stage.wizard.minimumSizeHint().height() <= 720
        assert not stage.host.grab().isNull()


def test_the_checks_are_done_again_once_stations_call_another_address(stage: SimpleNamespace) -> None:
    """After "Listen on the network" the list still said that only this machine can call."""
    wizard = stage.wizard
    wizard.go(1)
    stage.report = report(GOOD)
    assert wizard.reach.checks.counts.text() == "1 passed, 1 to settle"
    now = stage.bridge.picture.server
    stage.bridge.feed(Changes(server=replace(now, messages_per_minute=7)))
    assert wizard.reach.checks.counts.text() == "1 passed, 1 to settle"
    stage.bridge.feed(Changes(server=replace(now, urls=("ws://0.0.0.0:9220/",))))
    assert wizard.reach.checks.counts.text() == "1 passed, 0 to settle"
