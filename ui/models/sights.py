"""Availability as drivers see it as rows, and what is to be said of our own sight of a window."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from app.analytics.driver_availability import SiteSight
from app.analytics.freshness import Freshness
from app.analytics.timelines import length
from app.analytics.uptime_table import UptimeTable
from ui.models.cells import Cell, Column, Tone
from ui.models.uptime_rows import bounds, percent
from ui.theme.formats import WIDEST_DAY, clock, count, day, duration, number
from ui.theme.formats import percent as share


def columns(zone: Callable[[], ZoneInfo]) -> tuple[Column[SiteSight], ...]:
    """Site and kind; how often one was free, one worked, none worked, and the longest time of none."""

    def where(one: SiteSight) -> Cell:
        below = f"{one.kind or 'kind not said'}, {count(one.connectors, 'connector')}"
        return Cell(one.site, below=below, spoken=f"{one.site}, {below}")

    def free(one: SiteSight) -> Cell:
        return Cell(percent(one.free), strong=True, below=bounds(one.low, one.high))

    def none(one: SiteSight) -> Cell:
        return Cell(duration(one.none_ms) if one.none_ms else "never", strong=one.none_ms > 0)

    def longest(one: SiteSight) -> Cell:
        if one.longest_none is None:
            return Cell("–", tone=Tone.FAINT)
        start, end = one.longest_none
        return Cell(duration(end - start), below=f"from {day(start, zone())} {clock(start, zone())}")

    return (
        Column("where", "Site and kind", where, stretch=True, fixed=True),
        Column("free", "One free", free, "100.00% to 100.00%", right=True, fixed=True,
               hint="Share of the time in which a connector of this kind was free and working"),
        Column("working", "One works", lambda one: Cell(percent(one.working), tone=Tone.QUIET), "100.00%",
               right=True, hint="The same, taken ones included", yields=2),
        Column("none", "None works", none, "312 d 12 h", right=True, yields=1),
        Column("longest", "Longest", longest, f"from {WIDEST_DAY} 14:30", right=True, yields=3),
    )  # fmt: skip


def own_words(found: UptimeTable | None, fresh: Freshness | None, zone: ZoneInfo) -> str:
    """How much of a window Forecourt saw itself, how fresh it was, and of how much the state was known."""
    parts = []
    if found is not None and found.evses:
        blind = length(found.blind)
        if blind:
            first = found.blind[0][0]
            parts.append(
                f"Forecourt itself did not see {duration(blind)} ({count(len(found.blind), 'time')}, first "
                f"{day(first, zone)} {clock(first, zone)}); that is never counted as up."
            )
        else:
            parts.append("Forecourt saw all of this window.")
        afir = [row.judged["afir"] for row in found.evses if "afir" in row.judged]
        whole = sum(j.assessable_ms + j.unmeasured_ms for j in afir)
        if whole:
            known = sum(j.assessable_ms for j in afir) / whole
            parts.append(f"State known {share(known)} of the time.")
    if fresh is not None and fresh.within.value is not None:
        late = f", the latest after {duration(fresh.latest_ms)}" if (fresh.latest_ms or 0) > 60_000 else ""
        parts.append(
            f"{share(fresh.within.value)} of {number(fresh.within.n)} status changes reached us within "
            f"60 s{late}."
        )
    return " ".join(parts)
