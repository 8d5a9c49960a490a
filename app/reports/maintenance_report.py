"""The maintenance list: what is open and late, what was done and cost, what came back."""

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal

from sqlalchemy import Connection

from app.analytics.early_warnings import EarlyWarnings, early_warnings
from app.analytics.failure_history import failures_between
from app.analytics.intervals import Share
from app.analytics.maintenance import maintenance
from app.analytics.timelines import Span
from app.domain import forms
from app.domain.errors import ForecourtError
from app.domain.money import places
from app.domain.prices import amount
from app.domain.work_orders import WorkOrder, orders_of
from app.reports.document import Cell, Column, Document, Draft, Figure, day, moment, number, span_text, text
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations

_OPEN = (
    Column("Order"), Column("What", wide=True), Column("Where", wide=True), Column("Who"), Column("Due"),
    Column("Late"), Column("State"),
)  # fmt: skip
_DONE = (
    Column("Order"), Column("What", wide=True), Column("Where", wide=True), Column("Visits", right=True),
    Column("Minutes", right=True), Column("Invoiced", right=True), Column("In"), Column("Result", wide=True),
)  # fmt: skip


def maintenance_report(
    connection: Connection,
    window: Span,
    zone: tzinfo,
    now_ms: int,
    organisation: str = "",
    *,
    demo: bool = False,
) -> Document:
    """Orders as they stand now, those closed in the window, and the window's figures."""
    orders = orders_of(current_entries(connection))
    open_ = sorted((o for o in orders if o.open), key=lambda o: (-o.late_ms(now_ms), o.due_ms or 0, o.number))
    done = [o for o in orders if o.closed_ms is not None and window[0] <= o.closed_ms < window[1]]
    late = [o for o in open_ if o.late_ms(now_ms)]
    until = min(window[1], now_ms)
    stations = all_stations(connection)
    evses = sum(max(1, len({plug.evse for plug in s.plan})) for s in stations)
    found = failures_between(connection, window[0], until)
    figures = maintenance([one.failure for one in found], max(0, until - window[0]) * evses, now_ms)
    early = early_warnings(connection, window[0], until, now_ms)
    between = _hours(figures.mtbf_h) if figures.failures else _over(figures.mtbf_over_h)
    draft = Draft()
    draft.say(_opening(open_, late), strong=True)
    draft.figures(
        Figure("Open orders", str(len(open_)), f"{len(late)} late"),
        Figure("Closed", str(len(done)), f"{day(window[0], zone)} to {day(until - 1, zone)}"),
        Figure("Failures", str(figures.failures), f"{figures.open} still open"),
        Figure("Mean time to repair", _hours(figures.mttr_h), f"median {_hours(figures.mttr_median_h)}"),
        Figure("Between failures", between),
        Figure("Mended from afar", _share(figures.remote_fix), _range(figures.remote_fix)),
        Figure("Came back in 30 days", _share(figures.repeats), _range(figures.repeats)),
        Figure("Early warnings taken", f"{early.taken} of {early.taken + early.missed}", _waiting(early)),
    )  # fmt: skip
    draft.heading("Open, the latest first")
    draft.grid(_OPEN, [_open_row(order, zone, now_ms) for order in open_], empty="Nothing is open.")
    draft.heading("Closed in this time")
    draft.grid(_DONE, [_done_row(order) for order in done], empty="Nothing was closed.")
    return Document(
        "maintenance", "Maintenance list",
        f"{organisation + ', ' if organisation else ''}{day(window[0], zone)} to {day(until - 1, zone)}",
        now_ms, tuple(draft.blocks),
        (
            "A failure put an EVSE out of use; one that came back within 30 minutes is the same one.",
            "Time to repair runs until the next session delivered. Ranges are 95%, so that few cases never "
            "look like a trend.",
            "An early warning (heat, less power, restarts, a link that comes and goes, sessions that break "
            "off) is missed where nobody did anything before the connector failed, and taken where somebody "
            "did and it did not.",
        ),
        demo, f"maintenance-{day(window[0], zone)}",
    )  # fmt: skip


def _waiting(early: EarlyWarnings) -> str:
    said = f"{early.missed} missed"
    return f"{said}, {early.pending} within their 30 days" if early.pending else said


def _opening(open_: Sequence[WorkOrder], late: Sequence[WorkOrder]) -> str:
    if not open_:
        return "No work order is open."
    orders = f"{len(open_)} work order{'s are' if len(open_) > 1 else ' is'} open"
    return f"{orders}, {len(late) or 'none'} of them late."


def _open_row(order: WorkOrder, zone: tzinfo, now_ms: int) -> list[tuple[Cell, str]]:
    late = order.late_ms(now_ms)
    return [
        text(order.number), text(order.title), text(order.station or order.site), text(order.who),
        moment(order.due_ms, zone), text(span_text(late) if late else ""), text(order.state),
    ]  # fmt: skip


def _done_row(order: WorkOrder) -> list[tuple[Cell, str]]:
    result = next((visit.result for visit in reversed(order.visits) if visit.result), order.proof)
    return [
        text(order.number), text(order.title), text(order.station or order.site), number(len(order.visits)),
        number(sum(visit.minutes for visit in order.visits)),
        *_invoiced(order), text(result),
    ]  # fmt: skip


def _invoiced(order: WorkOrder) -> tuple[tuple[Cell, str], tuple[Cell, str]]:
    """The sum of its invoices and their currency; currencies are never added."""
    sums: dict[str, Decimal] = {}
    for visit in order.visits:
        money = _money(visit.invoiced)
        if money is not None:
            sums[visit.currency] = sums.get(visit.currency, Decimal(0)) + money
    if len(sums) > 1:
        return text(", ".join(forms.amount(sum_, currency) for currency, sum_ in sums.items())), text("")
    for currency, sum_ in sums.items():
        return number(sum_, places(currency)), text(currency)
    return number(None), text("")


def _money(told: str) -> Decimal | None:
    try:
        return amount(told) if told else None
    except ForecourtError:
        return None


def _hours(hours: float | None) -> str:
    return "–" if hours is None else f"{number(hours, 1)[1]} h"


def _over(hours: float | None) -> str:
    return "–" if hours is None else f"over {number(hours, 0)[1]} h"


def _share(share: Share) -> str:
    return "–" if share.value is None else f"{share.value * 100:.0f}%"


def _range(share: Share) -> str:
    return (
        f"{share.k} of {share.n}, {share.low * 100:.0f} to {share.high * 100:.0f}%" if share.n else "no case"
    )
