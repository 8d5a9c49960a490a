"""Onboarding as a technician at the charger uses it: who called, what mends it, the commissioning, paper."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QGuiApplication

from app.domain.errors import ForecourtError
from app.onboarding.contact import Contact
from app.onboarding.remedies import Remedy
from app.onboarding.repairs import Mended
from app.onboarding.self_check import Check, Report, State
from app.onboarding.steps import KINDS, Run, RunState, Stand, Step
from app.onboarding.vendors import vendors
from tests.ui.pictures import NOW_MS, picture
from ui.pages.onboarding import papers
from ui.pages.onboarding.door_list import DoorRow
from ui.printing.files import write_pdf
from ui.widgets.machine_checks import MachineChecks, everywhere
from ui.widgets.touch import TouchButton

CONTACTS = (
    Contact(
        "UTM-02", "192.168.40.58", cause="Wrong password.", tries=31, refused=31, last_ms=NOW_MS - 9_000,
        sends_password=True,
    ),
    Contact(
        "", "192.168.40.64", cause="The station sent no identity: append it to the URL.", tries=6, refused=6,
        last_ms=NOW_MS - 22_000, path="/ocpp/",
    ),
    Contact(
        "", "192.168.40.70", cause="TLS failed: it does not trust the issuer of our certificate.", tries=3,
        refused=3, last_ms=NOW_MS - 60_000, tls=True,
    ),
    Contact(
        "ARN-04", "10.8.0.33", cause="The station offers only 'ocpp1.5'; Forecourt speaks ocpp1.6, ocpp2.0.1 "
        "and ocpp2.1.", tries=1, refused=1, last_ms=NOW_MS - 120_000, offered=("ocpp1.5",),
    ),
    Contact("UTM-01", "10.8.0.2", station="UTM-01", version="1.6", tries=1, last_ms=NOW_MS - 30_000),
)  # fmt: skip


def run_at(place: int, stand: Stand = Stand.RUNNING, state: RunState = RunState.RUNNING) -> Run:
    """A commissioning that stands at a step."""
    texts = (
        "192.168.40.57, TLS, OCPP 1.6", "Delfin NG9, firmware 6.5.1, serial P2249104", "3 s behind",
        "1 Available, 2 Available", "18 of 18 settings read back equal", "Session 48263, started from here",
        "0.31 kWh so far, 11.0 kW.", "3 readings of the 125 s without link arrived afterwards",
        "0.62 kWh, Remote", "Back after 48 s, 1 Available, 2 Available",
    )  # fmt: skip
    steps = []
    for number, (kind, text) in enumerate(zip(KINDS, texts, strict=True)):
        at = NOW_MS - (len(KINDS) - number) * 41_000
        if number < place:
            steps.append(Step(kind.key, Stand.PASSED, at, at, text))
        elif number == place:
            steps.append(Step(kind.key, stand, at, at if stand is Stand.FAILED else None, text))
        else:
            steps.append(Step(kind.key))
    return Run(
        "UTM-01", NOW_MS - 500_000, "anna", state=state, steps=tuple(steps), vendor="Delfin", model="NG9",
        serial="P2249104", firmware="6.5.1", protocol="1.6", session=48263, energy_wh=620,
    )  # fmt: skip


def opened(open_page: Any, *runs: Run, size: tuple[int, int] = (1352, 824), waiting: int = 1) -> Any:
    """The page with callers and commissionings."""
    stage = open_page("onboarding", picture(12, waiting=waiting), size=size)
    stage.bridge.answers["onboarding/look"] = (CONTACTS, runs, "Rijnmaas Laden")
    stage.settle()
    return stage


def rows(stage: Any) -> dict[str, DoorRow]:
    """The rows in view by what the charger calls itself, or its address."""
    found = [row for row in stage.page.door.findChildren(DoorRow) if row.isVisible()]
    return {row._told.identity or row._told.peer: row for row in found}


def test_every_caller_has_a_cause_and_the_remedy_that_fits(open_page: Any) -> None:
    """Wrong password, no identity, a certificate, another version: each named, with one button or none."""
    stage = opened(open_page)
    found = rows(stage)
    assert found["UTM-02"].remedy.text() == "Issue new password"
    assert found["UTM-02"].second.text() == "Use the one it sends"
    assert found["192.168.40.64"].remedy.text() == "Copy right address"
    assert found["192.168.40.70"].remedy.text() == "Save certificate"
    assert found["ARN-04"].remedy.text() == "Ignore"
    said = stage.texts(stage.page.door)
    assert "Speaks another version" in said
    assert "31 tries, 9 s ago" in said
    assert stage.titles[-1][1] == "5 chargers at the door"


def test_one_click_does_the_whole_repair_and_shows_the_password_once(open_page: Any) -> None:
    """The core mends it; a new password stands big in a sheet and goes to the clipboard."""
    stage = opened(open_page)
    stage.bridge.answers["onboarding/mend"] = Mended("UTM-02 has a new password.", "hj4kmn7pqrstuvwx")
    stage.click(rows(stage)["UTM-02"].remedy)
    sheet = stage.sheet()
    assert sheet.field.text() == "hj4kmn7pqrstuvwx"
    stage.click(stage.button("Copy", sheet))
    assert QGuiApplication.clipboard().text() == "hj4kmn7pqrstuvwx"


def test_a_remedy_that_lowers_a_guard_asks_first(open_page: Any) -> None:
    """Taking the password it sends says what that means; then it is done."""
    stage = opened(open_page)
    stage.bridge.answers["onboarding/mend"] = Mended("UTM-02 gets in with the password it sends.")
    stage.click(rows(stage)["UTM-02"].second)
    sheet = stage.sheet()
    assert "192.168.40.58" in stage.texts(sheet)
    stage.click(sheet.confirm)
    assert stage.toasts[-1] == "UTM-02 gets in with the password it sends."


def test_a_waiting_charger_is_accepted_or_refused(open_page: Any) -> None:
    """It asks to be let in: the primary button lets it in."""
    stage = opened(open_page)
    stage.bridge.answers["onboarding/mend"] = Mended("NO-P22000 is let in.")
    row = rows(stage)["NO-P22000"]
    assert row.remedy.kind == "primary"
    stage.click(row.remedy)
    assert stage.toasts[-1] == "NO-P22000 is let in."
    assert row.refuse.isVisible()


def test_the_right_address_goes_to_the_clipboard(open_page: Any) -> None:
    """Who sends no identity gets the address with a path."""
    stage = opened(open_page)
    stage.click(rows(stage)["192.168.40.64"].remedy)
    assert QGuiApplication.clipboard().text() == "ws://192.168.40.12:9220/ocpp/"


def test_callers_keep_their_places(open_page: Any) -> None:
    """A new caller comes below those that were there."""
    stage = opened(open_page)
    before = list(stage.page.door._order)
    newer = Contact("ZZZ-9", "10.0.0.1", cause="Wrong password.", tries=1, last_ms=NOW_MS)
    stage.bridge.answers["onboarding/look"] = ((newer, *reversed(CONTACTS)), (), "")
    stage.settle()
    assert stage.page.door._order[: len(before)] == before


def test_who_was_let_in_is_on_the_board_too_and_can_be_commissioned(open_page: Any) -> None:
    """The other segment shows accepted contacts; from there the commissioning begins."""
    stage = opened(open_page)
    stage.page.which.choose("in")
    stage.settle()
    row = rows(stage)["UTM-01"]
    stage.bridge.answers["onboarding/start"] = "UTM-01 1"
    stage.click(row.commission)
    sheet = stage.sheet()
    assert "restarts" in stage.texts(sheet)
    stage.click(sheet.confirm)
    assert stage.page._shown == "UTM-01 1"


def test_a_commissioning_shows_evidence_and_what_to_do_now(open_page: Any) -> None:
    """Passed steps with their evidence; the failed one with Try again and Skip."""
    stage = opened(open_page, run_at(6))
    panel = stage.page.commission
    assert "Session 48263, started from here" in stage.texts(panel)
    assert panel.pause.isVisible()
    assert not panel.retry.isVisible()
    failed = replace(run_at(6, Stand.FAILED, RunState.STOPPED))
    stage.bridge.answers["onboarding/look"] = (CONTACTS, (failed,), "")
    stage.settle()
    assert panel.retry.isVisible()
    assert "stopped at “Energy is counted”" in stage.texts(panel)
    before = len(stage.bridge.runs)
    stage.click(panel.skip)
    sheet = stage.sheet()
    stage.click(sheet.confirm)
    assert "Say why, in a few words." in stage.texts(sheet)
    sheet.edit("why").setText("no car at hand")
    stage.click(sheet.confirm)
    assert len(stage.bridge.runs) > before


def test_buttons_suit_gloves(open_page: Any) -> None:
    """34 px high at the door and in the commissioning."""
    stage = opened(open_page, run_at(3))
    found = [b for b in stage.page.findChildren(TouchButton) if b.isVisible()]
    assert len(found) > 6
    assert {button.height() for button in found} == {34}


def test_the_makers_words_are_shown_as_hints(open_page: Any) -> None:
    """Choosing a maker changes address and fields, and says that it is a hint."""
    stage = opened(open_page)
    names = [vendor.name for vendor in vendors()]
    stage.page.address.maker.choose(names.index("Wallbox"))
    stage.settle()
    said = stage.texts(stage.page.address)
    assert "Charge point identity" in said
    assert "A hint" in said
    assert stage.page.address.box.text == "ws://192.168.40.12:9220/ocpp/"


def test_the_address_of_one_station_is_shown_when_it_is_opened_for_it(open_page: Any) -> None:
    """With its identity behind it, as it is to be typed."""
    stage = open_page("onboarding", picture(12), argument="UTM-01")
    assert stage.page.address.box.text == "ws://192.168.40.12:9220/ocpp/UTM-01"


def test_no_code_is_shown_while_there_is_no_address(open_page: Any) -> None:
    """A server that does not listen has nothing to scan."""
    stage = open_page("onboarding", picture(3, broken=True))
    assert not stage.page.address.code.isVisible()
    assert "The server does not listen yet." in stage.texts()


def test_the_page_fits_a_laptop_and_both_themes(open_page: Any) -> None:
    """Nothing is wider than the page; the code is there."""
    for size in ((1352, 824), (1224, 644)):
        stage = opened(open_page, run_at(6), size=size)
        assert stage.page.minimumSizeHint().width() <= size[0]
        assert stage.page.address.code.isVisible()
        stage.host.hide()


def test_the_protocol_is_a_page_with_the_charger_and_each_step(tmp_path: Path, qapp: Any) -> None:
    """Name, serial, evidence, a line to sign; a PDF that begins as one."""
    run = run_at(10, state=RunState.DONE)
    paper = papers.protocol(run, ZoneInfo("Europe/Amsterdam"), "Rijnmaas Laden")
    for words in ("P2249104", "Back after 48 s", "All 10 steps passed.", "Technician", "Rijnmaas Laden"):
        assert words in paper.text
    path = write_pdf(paper, tmp_path / "p.pdf", "Protocol")
    assert path.read_bytes()[:5] == b"%PDF-"
    skipped = replace(
        run, steps=(*run.steps[:9], Step("reboot", Stand.SKIPPED, by="ben", why="<b>no</b> time"))
    )
    assert "Skipped by ben: <b>no</b> time" in papers.protocol(skipped, ZoneInfo("UTC"), "").text
    with pytest.raises(ForecourtError):
        write_pdf(paper, tmp_path / "nowhere" / "p.pdf", "Protocol")


def test_the_sheet_for_the_technician_carries_the_code(tmp_path: Path, qapp: Any) -> None:
    """Address, code and the maker's fields."""
    paper = papers.address_sheet("ws://h:1/ocpp/X", vendors()[0], "ws://h:1/", "X")
    assert "ws://h:1/ocpp/X" in paper.text
    assert write_pdf(paper, tmp_path / "a.pdf", "Address").stat().st_size > 2_000
    image = papers.code_image("ws://h:1/ocpp/X")
    assert {image.pixelColor(x, 400).lightness() > 128 for x in range(0, 800, 7)} == {True, False}


def test_the_self_check_is_done_by_itself_and_settled_in_one_click(open_page: Any, monkeypatch: Any) -> None:
    """What to settle stands first with its button; listening on the network moves the listener."""
    stage = opened(open_page)
    told = Report(
        (
            Check("network", State.SETTLE, "Only this machine can call", "Loopback.",
                  Remedy("listen-network", "Listen on the network")),
            Check("firewall", State.SETTLE, "ufw is on", "Nobody came.",
                  Remedy("copy-command", "Copy command", "sudo ufw allow 9220/tcp", here=True),
                  "sudo ufw allow 9220/tcp"),
            Check("clock", State.PASSED, "Clock is right", "Kept by NTP."),
        ), (), (),
    )  # fmt: skip
    monkeypatch.setattr("ui.widgets.machine_checks.look", lambda *_: told)
    stage.workspace.set_setting = lambda name, value, done=None, failed=None: done(None)
    stage.page.check_network()
    sheet = stage.sheet()
    stage.settle()
    checks = sheet.findChild(MachineChecks)
    assert checks.counts.text() == "1 passed, 2 to settle"
    assert checks.rows[0].remedy is not None
    stage.click(checks.rows[0].remedy)
    assert stage.toasts[-1].startswith("Stations on every network")
    stage.click(checks.rows[1].remedy)
    assert QGuiApplication.clipboard().text() == "sudo ufw allow 9220/tcp"
    assert everywhere("ws://127.0.0.1:9220/") == "ws://0.0.0.0:9220"
