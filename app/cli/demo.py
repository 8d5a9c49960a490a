"""`forecourt demo --headless`: the demo without a window, until SIGTERM or SIGINT."""

import argparse
import asyncio

from app import data_dir, logs
from app.cli import load_settings
from app.cli.serve import run_loop, stop_event
from app.cli.words import Progress
from app.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Book the past once (a bar on stderr), then serve; `ready ws://HOST:PORT/` as `serve` does."""
    settings = load_settings(args, listen=",".join(args.listen) if args.listen else None)
    data_dir.prepare(settings.data_dir)
    stop_logging = logs.start(settings)
    try:
        run_loop(_demo(settings, args))
    finally:
        stop_logging()
    return 0


async def _demo(settings: Settings, args: argparse.Namespace) -> None:
    from app.demo import DemoRoom, GaveUp

    stopping = stop_event()
    progress = Progress(f"Writing {args.days} days of a simulated past", total=1_000)
    room = DemoRoom(
        settings,
        stations=args.stations,
        days=args.days,
        speed=args.speed,
        seed=args.seed,
        tell=lambda part: progress.to(round(part * 1_000)),
        stop=stopping.set,
    )
    starting = asyncio.ensure_future(room.start())
    asked_to_stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((starting, asked_to_stop), return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            room.give_up()
        try:
            await starting
        except GaveUp:
            return
        finally:
            progress.end()
        for url in room.urls:
            print(f"ready {url}", flush=True)
        await stopping.wait()
    finally:
        asked_to_stop.cancel()
        await room.stop()
