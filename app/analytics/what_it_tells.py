"""What a stretch of history holds, and in plain words what it does not hold enough of to be known.

Asked after a recorded log was brought in: a figure that a log cannot carry is said to be missing, instead
of standing there as zero.
"""

from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from app.analytics.timelines import Span
from app.analytics.written_prices import written_prices
from app.store.readers.stations import all_stations
from app.store.tables import fault, reading, reading_pack, session, status

DAY_MS = 86_400_000
LEARNT_MS = 14 * DAY_MS
"""Before so long nobody knows what is usual in an hour of the week."""
FOLLOWED_MS = 60 * DAY_MS
"""Before so long nobody knows who stays away."""


class Held(NamedTuple):
    """Plain counts of a stretch of history."""

    span: Span
    sessions: int
    energy_wh: int
    unproved: int
    """Sessions whose energy nobody can prove."""
    cards: int
    """Sessions that name a card."""
    metered: int
    """Sessions with meter values between their ends."""
    faults: int
    statuses: int
    stations: int
    nameless: int
    """Stations that never said what they are."""
    priced: bool
    links: bool
    """Whether it tells when stations came and went."""


def held_of(connection: Connection, span: Span, zone: ZoneInfo, *, links: bool) -> Held:
    """Count it. `links` is known to whoever read the log."""
    c = session.c
    ours = (c.started_ms >= span[0], c.started_ms <= span[1])

    def sessions(*more: object) -> int:
        query = select(func.count()).select_from(session).where(*ours, *more)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar() or 0)

    stations = all_stations(connection)
    prices = written_prices(connection, zone)
    priced = any(
        prices.price(s.site, span[1], str(s.station), evse) is not None
        for s in stations
        for evse in {None, *(plug.evse for plug in s.plan)}
    )
    energy = connection.execute(select(func.sum(c.energy_wh)).where(*ours)).scalar()
    between = select(func.count(func.distinct(reading.c.session))).where(
        reading.c.session > 0, reading.c.at_ms >= span[0], reading.c.at_ms <= span[1]
    )
    packed = select(func.count()).where(
        reading_pack.c.last_ms >= span[0], reading_pack.c.first_ms <= span[1], reading_pack.c.row_count > 2
    )
    return Held(
        span, sessions(), int(energy or 0), sessions(c.energy_wh.is_(None), c.ended_ms.is_not(None)),
        sessions(c.token != ""),
        sum(int(connection.execute(query).scalar() or 0) for query in (between, packed)),
        _count(connection, fault, fault.c.onset_ms, span), _count(connection, status, status.c.at_ms, span),
        len(stations), sum(not s.vendor for s in stations), priced, links,
    )  # fmt: skip


def _count(connection: Connection, table: object, at: object, span: Span) -> int:
    query = select(func.count()).select_from(table).where(at >= span[0], at <= span[1])  # type: ignore[arg-type,operator]
    return int(connection.execute(query).scalar() or 0)


def told(held: Held) -> str:
    """What came out, in one sentence."""
    days = (held.span[1] - held.span[0]) / DAY_MS
    long = f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"
    return (
        f"{long}: {_counted(held.sessions, 'session')} with {held.energy_wh / 1000:.1f} kWh, "
        f"{_counted(held.faults, 'fault')}."
    )


def missing(held: Held) -> Iterator[str]:
    """What it does not hold enough of, each as a sentence that says what is not known therefore."""
    if held.nameless:
        yield (
            f"{_counted(held.nameless, 'station')} never said what maker and model they are: compare them "
            "with none."
        )
    if not held.links:
        yield (
            "It never says when stations came and went: uptime takes them as connected, and only what they "
            "say themselves counts as down."
        )
    if not held.statuses:
        yield "It has no status of a connector: uptime and most faults are not known."
    if not held.sessions:
        yield "It has no session: demand, and so what a fault costs, is not known."
        return
    if held.unproved:
        yield f"The energy of {_counted(held.unproved, 'session')} cannot be proved and is not counted."
    if not held.metered:
        yield "It has no meter values within sessions: power, peaks and curves are not known."
    if not held.cards:
        yield "It names no card: drivers, their first visits and who stays away are not known."
    elif held.span[1] - held.span[0] < FOLLOWED_MS:
        yield "It is shorter than 60 days: who stays away is not known yet."
    if held.span[1] - held.span[0] < LEARNT_MS:
        yield (
            "It is shorter than two weeks: what is usual is not learnt yet, so a silent connector is not "
            "seen and an outage is priced on little."
        )
    if not held.priced:
        yield "No price is written down: what a fault costs stands in hours and kWh until there is one."


def _counted(times: int, word: str) -> str:
    return f"{times} {word}" if times == 1 else f"{times} {word}s"
