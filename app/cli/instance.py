"""`status`, `watch` and `send`: questions to the instance that runs on the same data directory."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from app.cli import load_settings
from app.cli.words import clock_time, energy, power, table
from app.control_channel import ask, follow
from app.domain.errors import UsageError
from app.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Ask, print the answer."""
    settings = load_settings(args)
    work = {"status": _status, "watch": _watch, "send": _send}[args.command]
    asyncio.run(work(settings, args))
    return 0


async def _status(settings: Settings, args: argparse.Namespace) -> None:
    status = await ask(settings.data_dir, "status")
    if args.json:
        print(json.dumps(status, ensure_ascii=False))
    else:
        print(status_text(status))


async def _watch(settings: Settings, args: argparse.Namespace) -> None:
    async with aclosing(follow(settings.data_dir, "watch")) as lines:
        async for line in lines:
            print(json.dumps(line, ensure_ascii=False) if args.json else message_text(line), flush=True)


async def _send(settings: Settings, args: argparse.Namespace) -> None:
    try:
        payload = json.loads(args.payload)
    except ValueError as exc:
        raise UsageError(f"The payload is no JSON: {exc}.") from exc
    if not isinstance(payload, dict):
        raise UsageError("The payload must be a JSON object, as '{}'.")
    answer = await ask(
        settings.data_dir,
        "send",
        station=args.station,
        action=args.action,
        payload=payload,
        timeout_s=args.timeout,
        by="command line",
    )
    json.dump(answer, sys.stdout, ensure_ascii=False)
    print()


def status_text(status: Mapping[str, Any]) -> str:
    """The status for a person: the server, what is wrong, who waits, and a line for each station."""
    server, totals = status["server"], status["totals"]
    where = ", ".join(server["urls"]) or server["cause"] or "nowhere yet"
    lines = [
        f"{server['state']} on {where}",
        f"{totals['online']} of {totals['stations']} stations online, {power(totals['power_w'])} now, "
        f"{energy(totals['energy_today_wh'])} today, {totals['sessions_open']} sessions open",
    ]
    if not server["recording"]:
        lines.append(f"NOT RECORDING: {server['recording_cause']}")
    lines += [
        f"wrong: {t['station']} {t['text']} since {clock_time(t['since_ms'])}" for t in status["troubles"]
    ]
    lines += [_at_the_door(entry) for entry in status["waiting"]]
    rows = [
        (s["station"], s["name"], s["state"], s["link"], power(s["power_w"]), str(s["sessions_open"]))
        for s in status["stations"]
    ]
    if rows:
        lines += ["", table(("station", "name", "state", "link", "power", "sessions"), rows)]
    return "\n".join(lines)


def _at_the_door(entry: Mapping[str, Any]) -> str:
    """Who waits to be let in, or was turned away and why."""
    who = f"{entry['identity'] or 'somebody'} from {entry['peer']}"
    if entry["cause"] != "waiting":
        return f"refused: {who}: {entry['cause']}"
    kept = entry["held_messages"]
    return f"waiting: {who}" + (f", {kept} messages kept for it" if kept else "")


def message_text(line: Mapping[str, Any]) -> str:
    """One line of the message log for a person."""
    arrow = {"in": "←", "out": "→"}.get(line["direction"], "·")
    said = line["frame"] or line["note"]
    return f"{clock_time(line['at_ms'])} {arrow} {line['station']} {line['action']} {said}".rstrip()
