"""`make shots`: a picture of every page in every state, in both themes and two sizes, in shots/.

Full pages show the demo's past, seeded, so that two runs differ only where the program does. The states
that no data directory holds come from the window's tests (`states`).
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.domain.intents import Asked
from app.intake.actions import deed_of
from app.intake.booking import replay_into
from app.replay import replay_rows
from app.settings import load
from app.simulator.network import Network, load_network
from app.simulator.past import past
from app.store.open import Store
from tests.shots.states import ONE
from ui.shell.navigation import sections

OUT = Path(__file__).parents[2] / "shots"
SIZES = ("1440x900", "1280x720")
THEMES = ("dark", "light")
END_MS = 1_792_000_000_000
DAYS = 7
SEED = 1
AT_ONCE = 2


def main() -> int:
    """Draw all; 1 where one could not be drawn."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="forecourt-shots-") as folder:
        full = Path(folder, "full")
        network = load_network(48)
        replay_rows(load(full, environment={}), past(network, DAYS, END_MS, SEED).journal())
        describe(full, network)
        routes = [page.route for section in sections() for page in section.pages if page.route != ONE]
        routes.append(f"{ONE}:{network.stations[0].identity}")
        wanted = [
            (route, state, data, theme, size)
            for route in routes
            for state, data in (("full", full),)
            for theme in THEMES
            for size in SIZES
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            states = pool.submit(draw_states)
            failed = [name for name in pool.map(lambda one: draw(*one), wanted) if name]
            failed += [states.result()] if states.result() else []
    print(f"{len(wanted) - len(failed)} pictures in {OUT}")
    for name in failed:
        print(name, file=sys.stderr)
    return int(bool(failed))


def describe(data: Path, network: Network) -> None:
    """Give the stations their names, sites and places."""
    store = Store.open(data)
    books = replay_into(store)
    for intent in network.intents():
        books.deed(deed_of(Asked(intent, "shots")), END_MS)
    books.finish()
    store.close()


def draw_states() -> str:
    """Draw the other states in a process of their own; what went wrong, or nothing."""
    command = [sys.executable, "-m", "tests.shots.states", str(OUT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return f"states: {done.stderr.strip()[-300:]}" if done.returncode else ""


def draw(route: str, state: str, data: Path, theme: str, size: str) -> str:
    """Draw one page; what went wrong, or nothing."""
    name = f"{route.replace('/', '-').replace(':', '-')}.{state}.{theme}.{size}.png"
    command = [
        sys.executable, "-c", "import sys; from ui.launch import main; sys.exit(main())",
        "shot", route, "--data", str(data), "--theme", theme, "--size", size, "--out", str(OUT / name),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return f"{name}: {done.stderr.strip()[-300:]}" if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main())
