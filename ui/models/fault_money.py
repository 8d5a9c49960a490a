"""What a fault costs in words, and the numbers it was computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.faults.views import FaultView
from ui.models.fault_words import costs_nothing
from ui.theme.formats import UNKNOWN, count, duration, number, percent
from ui.theme.money import money, rate

BASIS = {
    "measured": "measured here",
    "modelled": "modelled",
    "thin": "few data yet",
    "guess": "an assumption, nothing is measured yet",
}
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Clock:
    """The money clock's words. `forecast` is the loss at the usual end of such a fault; None: not known."""

    lost: str
    rate: str
    note: str
    lost_minor: int | None = None
    forecast_minor: int | None = None
    forecast: str = ""
    start_ms: int = 0
    end_ms: int | None = None
    overdue: bool = False


def clock_of(view: FaultView, now_ms: int) -> Clock:
    """The clock of a fault."""
    record, told = view.record, view.money
    if told is None:
        lost = money(record.lost_minor, record.currency)
        note = "" if record.closed_ms is None else "final"
        return Clock(lost, UNKNOWN, note, record.lost_minor, None, "", record.onset_ms, record.closed_ms)
    if costs_nothing(view):
        return Clock("Nothing", "", "It takes no connector out of use.")
    with_other = told.workings.get("counted_with")
    if with_other:
        return Clock(UNKNOWN, UNKNOWN, f"Counted with fault {with_other}, its cause.")
    if told.lost is None:
        kwh = told.workings.get("lost_kwh")
        hourly = told.workings.get("saves_kwh_per_hour")
        lost = f"{number(kwh, 1)} kWh" if isinstance(kwh, int | float) else UNKNOWN
        per_hour = f"{number(hourly, 2)} kWh/h" if isinstance(hourly, int | float) else UNKNOWN
        return Clock(lost, per_hour, "No price is entered yet, so this is counted in kWh.")
    forecast = None if told.expected is None else told.lost + told.expected
    usual_h = told.workings.get("usual_repair_h")
    end = record.onset_ms + round(float(usual_h) * 3_600_000) if isinstance(usual_h, int | float) else None
    priced = forecast is not None and bool(told.currency)
    # Where nothing more is expected, as of a fault that is over, what it lost stands there already.
    words = f"{money(forecast, told.currency)} by the usual repair" if priced and told.expected else ""
    if told.overdue:
        words = "lasts longer than nine of ten such faults"
        if priced:
            words = f"{money(forecast, told.currency)} expected"
    note = BASIS.get(told.basis, told.basis)
    if "range" in told.workings:
        note += "; between nothing and this, without a link it may well be charging"
    return Clock(
        money(told.lost, told.currency), rate(told.losing, told.currency), note, told.lost, forecast, words,
        record.onset_ms, end if end is not None and end > now_ms else None, told.overdue,
    )  # fmt: skip


def workings_rows(view: FaultView) -> list[tuple[str, list[Row]]]:
    """What "How this is computed" opens: a title with rows, for each pool and for the fault."""
    told = view.money
    if told is None:
        return []
    found: list[tuple[str, list[Row]]] = []
    pools = told.workings.get("pools", ())
    for pool in pools if isinstance(pools, Sequence) else ():
        if isinstance(pool, Mapping):
            found.append((f"Pool {pool.get('pool', '')}", _pool(pool, told.currency)))
    rows: list[Row] = [
        ("Saved an hour if mended now", rate(told.saves, told.currency)),
        ("Its share of the loss an hour", rate(told.losing, told.currency)),
        ("Lost so far", money(told.lost, told.currency)),
        ("Expected until the usual repair", money(told.expected, told.currency)),
    ]
    usual, of = told.workings.get("usual_repair_h"), told.workings.get("usual_repair_of")
    if isinstance(usual, int | float):
        source = f"median of {count(int(of), 'fault')}" if of else "assumed, none was mended yet"
        rows.append(("Usual repair", f"{duration(float(usual) * 3_600_000)}, {source}"))
    if told.workings.get("at_least_by_floor"):
        rows.append(("At least", "the floor set in the assumptions"))
    for cut in told.workings.get("cut_sessions", ()):
        rows.append((f"Session {cut.get('session')} was cut", money(cut.get("lost"), told.currency)))
    found.append(("This fault", rows))
    return found


def _pool(pool: Mapping[str, Any], currency: str) -> list[Row]:
    def said(key: str, decimals: int = 2, unit: str = "") -> str:
        value = pool.get(key)
        return f"{number(value, decimals)}{unit}" if isinstance(value, int | float) else UNKNOWN

    def part(key: str) -> str:
        value = pool.get(key)
        return percent(float(value), 1) if isinstance(value, int | float) else UNKNOWN

    price = pool.get("per_kwh")
    return [
        ("Connectors that serve the same drivers", said("connectors", 0)),
        ("Of them down", said("down")),
        (
            "Starts wanted an hour, this hour of the week",
            f"{said('starts_per_hour')} ± {said('starts_per_hour_sd')}",
        ),
        ("From", f"{said('starts_counted', 1)} starts in {said('hours_observed', 0)} h"),
        ("Stay", said("stay_h", 2, " h")),
        ("Offered load", said("offered_load", 2, " Erlang")),
        ("Turned away when all work", part("turned_away_healthy")),
        ("Turned away now", part("turned_away_now")),
        ("Energy a session", said("kwh_per_session", 1, " kWh")),
        (
            "Worth of a kWh",
            f"{price} {currency} ({pool.get('per_kwh_is', '')})" if price else "no price entered",
        ),
        ("Comes back later", part("recovered_later")),
        ("The pool loses an hour", f"{said('pool_loses_per_hour')} {currency}".strip()),
        ("This fault's share", f"{said('share_per_hour')} {currency}".strip()),
        ("Saved if it is mended", f"{said('saved_if_mended_per_hour')} {currency}".strip()),
        ("Confidence", BASIS.get(str(pool.get("confidence")), str(pool.get("confidence", "")))),
    ]
