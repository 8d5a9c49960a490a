"""A quarter of a seeded demo: one figure is the same on the page, in the exports, in the sum of its
evidence, in the report, in its workbook and in what was issued, to the cent."""

import csv
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.analytics.costs.books import Books
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Cost
from app.analytics.costs.periods import span_of
from app.clock import ManualClock
from app.control_room import ControlRoom
from app.demo import told_past
from app.domain.entries import body_of
from app.replay import replay_rows
from app.reports.cost_workbook import write_month
from app.reports.document import Document, Figures, Formula, Grid, number
from app.reports.exports import Asked
from app.reports.pseudonyms import Pseudonyms
from app.reports.run import Wanted, made
from app.reports.workbook import write_workbook
from app.reports.write import write_export
from app.settings import load
from app.simulator.network import load_network
from app.simulator.past import past
from app.store.readers.entries import current_entries
from app.zone import operator_zone
from tests.helpers.spreadsheets import computed, formulas, written
from ui.models.cost_month import month_view
from ui.models.cost_words import euro
from ui.models.costs import events

END = 1_767_571_200_000
"""2026-01-05T00:00Z: the last quarter of 2025 is over."""
DAYS = 98
QUARTER = ("2025-10", "2025-11", "2025-12")
ZERO = Decimal(0)
ZONE = operator_zone("UTC")
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the past of three stations."""
    found = tmp_path_factory.mktemp("quarter") / "data"
    rows, crew = told_past(past(load_network(3), DAYS, END, 3), 3)
    replay_rows(load(found, {}), rows, lambda done: None, lambda faults: setattr(crew, "faults", faults))
    return found


async def test_a_quarter_says_the_same_everywhere(folder: Path, tmp_path: Path) -> None:
    room = ControlRoom(load(folder, {"listen": "127.0.0.1:0", "zone": "UTC"}), ManualClock(END))
    await room.start()
    try:
        await room.costs.books()
        await room.costs.idle()
        shown: Books = await room.costs.books(12, 12)
        costs, evidence = [await exported(room, folder, what) for what in ("costs", "cost-evidence")]
        assert {row["period"] for row in costs} == set(QUARTER)
        quarter = ZERO
        for period in QUARTER:
            mine = [row for row in costs if row["period"] == period]
            total = sum((amount(row) for row in mine if inside(row)), ZERO)
            assert total > 0
            the_page_says(shown, period, mine)
            assert total == sum(
                (amount(row) for row in evidence if row["period"] == period and inside(row)), ZERO
            )
            the_report_says(await made(room, Wanted("owner", period), ZONE, END), total, tmp_path)
            book = await room.costs.month(period)
            the_workbook_says(
                write_month(book, tmp_path / f"{period}.xlsx"), tmp_path / f"{period}.xlsx", total
            )
            assert (await room.costs.issue(period, "ann")).total == total
            quarter += total
        kept = await room.ask(current_entries, "statement")
        assert sum((Decimal(body_of(entry)["total"]) for entry in kept), ZERO) == quarter
        assert quarter == sum((amount(row) for row in costs if inside(row)), ZERO)
        assert by(costs) == by(evidence)
    finally:
        await room.stop()


async def exported(room: ControlRoom, folder: Path, what: str) -> list[Row]:
    def export(connection: Any) -> bytes:
        out = io.BytesIO()
        asked = Asked(END, span_of(QUARTER[0], ZONE)[0], span_of(QUARTER[-1], ZONE)[1], zone=ZONE)
        write_export(connection, what, asked, "csv", out, pseudonyms=Pseudonyms.of(folder))
        return out.getvalue()

    return list(csv.DictReader(io.StringIO((await room.ask(export)).decode())))


def amount(row: Row) -> Decimal:
    return Decimal(row["amount"] or 0)


def inside(row: Row) -> bool:
    return row["cost"] not in {cost.value for cost in OUTSIDE_TOTAL}


def by(rows: list[Row]) -> dict[tuple[str, ...], Decimal]:
    """The sums of each part; what is not known yet or nothing is left out."""
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        key = tuple(row[name] for name in ("cost", "period", "site", "station", "cause", "confidence"))
        sums[key] += amount(row)
    return {key: value for key, value in sums.items() if value}


def the_page_says(shown: Books, period: str, rows: list[Row]) -> None:
    """The total, each of the seven rows, and each of them once it is opened down to its events."""
    view = month_view(shown, period, ZONE)
    assert view is not None
    assert view.whole == sum((amount(row) for row in rows if inside(row)), ZERO)
    for row in view.rows:
        told = sum((amount(one) for one in rows if one["cost"] == row.cost), ZERO)
        assert (row.amount or ZERO) == told
        opened = events(view.of(Cost(row.cost)))
        assert sum((one.line.amount or ZERO for one in opened), ZERO) == told


def the_report_says(report: Document, total: Decimal, folder: Path) -> None:
    """In large, in its table and in what its workbook adds up."""
    said = number(total, 2)[1]
    figures = next(block for block in report.blocks if isinstance(block, Figures))
    assert figures.figures[0].value == euro(total, "EUR")
    seven = next(block for block in report.blocks if isinstance(block, Grid) and block.total)
    assert seven.shown[-1][4] == said
    path = folder / f"{report.file}.xlsx"
    write_workbook(report, path)
    cells = written(path)
    for place, formula in formulas(path).items():
        again = computed(cells, place, formula)
        assert isinstance(again, float)
        assert cents(again) == total
    assert isinstance(seven.rows[-1][4], Formula)


def the_workbook_says(rows: int, path: Path, total: Decimal) -> None:
    """Its evidence adds up to its parts, and they to the month."""
    assert rows
    cells = written(path)
    last = next(at[1:] for (sheet, at), value in cells.items() if sheet == "Month" and value == TOTAL)
    assert cents(cells["Month", f"E{last}"]) == total
    lines = [
        value
        for (sheet, at), value in cells.items()
        if sheet == "Evidence"
        and at.startswith("I")
        and at != "I1"
        and cells["Evidence", f"B{at[1:]}"] != "churn"
    ]
    assert sum((cents(value) for value in lines), ZERO) == total


TOTAL = "Total, future margin left out"


def cents(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
