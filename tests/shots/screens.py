"""`make screens`: every page in both themes and at three sizes, for the README, in resources/screens/.

They show a seeded demo that ran live for a while by a clock of its own: six weeks of history, then
minutes in which stations charge, commands are answered and settings are read. So two runs differ only
where the program does, and no picture shows the machine it was taken on. Each page stands in four
pictures, which between them have both themes and all sizes.
"""

import argparse
import asyncio
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app.clock import ManualClock
from app.demo import DemoRoom
from app.domain.errors import ForecourtError
from app.domain.operations import Operation, ReadConfiguration, Reset, Trigger, Wish
from app.settings import load
from tests.shots.palette import shrink
from tests.shots.states import ONE
from ui.shell.navigation import sections

OUT = Path(__file__).parents[2] / "resources" / "screens"
END_MS = 1_792_067_100_000
"""15 October 2026, 14:25 in Amsterdam: a working day's afternoon."""
DAYS, SEED, STATIONS = 46, 7, 48
PACE = 20.0
LIVE_S = 420
ASKED_S = 60
"""So long before the end commands are asked, so that most are proved in the picture."""
OPERATOR = "Sanne Visser"
SHOWN = {"zone": "Europe/Amsterdam", "listen": "192.168.40.12:9220"}


def main() -> int:
    """Take all, or those whose route is named; 1 where one could not be taken."""
    asked = argparse.ArgumentParser(prog="make screens", description=__doc__)
    asked.add_argument("routes", nargs="*", help="pages to take; all where none is named")
    asked.add_argument("--data", help="where the demo is kept for the next time, or was kept")
    args = asked.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="forecourt-screens-") as folder:
        kept = Path(args.data or Path(folder, "kept"), "forecourt-demo")
        if not kept.exists():
            asyncio.run(live(Path(folder, "live"), kept))
        wanted = [one for one in pictures() if not args.routes or one[0] in args.routes]
        failure = draw(kept, wanted)
    if failure:
        print(failure, file=sys.stderr)
    size = sum(file.stat().st_size for file in OUT.glob("*.png"))
    print(f"{OUT.name}: {size / 1e6:.1f} MB in all")
    return int(bool(failure))


def pictures() -> list[tuple[str, str, str]]:
    """(route, theme, size): both themes at the usual size, by turns on a laptop and a large screen."""
    routes = [page.route for section in sections() for page in section.pages]
    found = []
    for place, route in enumerate(routes):
        one, other = ("dark", "light") if place % 2 else ("light", "dark")
        found += [
            (route, "dark", "1440x900"),
            (route, "light", "1440x900"),
            (route, one, "1280x720"),
            (route, other, "1920x1080"),
        ]
    return sorted(found, key=lambda picture: picture[1:])


async def live(folder: Path, kept: Path) -> None:
    """Let the demo run for a while in `folder`, and copy what it kept while all its stations are there."""
    clock = ManualClock(END_MS)
    room = DemoRoom(
        load(folder, {"listen": "127.0.0.1:0", "zone": "Europe/Amsterdam"}, environment={}),
        clock, stations=STATIONS, days=DAYS, speed=PACE, seed=SEED,
    )  # fmt: skip
    await room.start()
    try:
        await pass_time(room, clock, LIVE_S - ASKED_S)
        await ask(room)
        await pass_time(room, clock, ASKED_S)
        keep(folder, kept)
    finally:
        await room.stop()


def keep(folder: Path, kept: Path) -> None:
    """Copy what a demo that runs has kept so far."""
    kept.mkdir(parents=True)
    with (
        closing(sqlite3.connect(folder / "forecourt.db")) as now,
        closing(sqlite3.connect(kept / "forecourt.db")) as then,
    ):
        now.backup(then)
    shutil.copytree(folder / "rules", kept / "rules")


async def pass_time(room: DemoRoom, clock: ManualClock, seconds: int) -> None:
    """Let the clock run, a second at a time, each to its end."""
    fleet = room._live._fleet if room._live is not None else None
    assert fleet is not None
    for _ in range(seconds):
        clock.advance(1)
        for _ in range(3):
            await asyncio.sleep(0)
        for station in fleet.stations:
            await station.idle()
    await asyncio.sleep(0.5)


async def ask(room: DemoRoom) -> None:
    """Ask stations what an operator asks: their settings, their state, a restart."""
    names = sorted(room.snapshot().stations)
    wishes: list[tuple[str, Operation]] = [(name, ReadConfiguration()) for name in names]
    wishes += [("VTP-03", Trigger("StatusNotification")), ("VTP-03", Reset(hard=False))]
    for name, operation in wishes:
        try:
            await room.desk.ask(Wish(name, operation, OPERATOR, why="looked after it"))
        except ForecourtError as refused:
            print(f"{name}: {refused}", file=sys.stderr)


def draw(data: Path, wanted: Sequence[tuple[str, str, str]]) -> str:
    """Take pictures as `forecourt shot` does; what went wrong, or nothing."""
    from ui.shot import Picture, size_of, take

    taken = []
    for route, theme, size in wanted:
        name = f"{route.replace('/', '-')}.{theme}.{size}.png"
        argument = "VTP-03" if route == ONE else ""
        taken.append(Picture(route, argument, size_of(size), theme, OUT / name))
    failure = take(load(data, SHOWN, environment={}), taken)
    for picture in taken:
        if picture.out.exists():
            shrink(picture.out)
    return failure


if __name__ == "__main__":
    sys.exit(main())
