"""A month of the ledger as a workbook whose sums are live formulas over its evidence, or as CSV.

Sheets: "Month" (each cost by how it is known, summed from "Costs"), "Costs" (one row a part, summed from
"Evidence"), "Evidence" (one row a line, with quantity × price beside its share of the rounded whole).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from app.analytics.costs.books import Book
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Cost, Part, rounded
from app.domain.spreadsheet import safe_text
from app.reports.cells import Row, iso
from app.reports.cost_exports import COST_COLUMNS
from app.reports.formats import to_file, whole

PARTS = (
    "part", "cost", "site", "station", "cause", "confidence", "nature", "currency", "amount", "low", "high",
    "minutes", "missing",
)  # fmt: skip
LINES = (
    "part", "cost", "object", "at", "quantity", "unit", "unit_price", "quantity_x_price", "amount",
    "currency", "note",
)  # fmt: skip
AMOUNT, LAST = "I", 1_048_576


def write_month(book: Book, path: Path) -> int:
    """Write it in the form of `path`'s ending (xlsx, else csv), whole or not at all; rows of parts.

    Raises:
        ForecourtError: it cannot be written there.
    """
    if path.suffix.lower() == ".xlsx":
        return whole(path, lambda out: _workbook(book, out))
    return to_file(path, "csv", COST_COLUMNS, _rows(book))


def _rows(book: Book) -> Iterator[Row]:
    for part in book.parts:
        yield (
            part.cost.value, part.period, part.site, part.station, part.cause, _number(part.amount),
            part.currency, part.confidence.value, _number(_end(part, part.low)),
            _number(_end(part, part.high)), _number(part.minutes), len(part.lines), part.nature.value,
            part.missing or None, book.assumption_set, book.rules,
        )  # fmt: skip


def _workbook(book: Book, out: BinaryIO) -> int:
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        bold, money = made.add_format({"bold": True}), made.add_format({"num_format": "#,##0.00"})
        month, costs, lines = (made.add_worksheet(name) for name in ("Month", "Costs", "Evidence"))
        _parts(costs, book.parts, bold, money)
        _lines(lines, book.parts, bold, money)
        _month(month, book, bold, money)
    return len(book.parts)


def _month(sheet: Any, book: Book, bold: Any, money: Any) -> None:
    currency = book.currency
    sheet.write_string(0, 0, f"Hidden costs of {book.period}, {currency}", bold)
    so_far = "" if book.over else f", so far until {iso(book.until_ms)}"
    sheet.write_string(1, 0, f"Assumption set {book.assumption_set}, rules {book.rules}{so_far}")
    for at, title in enumerate(("cost", *(how.value for how in Confidence), "together")):
        sheet.write_string(3, at, title, bold)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 4, 14)
    order = [*(c for c in Cost if c not in OUTSIDE_TOTAL), *OUTSIDE_TOTAL]
    for row, cost in enumerate(order, 4):
        known = [p for p in book.parts if p.cost is cost and p.currency == currency and p.amount is not None]
        sheet.write_string(row, 0, cost.value)
        if not known:
            sheet.write_string(row, 4, "not known yet")
            continue
        for at, how in enumerate(Confidence, 1):
            value = sum((p.amount or Decimal(0) for p in known if p.confidence is how), Decimal(0))
            sheet.write_formula(
                row, at,
                f"=SUMIFS(Costs!${AMOUNT}:${AMOUNT},Costs!$B:$B,$A{row + 1},Costs!$F:$F,\"{how.value}\","
                f'Costs!$H:$H,"{currency}")',
                money, float(value),
            )  # fmt: skip
        whole_ = sum((p.amount or Decimal(0) for p in known), Decimal(0))
        sheet.write_formula(row, 4, f"=SUM(B{row + 1}:D{row + 1})", money, float(whole_))
    inside = len(order) - len(OUTSIDE_TOTAL)
    foot = 4 + len(order) + 1
    sheet.write_string(foot, 0, "Total, future margin left out", bold)
    sheet.write_formula(foot, 4, f"=SUM(E5:E{4 + inside})", money, float(book.total(currency)))


def _parts(sheet: Any, parts: Sequence[Part], bold: Any, money: Any) -> None:
    _head(sheet, PARTS, bold)
    for row, part in enumerate(parts, 1):
        texts = (
            part.cost.value, part.site, part.station, part.cause, part.confidence.value, part.nature.value,
            part.currency,
        )  # fmt: skip
        sheet.write_number(row, 0, row)
        for at, text in enumerate(texts, 1):
            sheet.write_string(row, at, safe_text(text))
        if part.amount is not None:
            formula = f"=SUMIFS(Evidence!$I:$I,Evidence!$A:$A,$A{row + 1})"
            sheet.write_formula(row, 8, formula, money, float(part.amount))
        for at, end in ((9, _end(part, part.low)), (10, _end(part, part.high)), (11, part.minutes)):
            if end is not None:
                sheet.write_number(row, at, float(end))
        sheet.write_string(row, 12, part.missing)
    sheet.autofilter(0, 0, max(1, len(parts)), len(PARTS) - 1)


def _lines(sheet: Any, parts: Sequence[Part], bold: Any, money: Any) -> None:
    _head(sheet, LINES, bold)
    row = 0
    for number, part in enumerate(parts, 1):
        for line in part.lines:
            row += 1
            if row >= LAST:
                return
            sheet.write_number(row, 0, number)
            sheet.write_string(row, 1, part.cost.value)
            sheet.write_string(row, 2, safe_text(line.object))
            sheet.write_string(row, 3, iso(line.at_ms))
            sheet.write_number(row, 4, float(line.quantity))
            sheet.write_string(row, 5, line.unit)
            if not part.missing:
                sheet.write_number(row, 6, float(line.unit_price))
                sheet.write_formula(
                    row, 7, f"=E{row + 1}*G{row + 1}", money, float(line.quantity * line.unit_price)
                )
            if line.amount is not None:
                sheet.write_number(row, 8, float(line.amount), money)
            sheet.write_string(row, 9, part.currency)
            sheet.write_string(row, 10, safe_text(line.note))


def _head(sheet: Any, titles: Sequence[str], bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, bold)
        sheet.set_column(at, at, max(13, len(title) + 2))


def _end(part: Part, end: Decimal | None) -> Decimal | None:
    return None if end is None or part.amount is None else rounded(end, part.currency)


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
