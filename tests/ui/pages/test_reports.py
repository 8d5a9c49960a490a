"""Reports as somebody makes them: a kind, its options, the pages, a file, a plan."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.domain.records import EntryRecord
from app.reports.document import Document
from app.reports.run import KINDS, Wanted
from tests.ui.pictures import picture
from tests.ui.reporting import report
from ui.models.report_rows import periods, when
from ui.pages.reports import page as module
from ui.pages.reports.plan_sheet import body_of, minute_of
from ui.pages.reports.preview import FULL, GAP, KEPT, PAPER_PX, TWO, WIDE
from ui.report_runs import ReportRuns
from ui.theme.theme import px

PLAN = EntryRecord(
    "report-plan", "maintenance", 1, 0, "ann",
    body='{"kind":"maintenance","every":"day","at_min":360,"folder":"/data/Evidence",'
    '"last_ms":1,"last":"The disk is full."}',
)  # fmt: skip


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    asked: list[Wanted] = []

    async def made(room: object, one: Wanted, zone: object, now_ms: int) -> Document:
        asked.append(one)
        if one.kind == "uptime-uk":
            raise ForecourtError("Nothing was measured.")
        return report()

    monkeypatch.setattr(module, "made", made)
    return asked


def opened(open_page: Any, kind: str = "") -> Any:
    stage = open_page("reports", picture(12))
    stage.bridge.room = SimpleNamespace()
    del stage.bridge.answers["reports/made"]
    stage.bridge.answers["reports/plans"] = [PLAN]
    stage.page.opened(kind)
    stage.settle()
    return stage


def test_every_kind_with_its_plan_and_how_it_went(open_page: Any, wanted: list[Wanted]) -> None:
    stage = opened(open_page)
    assert [row.title for row in stage.page.model.rows] == list(KINDS.values())
    row = next(row for row in stage.page.model.rows if row.kind == "maintenance")
    assert when(row.plan) == "daily 06:00, folder Evidence"
    stage.page.table.moved.emit("maintenance")
    assert "was not saved: The disk is full." in stage.page.told.text()


def test_the_preview_follows_each_option_at_once(open_page: Any, wanted: list[Wanted]) -> None:
    stage = opened(open_page)
    assert wanted[-1].kind == "owner"
    assert wanted[-1].annexes == ("A", "B", "C")
    assert stage.page.preview.count == 2
    stage.page.annex.choose("AC")
    assert wanted[-1].annexes == ("A", "C")
    stage.page.table.moved.emit("uptime-nevi")
    stage.page.site.choose(stage.page.site._choices[1][0])
    assert wanted[-1].site != ""
    assert not stage.page.annex.isVisible()
    stage.page.table.moved.emit("handover")
    assert not stage.page.options.isVisible(), "a sheet of a shift has none"


def test_pages_are_shown_as_large_as_asked(open_page: Any, wanted: list[Wanted]) -> None:
    """Two fit beside each other, but are too small to be read; letters are not frayed by shrinking."""
    stage = opened(open_page)
    pages = stage.page.preview.widget()
    high = {}
    for size in (TWO, WIDE, FULL):
        stage.page.zoom.chosen.emit(size)
        high[size] = pages.height()
        assert not pages.grab().isNull()
    assert pages._page(pages.width()).width() == min(px(PAPER_PX), pages.width() - 2 * px(GAP))
    assert high[TWO] < high[FULL] <= high[WIDE]
    assert len(pages._scaled) <= KEPT


def test_what_cannot_be_made_says_why_and_saves_nothing(open_page: Any, wanted: list[Wanted]) -> None:
    stage = opened(open_page, "uptime-uk")
    assert "Nothing was measured." in stage.texts(stage.page)
    assert not stage.page.pdf.isEnabled()


def test_one_that_takes_long_can_be_left(open_page: Any, wanted: list[Wanted]) -> None:
    stage = opened(open_page)
    stage.page._loading.cancelled.emit()
    assert "You cancelled it." in stage.texts(stage.page)


def test_a_report_is_saved_as_pdf_and_as_a_workbook(
    open_page: Any, wanted: list[Wanted], tmp_path: Path
) -> None:
    stage = opened(open_page)
    stage.page.save_to(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    stage.page.save_to(tmp_path / "a.xlsx")
    stage.settle()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "Report"
    stage.page.save_to(tmp_path / "a.csv")
    stage.settle()
    assert "How this was computed" in (tmp_path / "a.csv").read_text("utf-8")
    stage.page.save_to(tmp_path / "nowhere" / "a.pdf")


def test_a_plan_is_checked_and_kept(open_page: Any, wanted: list[Wanted]) -> None:
    values = {"every": "Week", "at": "06:30", "folder": "/data/r", "channel": ""}
    body = body_of("owner", values, None)
    assert body == {"kind": "owner", "every": "week", "at_min": 390, "folder": "/data/r", "channel": ""}
    assert (minute_of("7"), minute_of("7:75"), minute_of("soon")) == (420, -1, -1)
    now = 1_793_000_000_000
    zone = opened(open_page).workspace.zone
    assert [key for key, _ in periods(now, zone)][:3] == ["2026-09", "2026-10", "2026-08"]


def test_a_planned_report_is_made_when_due_and_written_down(
    open_page: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    stage = opened_for_runs(open_page, monkeypatch, folder=str(tmp_path))
    runs = ReportRuns(stage.bridge, stage.workspace.clock, stage.workspace.zone, tmp_path)
    runs.look()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pdf", ".xlsx"]
    intent, _ = stage.bridge.intents[-1]
    assert isinstance(intent, SaveEntry)
    assert intent.body["last"] == ""
    assert intent.body["last_ms"] == stage.workspace.now_ms()


def test_one_that_cannot_be_written_says_so(open_page: Any, monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stage = opened_for_runs(open_page, monkeypatch, folder=str(tmp_path / "file"))
    ReportRuns(stage.bridge, stage.workspace.clock, stage.workspace.zone, tmp_path).look()
    intent, _ = stage.bridge.intents[-1]
    assert intent.body["last"] != ""


def opened_for_runs(open_page: Any, monkeypatch: Any, folder: str) -> Any:
    async def made(room: object, one: Wanted, zone: object, now_ms: int) -> Document:
        return report()

    monkeypatch.setattr("app.reports.run.made", made)
    stage = open_page("reports", picture(3))
    stage.bridge.room = SimpleNamespace()
    body = f'{{"kind":"owner","every":"day","at_min":0,"folder":"{folder}"}}'
    stage.bridge.answers["report-runs/plans"] = [EntryRecord("report-plan", "owner", 1, 0, "ann", body=body)]
    return stage
