"""What drivers do: arrivals, stay, energy and time after full as shares of sessions. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.analytics.insights.behaviour import Behaviour, Spread
from ui.models.cost_words import euro
from ui.models.insight_starts import FEW, Answer, Table
from ui.theme.formats import UNKNOWN, count, duration, number, percent


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares of sessions by class, with the names of classes; `before` the second set's."""

    title: str
    told: str
    names: tuple[str, ...]
    shares: tuple[float, ...]
    before: tuple[float, ...] | None


def charts(first: Behaviour, second: Behaviour | None) -> tuple[Bars, ...]:
    """Arrival, stay, energy, idle after full."""
    hours = tuple(f"{n}" for n in range(24))
    return (
        Bars(
            "Arrival, hour of day", _peak(first), hours, _shares(first.arrivals),
            None if second is None else _shares(second.arrivals),
        ),
        _spread("Stay", first.stay_min, None if second is None else second.stay_min, _minutes),
        _spread("Energy, kWh", first.energy_kwh, None if second is None else second.energy_kwh, _kwh),
        _spread(
            "Plugged in, taking nothing", first.idle_min, None if second is None else second.idle_min,
            _minutes,
        ),
    )  # fmt: skip


def answer(first: Behaviour) -> Answer:
    """The usual session, and how much of the time at the plug is spent full."""
    if not first.sessions:
        return Answer("Nobody charged in this time.")
    strong = f"{_minutes(first.stay_min.median)} at the plug for {number(first.energy_kwh.median, 1)} kWh."
    idle = "Whether they stay when full: no station tells"
    if first.idle_share is not None:
        idle = f"{percent(first.idle_share, 0)} of the time at the plug takes nothing"
    back = f"{number(first.returning)} of {number(first.drivers)} known drivers came again"
    right = f"idle known of {number(first.idle_known)}"
    if first.idle_worth:
        worth = " and ".join(euro(amount, currency) for currency, amount in sorted(first.idle_worth.items()))
        idle = f"{idle}, {worth} at the price a minute of {count(first.idle_priced, 'site')}"
    if first.sessions < FEW:
        return Answer(f"Only {count(first.sessions, 'session')}: too few to tell what is usual.", idle)
    return Answer(strong, idle, number(first.sessions), f"sessions, {back}", right)


def said(bars: Bars, n: int) -> str:
    """One class in words."""
    told = f"{bars.title}, {bars.names[n]}: {percent(bars.shares[n], 1)}"
    return told if bars.before is None else f"{told}, second {percent(bars.before[n], 1)}"


def table(sets: Sequence[tuple[str, Behaviour]]) -> Table:
    """Each set's counts by class."""
    found = [["set", "what", "class", "value"]]
    for name, one in sets:
        found += [[name, "arrival_hour", f"{n}", str(times)] for n, times in enumerate(one.arrivals)]
        for what, spread in (
            ("stay_min", one.stay_min), ("energy_kwh", one.energy_kwh), ("idle_min", one.idle_min)
        ):  # fmt: skip
            found += [
                [name, what, cls, str(times)]
                for cls, times in zip(_classes(spread, str), spread.counts, strict=True)
            ]
        found += [
            [name, "idle_worth_at_price_per_minute", currency, f"{amount:.2f}"]
            for currency, amount in sorted(one.idle_worth.items())
        ]
    return found


def _spread(title: str, first: Spread, second: Spread | None, say: Callable[[float | None], str]) -> Bars:
    told = (
        "few data"
        if sum(first.counts) < FEW
        else (
            UNKNOWN
            if first.median is None
            else f"half over {say(first.median)}, a tenth over {say(first.p90)}"
        )
    )
    return Bars(
        title, told, tuple(_classes(first, _short if say is _minutes else str)), _shares(first.counts),
        None if second is None else _shares(second.counts),
    )  # fmt: skip


def _classes(spread: Spread, say: Callable[[int], str]) -> list[str]:
    return [f"<{say(edge)}" for edge in spread.edges] + [f"{say(spread.edges[-1])}+"]


def _short(minutes: int) -> str:
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h"


def _peak(one: Behaviour) -> str:
    if sum(one.arrivals) < FEW:
        return "few data"
    hour = max(range(24), key=lambda n: one.arrivals[n])
    return f"most from {hour} to {hour + 1} h"


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    whole = sum(counts)
    return tuple(n / whole if whole else 0.0 for n in counts)


def _minutes(minutes: float | None) -> str:
    return UNKNOWN if minutes is None else duration(minutes * 60_000)


def _kwh(energy: float | None) -> str:
    return UNKNOWN if energy is None else f"{number(energy, 1)} kWh"
