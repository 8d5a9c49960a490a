"""`uptime`: by any rule, from this history or from another system's exported statuses."""

import argparse
import json
import sys
import time
from datetime import UTC, tzinfo
from fractions import Fraction
from pathlib import Path

from app.analytics.days import zone_of
from app.analytics.uptime import truncated
from app.analytics.uptime_file import Row, read_exclusions, read_statuses, uptime_of_file
from app.analytics.uptime_views import Judged, view_named
from app.cli import load_settings
from app.cli.words import iso, moment, table
from app.domain.errors import UsageError
from app.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Print one line an EVSE, and last the whole."""
    settings = load_settings(args)
    zone: tzinfo = zone_of(args.tz) if args.tz else (zone_of(settings.zone) if settings.zone else UTC)
    view = view_named(args.rule)
    window = (moment(args.from_, "--from", zone), moment(args.to, "--to", zone))
    if window[0] >= window[1]:
        raise UsageError("--from must be before --to.")
    excused = read_exclusions(Path(args.exclusions)) if args.exclusions else {}
    if args.from_csv:
        rows = uptime_of_file(read_statuses(Path(args.from_csv)), excused, view, window, zone)
    else:
        rows = _ours(settings, args.rule, window, zone, excused)
    told = [_told(row, view.name, window) for row in rows]
    if args.json:
        for line in told:
            print(json.dumps(line))
    else:
        print(_in_words(rows))
        if rows[-1].judged.constant_ms is not None:
            _constant_year(rows[-1].judged)
    return 0


def _ours(settings: Settings, rule: str, window: tuple[int, int], zone: tzinfo, excused: object) -> list[Row]:
    from app.analytics.uptime_history import uptime_by
    from app.store.open import open_reading

    if excused:
        raise UsageError("--exclusions goes with --from-csv; this history has its own.")
    reading = open_reading(settings.data_dir, settings.store.url)
    until = min(window[1], max(window[0], time.time_ns() // 1_000_000))
    try:
        with reading.connect() as connection:
            return uptime_by(connection, rule, (window[0], until), zone)
    finally:
        reading.close()


def _told(row: Row, rule: str, window: tuple[int, int]) -> dict[str, object]:
    judged = row.judged
    told: dict[str, object] = {
        "station": row.station,
        "evse": row.evse,
        "rule": rule,
        "from": iso(window[0]),
        "to": iso(window[1]),
        "uptime_pct": _six(judged.best),
        "uptime_low_pct": _six(judged.low),
        "uptime_high_pct": _six(judged.high),
        "assessable_ms": judged.assessable_ms,
        "outage_ms": judged.outage_ms,
        "excluded_ms": judged.excluded_ms,
        "unmeasured_ms": judged.unmeasured_ms,
        "passes": judged.passes,
    }
    if judged.constant_ms is not None:
        told["uptime_true_minutes_pct"] = _six(judged.true_minutes)
    return told


def _six(percent: Fraction | None) -> float | None:
    return None if percent is None else float(truncated(percent, 6))


def _in_words(rows: list[Row]) -> str:
    head = ("station", "EVSE", "uptime %", "from", "to", "outage h", "excused h", "not measured h", "passes")
    lines = []
    for row in rows:
        j = row.judged
        lines.append(
            (
                row.station or "all",
                "" if row.evse is None else str(row.evse),
                truncated(j.best) or "–",
                truncated(j.low) or "–",
                truncated(j.high) or "–",
                f"{j.outage_ms / 3_600_000:.2f}",
                f"{j.excluded_ms / 3_600_000:.2f}",
                f"{j.unmeasured_ms / 3_600_000:.2f}",
                {True: "yes", False: "no", None: "–"}[j.passes],
            )
        )
    return table(head, lines)


def _constant_year(whole: Judged) -> None:
    true = truncated(whole.true_minutes, 4)
    if true and true != truncated(whole.best, 4):
        print(f"By the year's true minutes it is {true} %; the rule counts 525,600.", file=sys.stderr)
