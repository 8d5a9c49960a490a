"""Workbooks give a reader what the program wrote: every formula, to the cent, without one error."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.records import ConnectorPlan, EntryRecord
from app.domain.status import ConnectorStatus, LinkState
from app.reports.cost_workbook import write_month
from app.reports.owner_report import SiteUptime, Sold, owner_report
from app.reports.uptime_report import uptime_report
from app.reports.workbook import write_workbook
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, a_past
from tests.helpers.spreadsheets import (
    POISON,
    Cells,
    computed,
    formulas,
    needs_office,
    recalculated,
    written,
)
from tests.ui.costings import books

YEAR = (
    round(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000),
    round(datetime(2028, 1, 1, tzinfo=UTC).timestamp() * 1000),
)
SITES = (
    SiteUptime("Depot", Fraction(9_950, 100), Fraction(9_940, 100), Fraction(99), 0),
    SiteUptime("Harbour", None, None, Fraction(99), 0),
)


def an_owners_month(path: Path) -> None:
    held = books(12)
    period = held.months[-2].period
    sold = Sold(165_970_000, 5_500, Decimal("98260.50"))
    write_workbook(owner_report(held, period, SITES, sold, UTC, 0, "Brightway", held.month(period)), path)


def a_month_of_costs(path: Path) -> None:
    write_month(books(2).months[-2], path)


def a_month_of_nothing(path: Path) -> None:
    write_month(replace(books(1).months[-1], parts=()), path)


def uptime_of(rule: str, window: tuple[int, int]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        first = window[0]
        with a_past(path.parent / f"data-{path.stem}") as past:
            plan = (ConnectorPlan(1, 1, rated_power_w=150_000), ConnectorPlan(2, 1, rated_power_w=150_000))
            past.station("S1", site="Depot", plan=plan, first_seen_ms=first)
            past.station("S2", site="Depot", plan=plan, first_seen_ms=first)
            past.link("S1", first, LinkState.ONLINE)
            past.status("S1", first, ConnectorStatus.AVAILABLE)
            past.status("S1", first + DAY, ConnectorStatus.FAULTED)
            past.status("S1", first + DAY + 7 * HOUR, ConnectorStatus.AVAILABLE)
            past.status("S1", first, ConnectorStatus.AVAILABLE, evse=2)
            past.add(
                EntryRecord(
                    "exclusion", "x1", 1, first + 2 * DAY, "ann", "",
                    f'{{"site":"Depot","code":"GRID","start_ms":{first + DAY},'
                    f'"end_ms":{first + DAY + 3 * HOUR},"evidence":["notice 7"]}}',
                )
            )  # fmt: skip
            report = past.ask(uptime_report, rule, window, UTC, window[1])
        write_workbook(report, path)

    return make


MADE: dict[str, Callable[[Path], None]] = {
    "owner": an_owners_month,
    "costs": a_month_of_costs,
    "nothing": a_month_of_nothing,
    "nevi-month": uptime_of("nevi", (MIDNIGHT, MIDNIGHT + 31 * DAY)),
    "nevi-year": uptime_of("nevi", YEAR),
    "uk": uptime_of("uk", (MIDNIGHT, MIDNIGHT + 31 * DAY)),
    "contract": uptime_of("contract", (MIDNIGHT, MIDNIGHT + 31 * DAY)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("workbooks")
    paths = {name: folder / f"{name}.xlsx" for name in MADE}
    for name, path in paths.items():
        MADE[name](path)
    return paths


def agree(name: str, cells: Cells, again: Callable[[tuple[str, str], str], object], path: Path) -> int:
    """Every formula gives what was written beside it; how many there are."""
    found = formulas(path)
    for place, formula in found.items():
        value, told = again(place, formula), cells.get(place, "")
        if isinstance(told, int | float):
            assert isinstance(value, int | float), (name, place, formula, value)
            assert abs(value - told) < 0.000_5, (name, place, formula, value, told)
        else:
            assert value in ("", None), (name, place, formula, value)
    return len(found)


@pytest.mark.parametrize("name", MADE)
def test_formulas_name_what_is_there_and_give_what_was_written(made: dict[str, Path], name: str) -> None:
    cells = written(made[name])
    assert not [place for place, value in cells.items() if str(value).startswith("#")]
    count = agree(name, cells, lambda place, formula: computed(cells, place, formula), made[name])
    assert count


@needs_office
def test_an_office_computes_the_same(made: dict[str, Path], tmp_path: Path) -> None:
    for name, path in made.items():
        cells, again = written(path), recalculated(path, tmp_path)
        assert not [place for place, value in again.items() if str(value).startswith(("#", "Err:"))]
        assert POISON not in again.values()
        agree(name, cells, lambda place, _formula, again=again: again.get(place), path)  # type: ignore[misc]
        for place in cells.keys() - formulas(path).keys():
            told = cells[place]
            # An office keeps fifteen digits of a number.
            wanted = pytest.approx(told, rel=1e-13) if isinstance(told, float) else told
            assert again.get(place) == wanted, (name, place)
