"""A year of 100 busy stations: its size on disk, and how soon a page has its figures."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.analytics import questions
from app.intake.booking import replay_into
from app.simulator.network import load_network
from app.simulator.past import past
from app.store.open import Store
from app.store.retention import next_segments, swap
from tests.bench.benches import Line, spread

STATIONS, DAYS = 100, 365
END_MS = 1_795_600_000_000
DAY_MS = 86_400_000
ZONE = "Europe/Berlin"
BUSY_SAMPLES_PER_DAY = 10 * 40
"""A busy station: ten sessions a day of 40 minutes, a meter value each minute."""


def build(say: Callable[[str], None], stations: int = STATIONS, days: int = DAYS) -> str:
    """A data directory with a year of simulated history, its old journal packed; made once a run."""
    folder = Path(tempfile.gettempdir()) / f"forecourt-bench-year-{stations}x{days}"
    if (folder / "built").exists():
        return str(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    store = Store.open(folder)
    begun = time.process_time()
    replay = replay_into(store)
    for row in past(load_network(stations), days, END_MS, 1).journal():
        replay.journal(row)
    replay.finish()
    took = time.process_time() - begun
    say(
        f"a year of {stations} stations: {replay.rows} messages, {replay.rows / took:.0f} a second, generated too"
    )
    writer = replay.writer
    while packed := store.read(next_segments, END_MS):
        writer.call(lambda group, packed=packed: swap(group, packed))  # type: ignore[attr-defined,misc]
    writer.call(lambda group: group.cursor.execute("PRAGMA incremental_vacuum").fetchall())  # type: ignore[attr-defined]
    store.close()
    (folder / "built").write_text(f"{replay.rows}\n", encoding="ascii")
    return str(folder)


def pages(data: str, say: Callable[[str], None]) -> list[Line]:
    """What each page asks, over the year; and the size of it."""
    store = Store.open(Path(data))
    station = load_network(STATIONS).stations[0].identity
    asked: dict[str, Callable[[], object]] = {
        "overview: power of 24 h": lambda: store.read(questions.power_24h, END_MS),
        "overview: uptime strips, 30 days": lambda: store.read(questions.strips, END_MS, ZONE, 30),
        "station page: 90 days": lambda: store.read(questions.station_history, station, END_MS, ZONE, 90),
        "station page: power of 30 days": lambda: store.read(
            questions.station_power, station, END_MS - 30 * DAY_MS, END_MS, 1_800_000
        ),
        "sessions: first page with totals": lambda: store.read(
            questions.sessions_page, questions.Sought(), None, 200
        ),
        "messages: newest page": lambda: store.read(questions.messages_page, questions.Wanted(), None, 200),
        "energy per day, a year": lambda: store.read(questions.energy_per_day, END_MS, ZONE, DAYS),
    }
    lines: list[Line] = []
    for name, ask in asked.items():
        spans: list[float] = []
        for _ in range(5):
            begun = time.perf_counter()
            ask()
            spans.append((time.perf_counter() - begun) * 1000)
        say(f"{name}: {spread(spans, ' ms')}")
        lines.append(
            Line(f"{name}, a year of {STATIONS} stations", "≤ 300 ms to painted", spread(spans, " ms"),
                 sorted(spans)[2] <= 250)
        )  # fmt: skip
    bytes_now = store.bytes
    store.close()
    messages = int((Path(data) / "built").read_text(encoding="ascii"))
    each = bytes_now / messages
    busy = each * BUSY_SAMPLES_PER_DAY * DAYS * STATIONS / 1e9
    lines.append(
        Line(
            "one year of 100 busy stations on disk",
            "≤ 2 GB",
            f"{bytes_now / 1e6:.0f} MB for {messages:,} messages, {each:.0f} bytes each: "
            f"{busy:.2f} GB at {BUSY_SAMPLES_PER_DAY} samples a station and day",
            busy <= 2,
        )
    )
    return lines
