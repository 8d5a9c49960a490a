"""`forecourt serve`: the control room without a window, until SIGTERM or SIGINT."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from app import collecting, data_dir, logs
from app.cli import load_settings
from app.clock import SystemClock
from app.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Serve; the first line on stdout is `ready ws://HOST:PORT/`, one line a listener."""
    settings = load_settings(
        args,
        listen=",".join(args.listen) if args.listen else None,
        **{"tls.cert": args.tls_cert, "tls.key": args.tls_key},
    )
    data_dir.prepare(settings.data_dir)
    warn_if_open(settings)
    stop_logging = logs.start(settings)
    try:
        run_loop(serve(settings))
    finally:
        stop_logging()
    return 0


def warn_if_open(settings: Settings) -> None:
    """Say so where others may read the data directory."""
    if data_dir.readable_by_others(settings.data_dir):
        at = settings.data_dir
        print(f"forecourt: others can read {at}; close it with: chmod -R go= {at}", file=sys.stderr)


def run_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` on the fastest loop there is."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def serve(settings: Settings) -> None:
    """Start, say where, wait for a signal or `stop` on the control channel, stop in order."""
    collecting.begin()
    from app.control_room import ControlRoom

    stopping = stop_event()
    room = ControlRoom(settings, SystemClock(), stop=stopping.set)
    try:
        await room.start()
        collecting.settle()
        for url in room.urls:
            print(f"ready {url}", flush=True)
        await stopping.wait()
    finally:
        await room.stop()


def stop_event() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set, so that stopping is orderly."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stopping.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))
    return stopping
