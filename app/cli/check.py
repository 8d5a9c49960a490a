"""`forecourt check`: is everything in order; and `--settings`: every setting with its meaning."""

import argparse
import dataclasses
import json
from pathlib import Path

from app.checks import Check, Verdict, check_all
from app.cli import load_settings
from app.control_channel import running
from app.settings import Settings, SettingsError, keys, show, value_of


def run(args: argparse.Namespace) -> int:
    """Look, print, exit 1 if something blocks."""
    try:
        settings = load_settings(args)
    except SettingsError as exc:
        return _told([Check("settings", Verdict.BLOCKS, str(exc).rstrip("."), "mend it")], args.json)
    if args.settings:
        print(settings_text(settings, as_json=args.json))
        return 0
    found = check_all(settings, quick=args.quick, running=running(settings.data_dir))
    if args.bundle:
        from app.support_bundle import write_bundle

        write_bundle(Path(args.bundle), settings, found)
    return _told(found, args.json)


def _told(found: list[Check], as_json: bool) -> int:
    if as_json:
        print(json.dumps([dataclasses.asdict(c) for c in found], ensure_ascii=False))
    else:
        for check in found:
            print(f"{check.verdict.value:8} {check.name}: {check.found}")
            if check.remedy:
                print(f"{'':8} → {check.remedy}")
    return int(any(c.verdict is Verdict.BLOCKS for c in found))


def settings_text(settings: Settings, *, as_json: bool = False) -> str:
    """Every key: its value, default, bounds, meaning and environment variable."""
    rows = [
        {
            "key": item.name,
            "value": show(value_of(settings, item.name)),
            "default": item.default,
            "bounds": item.bounds,
            "meaning": item.meaning,
            "environment": item.environment,
        }
        for item in keys()
    ]
    if as_json:
        return json.dumps(rows, ensure_ascii=False)
    lines = []
    for row in rows:
        lines.append(f"{row['key']} = {row['value'] or '(empty)'}")
        lines.append(f"    {row['meaning']}. It is {row['bounds']}; by default {row['default'] or 'empty'}.")
    return "\n".join(lines)
