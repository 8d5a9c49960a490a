"""What the pages of a year ask when they are opened: insights, costs, uptime, maintenance, faults, reports.

Told in processor time, since a question waits for nothing but the processor; the budget leaves 50 ms
for painting.
"""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.analytics.costs.gather import facts_in_turn
from app.analytics.costs.kept import computed, due_months, known_months, rates_of, shown_books
from app.analytics.driver_availability import driver_availability
from app.analytics.early_warnings import early_warnings
from app.analytics.fault_effects import closed_page, drivers_hit, fault_signs
from app.analytics.fault_history import fault_detail, queue_figures
from app.analytics.freshness import freshness
from app.analytics.insights.answers import hours, makes, offered, starts
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.supply import supply
from app.analytics.maintenance_page import care_page, figures
from app.analytics.questions import current_entries
from app.analytics.uptime_table import uptime_table
from app.store.cost_months import CostMonth, keep_month
from app.store.open import Store
from tests.bench.benches import Line, spread
from ui.models.insight_choice import span_of

DAY_MS = 86_400_000
MONTHS = 13
PAINT_MS = 50


def fill_costs(store: Store, now_ms: int, zone: ZoneInfo) -> None:
    """Compute the months, as the control room does in the background."""
    writer = store.inline_writer()
    held = store.read(rates_of)
    months = store.read(known_months, zone, now_ms)[-MONTHS:]
    due = store.read(due_months, months, zone, now_ms)

    def made(connection: Connection) -> list[CostMonth]:
        return [
            computed(connection, facts.period, zone, now_ms, facts, held)
            for facts in facts_in_turn(connection, due, zone, now_ms, str)
        ]

    for row in store.read(made) if due else ():
        writer.call(lambda group, row=row: keep_month(group, row))  # type: ignore[misc]


def asked(store: Store, now_ms: int, zone: ZoneInfo) -> dict[str, Callable[[], object]]:
    """What pages ask, by name."""
    span = span_of("w52", now_ms, zone)
    year = Chosen(span.from_ms, span.to_ms)
    months = store.read(known_months, zone, now_ms)[-MONTHS:]
    window = (now_ms - 30 * DAY_MS, now_ms)
    number = next((one.fault for one in store.read(closed_page).faults), 0)
    return {
        "insights: what to choose from": lambda: store.read(offered),
        "insights: where starts get lost, 52 weeks": lambda: store.read(starts, year, zone.key),
        "insights: when drivers come, 52 weeks": lambda: store.read(hours, year, zone.key, now_ms),
        "insights: which make holds up, 52 weeks": lambda: store.read(makes, year),
        "insights: what drivers do, 52 weeks": lambda: store.read(behaviour, year, zone.key),
        "insights: how good the power is, 52 weeks": lambda: store.read(supply, year, zone.key),
        "hidden costs, and peaks and pay-back of insights: 13 months": lambda: store.read(
            shown_books, months, zone
        ),
        "hidden costs: whether a month is to be computed": lambda: store.read(
            due_months, months, zone, now_ms
        ),
        "hidden costs: early warnings of a year": lambda: store.read(
            early_warnings, now_ms - 365 * DAY_MS, now_ms, now_ms
        ),
        "uptime: table of 30 days": lambda: store.read(uptime_table, window, zone.key),
        "uptime: how fresh it is": lambda: store.read(freshness, *window),
        "uptime: what drivers saw, 30 days": lambda: store.read(driver_availability, window),
        "maintenance: orders": lambda: store.read(care_page),
        "maintenance: figures of a year": lambda: store.read(figures, now_ms, zone.key),
        "assumptions: rates": lambda: store.read(rates_of),
        "faults: one opened": lambda: store.read(fault_detail, number, now_ms),
        "faults: its signs": lambda: store.read(fault_signs, number, now_ms),
        "faults: drivers it hit": lambda: store.read(drivers_hit, number, now_ms),
        "faults: closed ones": lambda: store.read(closed_page),
        "faults: figures of a shift": lambda: store.read(queue_figures, now_ms - DAY_MS, now_ms, now_ms),
        "reports: the list": lambda: store.read(current_entries, "report-plan"),
    }


def lines(store: Store, now_ms: int, zone: str, stations: int, say: Callable[[str], None]) -> list[Line]:
    """Each question asked five times, with all caches filled."""
    found = []
    for name, ask in asked(store, now_ms, ZoneInfo(zone)).items():
        spans: list[float] = []
        for _ in range(5):
            begun = time.process_time()
            ask()
            spans.append((time.process_time() - begun) * 1000)
        say(f"{name}: {spread(spans, ' ms')}")
        found.append(
            Line(f"{name}, a year of {stations} stations", "≤ 300 ms to painted", spread(spans, " ms"),
                 sorted(spans)[2] <= 300 - PAINT_MS)
        )  # fmt: skip
    return found
