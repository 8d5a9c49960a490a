"""A year of 100 busy stations: its size on disk, and how soon a page has its figures."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from app.analytics import day_cache, energy, questions
from app.analytics.insights import counted_ahead
from app.analytics.results import MessageFilter, SessionFilter
from app.intake.booking import replay_into
from app.replay import replay_rows
from app.settings import load
from app.simulator.network import load_network
from app.simulator.past import past
from app.store import tables
from app.store.groups import GroupWriter
from app.store.inline import InlineWriter
from app.store.open import Store
from app.store.retention import next_reading_packs, next_segments, shrink, swap, swap_readings
from tests.bench import busy, year_pages
from tests.bench.benches import Line, spread

STATIONS, DAYS = 100, 365
END_MS = 1_795_600_000_000
DAY_MS = 86_400_000
ZONE = "Europe/Berlin"
BUSY_STATIONS, BUSY_DAYS = 25, 2
"""As many busy stations are told as it takes for the bytes of one to be known."""


def build(say: Callable[[str], None], stations: int = STATIONS, days: int = DAYS) -> str:
    """A data directory with a year of simulated history and the faults heard in it, its old journal packed;
    made once."""
    folder = Path(tempfile.gettempdir()) / f"forecourt-bench-year-{stations}x{days}-heard"
    if (folder / "built").exists():
        return str(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    begun = time.process_time()
    told = replay_rows(load(folder, {}), past(load_network(stations), days, END_MS, 1).journal())
    took = time.process_time() - begun
    pace = f"{told.messages} messages, {told.messages / took:.0f} a second"
    say(f"a year of {stations} stations: {pace}, faults heard")
    store = Store.open(folder)
    _age(store, store.inline_writer(), END_MS)
    store.close()
    (folder / "built").write_text(f"{told.messages}\n", encoding="ascii")
    return str(folder)


def _age(store: Store, writer: InlineWriter, now_ms: int) -> None:
    """Pack what is old and give the room back, as upkeep does."""
    while packed := store.read(next_segments, now_ms):
        writer.call(lambda group, packed=packed: swap(group, packed))  # type: ignore[misc]
    after = -1
    while after:
        packs, after = store.read(next_reading_packs, now_ms, after=max(after, 0))
        writer.call(lambda group, packs=packs: swap_readings(group, packs))  # type: ignore[misc]
    while writer.call(shrink):
        pass


def _fill(store: Store) -> None:
    """Compute the caches, as upkeep does in the background."""
    writer = store.inline_writer()
    while day_cache.refresh(store.read, writer.call, END_MS, ZONE):
        pass
    while energy.refresh_parts(store.read, writer.call, END_MS, ZONE):
        pass
    while counted_ahead.refresh(store.read, writer.call, END_MS, ZONE):
        pass


def pages(data: str, say: Callable[[str], None]) -> list[Line]:
    """What each page asks, over the year, with caches cold and filled; and the size of it."""
    store = Store.open(Path(data))
    cold = {"overview: uptime strips, 30 days", "station page: 90 days", "sessions: first page with totals"}
    _drop_caches(store)
    station = load_network(STATIONS).stations[0].identity
    asked: dict[str, Callable[[], object]] = {
        "overview: power of 24 h": lambda: store.read(questions.power_24h, END_MS),
        "overview: uptime strips, 30 days": lambda: store.read(questions.strips, END_MS, ZONE, 30),
        "station page: 90 days": lambda: store.read(questions.station_history, station, END_MS, ZONE, 90),
        "station page: power of 30 days": lambda: store.read(
            questions.station_power, station, END_MS - 30 * DAY_MS, END_MS, 1_800_000
        ),
        "sessions: first page with totals": lambda: store.read(
            questions.sessions_page, SessionFilter(), None, 200
        ),
        "sessions: a text that few have": lambda: store.read(
            questions.sessions_page, SessionFilter(text="04BD1E"), None, 200
        ),
        "sessions: those to look at": lambda: store.read(
            questions.sessions_page, SessionFilter(any_flag=("stop-missing", "meter-missing")), None, 200
        ),
        "messages: newest page": lambda: store.read(questions.messages_page, MessageFilter(), None, 200),
        "messages: a text that none has": lambda: store.read(
            questions.messages_page, MessageFilter(text="zzqq"), None, 200
        ),
        "uptime of a year, for an export": lambda: store.read(
            questions.uptime, END_MS - DAYS * DAY_MS, END_MS
        ),
        "energy per day, a year": lambda: store.read(questions.energy_per_day, END_MS, ZONE, DAYS),
    }
    lines: list[Line] = []
    for filled in (False, True):
        if filled:
            _fill(store)
        for name, ask in asked.items():
            if not filled and name not in cold:
                continue
            spans: list[float] = []
            for _ in range(5):
                begun = time.perf_counter()
                ask()
                spans.append((time.perf_counter() - begun) * 1000)
            state = "" if filled else ", caches not filled yet"
            say(f"{name}{state}: {spread(spans, ' ms')}")
            lines.append(
                Line(f"{name}, a year of {STATIONS} stations{state}", "≤ 300 ms to painted",
                     spread(spans, " ms"), sorted(spans)[2] <= 250)
            )  # fmt: skip
    lines += _asked(store, say)
    messages = int((Path(data) / "built").read_text(encoding="ascii"))
    size = store.bytes
    store.close()
    say(f"{size / 1e6:.0f} MB for {messages:,} messages of a year of {STATIONS} stations")
    return [*lines, _busy_year(say)]


def _asked(store: Store, say: Callable[[str], None]) -> list[Line]:
    """What is asked of a whole year, with the months' costs computed."""
    year_pages.fill_costs(store, END_MS, ZoneInfo(ZONE))
    return year_pages.lines(store, END_MS, ZONE, STATIONS, say)


def _drop_caches(store: Store) -> None:
    def clear(group: GroupWriter) -> None:
        group.begin()
        group.execute(tables.day_state.delete())
        group.execute(tables.session_part.delete())
        group.execute(tables.tally.delete())
        group.commit()

    store.inline_writer().call(clear)


def _busy_year(say: Callable[[str], None]) -> Line:
    """The bytes of a busy station's meter value, its share of all else included, times a year of them."""
    with tempfile.TemporaryDirectory(prefix="forecourt-bench-busy-") as folder:
        store = Store.open(Path(folder))
        replay = replay_into(store)
        for row in busy.rows(BUSY_STATIONS, BUSY_DAYS, END_MS - 30 * DAY_MS):
            replay.journal(row)
        replay.finish()
        _age(store, replay.writer, END_MS)  # type: ignore[arg-type]
        size = store.backup(Path(folder) / "copy.db").stat().st_size
        store.close()
    values = BUSY_STATIONS * BUSY_DAYS * busy.SESSIONS_PER_DAY * busy.MINUTES
    year = size / values * STATIONS * 365 * busy.SESSIONS_PER_DAY * busy.MINUTES / 1e9
    say(f"busy: {size / values:.0f} bytes a meter value")
    return Line(
        "one year of 100 busy stations on disk",
        "≤ 2 GB",
        f"{year:.2f} GB: {busy.SESSIONS_PER_DAY} sessions a day of {busy.MINUTES} meter values with 7 or 8 "
        f"channels, {size / values:.0f} bytes each, all told",
        year <= 2,
    )
