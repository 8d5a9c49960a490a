"""Seeded answers to the pages' questions: strips, power, sessions, as history would give them."""

import random
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.results import (
    Counts,
    CurvePoint,
    DayState,
    EnergyDay,
    MessagesPage,
    PowerSeries,
    SessionDetail,
    SessionFilter,
    SessionLine,
    SessionOrder,
    SessionsPage,
    StationHistory,
    Strip,
    Uptime,
)
from app.analytics.typical_power import TypicalPower
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import Flag, SessionRecord, SessionState
from app.domain.status import Shown
from app.fleet.views import Picture
from app.protocol.quirks import shipped
from tests.ui.pictures import HOUR, MINUTE, NOW_MS, messages
from ui.models.oddities import described

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = 24 * HOUR
NEWEST_FIRST = SessionOrder()


def answers(picture: Picture, seed: int = 5) -> dict[str, Any]:
    """What a bridge would be told, by the name of the question."""
    lines = session_lines(picture, seed)

    def history(station: str, now_ms: int, zone: str, days: int = 90) -> StationHistory:
        mine = tuple(line for line in lines if line.session.station == station)[:20]
        rng = random.Random(station)
        return StationHistory(station, strip(station, days), tuple(_energy(rng, days)), mine, (), ())

    def detail(number: int) -> SessionDetail | None:
        line = next((line for line in lines if line.session.session == number), None)
        return None if line is None else SessionDetail(line, tuple(curve(line.session)), ())

    def page(
        wanted: SessionFilter,
        cursor: tuple[Any, int] | None = None,
        limit: int = 200,
        order: SessionOrder = NEWEST_FIRST,
    ) -> SessionsPage:
        return sessions_page(lines, wanted, cursor, limit, order)

    def log(wanted: Any, before: int | None = None, limit: int = 200) -> MessagesPage:
        view = picture.stations.get(wanted.station)
        return MessagesPage(tuple(reversed(messages(view, 40))) if view else (), None)

    return {
        "strips": lambda now_ms, zone, days=30: tuple(strip(s, days) for s in picture.stations),
        "station_power": lambda station, a, b, step: power(station, a, b, step, 180_000),
        "evse_powers": lambda station, a, b, step: tuple(
            (evse, power(f"{station} {evse}", a, b, step, 90_000)) for evse in (1, 2)
        ),
        "todays_power": lambda now_ms, zone, step_ms=300_000: _until(
            power("all", midnight(now_ms), midnight(now_ms) + DAY, step_ms, 2_400_000), now_ms
        ),
        "typical_power": lambda now_ms, zone, step_ms=300_000: typical(midnight(now_ms), step_ms),
        "power_24h": lambda now_ms, step_ms=300_000: power("all", now_ms - DAY, now_ms, step_ms, 2_400_000),
        "energy_per_day": lambda now_ms, zone, days, station=None: tuple(_energy(random.Random(2), days)),
        "station_history": history,
        "sessions_page": page,
        "session_detail": detail,
        "messages_page": log,
        "counts": lambda: Counts(
            len(picture.stations), len(lines), 3, 900, 40_000, 120_000, NOW_MS - 90 * DAY
        ),
        "station/quirks": lambda: described(shipped()),
        "sites": lambda: tuple(sorted({view.site for view in picture.stations.values()})),
    }


def strip(station: str, days: int) -> Strip:
    """A station's last days; one in eight with trouble."""
    rng = random.Random(station)
    now = datetime.fromtimestamp(NOW_MS / 1000, ZONE)
    first = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    made = []
    for i in range(days):
        at = first + timedelta(days=i)
        start = int(at.timestamp() * 1000)
        end = min(NOW_MS, start + DAY)
        bad = rng.choice((Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED)) if rng.random() < 0.12 else None
        down = rng.randrange(MINUTE, 5 * HOUR) if bad in (Shown.FAULTED, Shown.OFFLINE) else 0
        down = min(down, end - start)
        worst = bad or Shown.AVAILABLE
        states = ((worst, down or end - start), (Shown.AVAILABLE, end - start - down))
        made.append(
            DayState(f"{at:%Y-%m-%d}", start, end, worst, states, Uptime(end - start - down, down, 0))
        )
    up, down = sum(d.uptime.up_ms for d in made), sum(d.uptime.down_ms for d in made)
    return Strip(station, ZONE.key, tuple(made), Uptime(up, down, 0))


def power(name: str, start: int, end: int, step: int, peak: float) -> PowerSeries:
    """A day with a hump, noise and one gap."""
    rng = random.Random(name)
    values: list[float | None] = []
    for i in range(max(1, (end - start) // step)):
        hour = ((start + i * step) / HOUR) % 24
        level = max(0.05, 1 - abs(hour - 13) / 9)
        values.append(
            None if 0.55 < i * step / (end - start) < 0.58 else peak * level * rng.uniform(0.85, 1.0)
        )
    return PowerSeries(start, step, tuple(values))


def midnight(now_ms: int) -> int:
    """Where the local day began."""
    at = datetime.fromtimestamp(now_ms / 1000, ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(at.timestamp() * 1000)


def typical(start: int, step: int) -> TypicalPower:
    """What is typical: the same hump without noise, a quarter up and down."""
    levels = [max(0.05, 1 - abs(((start + i * step) / HOUR) % 24 - 14) / 9) for i in range(DAY // step)]
    low, middle, high = (tuple(2_300_000 * share * level for level in levels) for share in (0.75, 1, 1.25))
    return TypicalPower(step, 8, low, middle, high)


def _until(series: PowerSeries, now_ms: int) -> PowerSeries:
    """Nothing after now."""
    known = (now_ms - series.start_ms) // series.step_ms
    after = (None,) * (len(series.values) - known)
    return PowerSeries(series.start_ms, series.step_ms, series.values[:known] + after)


def _energy(rng: random.Random, days: int) -> list[EnergyDay]:
    now = datetime.fromtimestamp(NOW_MS / 1000, ZONE)
    out = []
    for i in range(days):
        at = (now - timedelta(days=days - 1 - i)).replace(hour=0, minute=0, second=0, microsecond=0)
        start = int(at.timestamp() * 1000)
        out.append(EnergyDay(f"{at:%Y-%m-%d}", start, start + DAY, rng.randrange(90_000, 640_000), 12))
    return out


def session_lines(picture: Picture, seed: int) -> list[SessionLine]:
    """About five sessions a station over the last two days, newest first."""
    rng = random.Random(seed)
    lines = []
    number = 40_000
    for view in picture.stations.values():
        for _ in range(5):
            number += 1
            start = NOW_MS - rng.randrange(5, 40 * 60) * MINUTE
            length = rng.randrange(3, 130) * MINUTE
            running = start + length > NOW_MS
            energy = rng.randrange(200, 70_000)
            flags: tuple[Flag, ...] = ()
            if rng.random() < 0.15:
                flags = tuple(rng.sample(list(Flag), rng.choice((1, 1, 2))))
            state = SessionState.OPEN if running else SessionState.CLOSED
            if Flag.ORPHAN_STOP in flags:
                state = SessionState.REVIEW
            lines.append(
                SessionLine(
                    SessionRecord(
                        session=SessionId(number),
                        station=StationId(view.station),
                        evse=1,
                        connector=1,
                        transaction=TransactionId(str(number)),
                        token=f"04A2{rng.randrange(10**6):06d}",
                        started_ms=start,
                        ended_ms=None if running else start + length,
                        meter_start_wh=18_204_300,
                        meter_stop_wh=None if running else 18_204_300 + energy,
                        energy_wh=None if Flag.METER_MISSING in flags else energy,
                        stop_reason="" if running else rng.choice(("Local", "EVDisconnected", "Remote", "")),
                        state=state,
                        flags=flags,
                        peak_power_w=72_000,
                        soc_percent=74.0,
                    ),
                    view.name,
                    view.site,
                )
            )
    return sorted(lines, key=lambda line: -line.session.started_ms)


def sessions_page(
    lines: list[SessionLine],
    wanted: SessionFilter,
    cursor: tuple[Any, int] | None,
    limit: int,
    order: SessionOrder = NEWEST_FIRST,
) -> SessionsPage:
    """The question `sessions_page`, answered from a list."""

    def place(line: SessionLine) -> tuple[Any, int]:
        s = line.session
        end = order.now_ms if s.ended_ms is None else s.ended_ms
        value: Any = {
            "station": str(s.station),
            "duration": end - s.started_ms,
            "energy": -1 if s.energy_wh is None else s.energy_wh,
        }.get(order.by, s.started_ms)
        return value, int(s.session)

    kept = sorted((x for x in lines if _fits(x, wanted)), key=place, reverse=order.descending)
    rest = kept
    if cursor is not None:
        rest = [x for x in kept if (place(x) < cursor if order.descending else place(x) > cursor)]
    rows = rest[:limit]
    more = place(rows[-1]) if len(rest) > limit else None
    energy = sum(line.session.energy_wh or 0 for line in kept)
    unproven = sum(1 for line in kept if line.session.energy_wh is None)
    return SessionsPage(tuple(rows), more, len(kept), energy, unproven)


def _fits(line: SessionLine, wanted: SessionFilter) -> bool:
    session = line.session
    return (
        (wanted.from_ms is None or session.started_ms >= wanted.from_ms)
        and (wanted.to_ms is None or session.started_ms < wanted.to_ms)
        and (not wanted.site or line.site == wanted.site)
        and (not wanted.station or session.station == wanted.station)
        and (not wanted.states or session.state in wanted.states)
        and (
            not wanted.text
            or wanted.text in f"{session.session} {session.station} {line.site} {session.token}"
        )
    )


def curve(session: SessionRecord) -> list[CurvePoint]:
    """A plateau and a taper, one sample every 30 s, with a gap of 12 min in the middle."""
    end = session.ended_ms or NOW_MS
    count = max(2, (end - session.started_ms) // 30_000)
    register = float(session.meter_start_wh or 0)
    points = []
    for i in range(count):
        share = i / count
        watts = 71_000 if share < 0.7 else 71_000 * (1 - (share - 0.7) * 2.6)
        register += watts * 30 / 3600
        if 0.4 < share < 0.6:
            continue
        points.append(
            CurvePoint(
                session.started_ms + i * 30_000,
                int(register),
                int(watts),
                12 + share * 60,
                True,
                "Sample.Periodic",
            )
        )
    return points
