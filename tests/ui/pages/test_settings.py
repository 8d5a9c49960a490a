"""Settings as somebody uses them: what is written down, who is told, what may run by itself, backups."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.analytics.settings_page import Written
from app.domain import forms
from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from app.restore_test import Restored
from tests.ui.rooms import serve
from ui.pages.settings import page
from ui.pages.settings.prices import RateRow, rate_columns


@pytest.fixture
def decimal_comma() -> Iterator[None]:
    """Numbers as most of Europe writes them."""
    forms.use_forms(".", ",")
    yield
    forms.use_forms(",", ".")


def kept(stage: Any) -> list[Any]:
    """What was wished of the core."""
    return [intent for intent, _ in stage.bridge.intents]


def test_a_part_is_one_click_or_one_command_away(open_page: Any) -> None:
    stage = open_page("settings", argument="recovery")
    stage.settle()
    assert stage.page.area.verticalScrollBar().value() == stage.page.recovery.y() > 0
    titles = [hit.title for hit in stage.page.hits("")]
    assert "Settings: Automatic recovery" in titles


def test_a_search_finds_tables_by_what_they_are_about(open_page: Any) -> None:
    stage = open_page("settings")
    stage.page._search("telegram")
    assert "Ways to be told" in stage.texts()
    assert "Quiet hours" not in stage.texts()


def test_the_price_that_holds_is_told_from_those_to_come_and_gone(open_page: Any) -> None:
    stage = open_page("settings")
    rows = stage.page.prices.lists["price"].model.rows
    assert [(r.written.entry, r.holds) for r in rows] == [
        ("next", "later"),
        ("all", "now"),
        ("before", "before"),
    ]


def test_prices_are_listed_as_they_are_written_everywhere_else(decimal_comma: None) -> None:
    """With a decimal point they stood between commas, and without a sign beside those with one."""
    price, besides = rate_columns(ZoneInfo("Europe/Amsterdam"))[3:5]
    body = {"per_kwh": "0.4900", "per_minute": "0.10", "tax_percent": "8.1", "currency": "EUR"}
    row = RateRow(Written("price", "all", body, "ann", 0), "now", 0)
    assert (price.cell(row).text, besides.cell(row).text) == ("€0,4900", "€0,10/min, 8,1% tax")
    none = replace(row, written=replace(row.written, body={"per_kwh": "much"}))
    assert (price.cell(none).text, besides.cell(none).text) == ("–", "–")


def test_a_price_is_added_from_a_day_on_and_never_twice(open_page: Any) -> None:
    stage = open_page("settings")
    sheet = stage.page.prices.ask("price", None)
    sheet.edit("site").setText("Venlo Blerick")
    sheet.edit("per_kwh").setText("0.45")
    sheet.edit("from").setText("2026-11-01")
    sheet.edit("bands").setText("20:00-06:00 0.35")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert (entry.kind, entry.entry) == ("price", "Venlo Blerick-2026-11-01")
    assert entry.body["bands"] == [{"from": "20:00", "to": "06:00", "per_kwh": "0.35"}]
    sheet = stage.page.prices.ask("price", None)
    sheet.edit("site").setText("Nowhere")
    sheet.edit("per_kwh").setText("0.45")
    stage.click(sheet.confirm)
    assert "There is no site Nowhere." in stage.texts(sheet)


def test_taking_a_price_back_can_be_undone(open_page: Any) -> None:
    stage = open_page("settings")
    table = stage.page.prices.lists["price"]
    table.table.go_to("next")
    stage.page.prices._take_back("price")
    assert kept(stage) == [RemoveEntry("price", "next")]
    stage.undos[-1]()
    assert kept(stage)[-1].body["per_kwh"] == "0.62"


def test_a_site_gets_its_zone_and_hours(open_page: Any) -> None:
    stage = open_page("settings")
    sheet = stage.page.sites.ask("Venlo Blerick")
    assert sheet.edit("hours").text() == "mon-fri 06:00-22:00"
    sheet.edit("zone").setText("Europe/Nowhere")
    stage.click(sheet.confirm)
    assert "No zone has this name" in stage.texts(sheet)
    sheet.edit("zone").setText("Europe/Brussels")
    sheet.edit("holidays").setText("2026-12-25")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert (entry.body["zone"], entry.body["holidays"], entry.body["host"]) == (
        "Europe/Brussels", ["2026-12-25"], "Van Dijk",
    )  # fmt: skip


def test_a_way_that_fails_says_so_and_is_tested_at_a_click(open_page: Any) -> None:
    stage = open_page("settings")
    panel = stage.page.notifications
    cells = [panel.channels.model.cell(row, 1).text for row in range(4)]
    assert cells[2] == "failed 13:32: the server refuses the password"
    assert "1 not delivered" in panel.lately.meaning.text()
    asked: list[str] = []

    async def test(name: str) -> str:
        asked.append(name)
        return "the server refuses the password"

    post = SimpleNamespace(test=test, names=("desktop", "tray", "mail"), health={}, sent=[])
    serve(stage.bridge, SimpleNamespace(post=post))
    panel.channels.table.go_to("mail")
    stage.click(panel.test)
    assert asked == ["mail"]
    assert stage.toasts[-1] == "The test by mail failed: the server refuses the password."


def test_a_new_way_is_kept_by_the_core_and_its_address_never_shown(open_page: Any) -> None:
    stage = open_page("settings")
    given: list[tuple[str, str]] = []

    async def set_channel(name: str, address: str) -> str:
        given.append((name, address))
        if not address.startswith("ntfys"):
            raise ForecourtError("This address is not understood.")
        return "ntfy"

    post = SimpleNamespace(set_channel=set_channel, names=("desktop", "tray"), health={}, sent=[])
    serve(stage.bridge, SimpleNamespace(post=post))
    sheet = stage.page.notifications.ask_way()
    sheet.edit("name").setText("night")
    sheet.edit("address").setText("what://x")
    stage.click(sheet.confirm)
    assert "not understood" in stage.texts(sheet)
    sheet.edit("address").setText("ntfys://secret-topic")
    stage.click(sheet.confirm)
    assert given[-1] == ("night", "ntfys://secret-topic")
    assert "secret-topic" not in stage.texts()


def test_a_rule_says_who_is_told_what_and_when(open_page: Any) -> None:
    stage = open_page("settings")
    sheet = stage.page.notifications.ask_rule(None)
    sheet.name.setText("Owner")
    stage.click(sheet.confirm)
    assert "at least one way" in stage.texts(sheet)
    sheet.channels["phone"].setChecked(True)
    sheet.least.setText("5")
    sheet.quiet.setText("22:00-06:00")
    sheet.digest.setText("60")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert entry.kind == "notify-rule"
    told = {key: entry.body[key] for key in ("channels", "min_per_hour", "quiet", "digest_min", "off")}
    assert told == {
        "channels": ["phone"], "min_per_hour": "5", "quiet": [1320, 360], "digest_min": 60, "off": False,
    }  # fmt: skip


def test_the_kill_switch_keeps_what_else_was_set(open_page: Any) -> None:
    stage = open_page("settings")
    stage.click(stage.page.recovery.kill)
    assert kept(stage) == [SaveEntry("recovery", "all", {"quiet": [1320, 360], "killed": True})]


def test_a_playbook_is_switched_for_a_site_with_its_success_beside_it(open_page: Any) -> None:
    stage = open_page("settings")
    panel = stage.page.recovery
    row = panel.books.model.rows[0]
    assert (row.everywhere, row.share.k, row.share.n) == (True, 19, 31)
    sheet = panel.ask("connector-lock")
    assert sheet.boxes[""].isChecked()
    sheet.boxes["Venlo Blerick"].click()
    body = {"playbook": "connector-lock", "site": "Venlo Blerick", "automatic": False}
    assert kept(stage) == [SaveEntry("playbook", "connector-lock@Venlo Blerick", body)]


def test_a_restore_test_says_what_came_back(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_page("settings")
    found = Restored(Path("daily-2026-10-15.db"), 184_000_000, 48, 31_000, 1_792_000_000_000)
    monkeypatch.setattr(page, "restore_newest", lambda _folder: found)
    stage.page.test_restore()
    assert "daily-2026-10-15.db (184.0 MB) came back whole" in stage.page._restored.meaning.text()

    def none(_folder: Path) -> Restored:
        raise ForecourtError("There is no backup to test yet. Take one first.")

    monkeypatch.setattr(page, "restore_newest", none)
    stage.page.test_restore()
    assert stage.toasts[-1] == "There is no backup to test yet. Take one first."
    assert stage.page.restore_button.isEnabled()


def test_the_time_zone_is_checked_before_it_is_kept(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_page("settings")
    given: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        stage.workspace, "set_setting",
        lambda name, value, done=None, failed=None: (given.append((name, value)), done(None)),
    )  # fmt: skip
    sheet = stage.page.language.ask_zone()
    sheet.edit("zone").setText("Berlin")
    stage.click(sheet.confirm)
    assert not given
    sheet.edit("zone").setText("Europe/Berlin")
    stage.click(sheet.confirm)
    assert given == [("zone", "Europe/Berlin")]
