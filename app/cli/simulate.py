"""`forecourt simulate URL`: simulated stations against any server, bounded and polite."""

import argparse
import asyncio
import sys
from urllib.parse import urlsplit

from app.cli.serve import run_loop, stop_event
from app.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Simulate until the end, or SIGINT; then say how it went."""
    parts = urlsplit(args.url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise UsageError(f"{args.url!r} is no address for stations; write it as ws://127.0.0.1:9220/.")
    run_loop(_simulate(args))
    return 0


async def _simulate(args: argparse.Namespace) -> None:
    from app.simulator.fleet import simulate
    from app.simulator.recorded import replay
    from app.simulator.scenario import recording_of

    stop: asyncio.Event = stop_event()
    recording = recording_of(args.scenario)
    if recording is not None:
        played = await replay(
            args.url, recording, speed=args.speed, stop=stop, note=_say, duration_s=args.seconds
        )
        print(played)
        return
    tally = await simulate(
        args.url,
        stations=args.stations,
        version=args.ocpp,
        scenario=args.scenario,
        speed=args.speed,
        seed=args.seed,
        duration_s=args.seconds,
        stop=stop,
        note=_say,
    )
    print(tally)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
