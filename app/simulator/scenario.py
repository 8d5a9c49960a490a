"""Scenarios: how a run of stations differs from a normal day, read from `resources/demo/scenarios`.

A file of the form of `app/operations/scenario_file.py` is a scenario too: stations say again what it holds.
"""

import random
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from app.domain.errors import UsageError
from app.operations.scenario_file import SUFFIX, Recording, read
from app.simulator.quirky import NAMED, NORMAL, Habits, habits


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run's character.

    Attributes:
        demand: factor on arrivals; floor: least share of the peak that any hour has.
        trouble: factor on faults, crashes and power cuts; radio: factor on lost links.
        broken: share of stations with a fault from the start.
        quirks: (names, share of stations that have them), in order, the first that fits wins.
    """

    name: str
    title: str
    demand: float = 1.0
    floor: float = 0.0
    trouble: float = 1.0
    radio: float = 1.0
    broken: float = 0.0
    quirks: tuple[tuple[tuple[str, ...], float], ...] = ()

    def habits_for(self, place: int, rng: random.Random) -> Habits:
        """The habits of the station at this place of the run."""
        if not self.quirks:
            return NORMAL
        if all(share == 0 for _, share in self.quirks):  # no shares: each in turn
            return habits(*self.quirks[place % len(self.quirks)][0])
        draw = rng.random()
        for names, share in self.quirks:
            if draw < share:
                return habits(*names)
            draw -= share
        return NORMAL


def scenario_names() -> tuple[str, ...]:
    """What `--scenario` takes."""
    folder = files("resources").joinpath("demo/scenarios")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def recording_of(name: str) -> Recording | None:
    """What the file `name` recorded; None where it names no file but one of `scenario_names`.

    Raises:
        UsageError: the file is no scenario, or cannot be read.
    """
    if name in scenario_names() or (not name.endswith(SUFFIX) and not Path(name).is_file()):
        return None
    return read(Path(name))


def load_scenario(name: str) -> Scenario:
    """The scenario of this name.

    Raises:
        UsageError: there is none, or it names a quirk that cannot be played.
    """
    known = scenario_names()
    if name not in known:
        raise UsageError(
            f"There is no scenario {name!r}; choose one of {', '.join(known)}, or a file.{SUFFIX[1:]}."
        )
    text = files("resources").joinpath(f"demo/scenarios/{name}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    quirks = tuple((tuple(q["names"]), float(q.get("share", 0))) for q in data.pop("quirks", []))
    for names, _ in quirks:
        for quirk in names:
            if quirk not in NAMED:
                raise UsageError(
                    f"Scenario {name!r} asks for {quirk!r}, which no simulated station can play."
                )
    return Scenario(name=name, quirks=quirks, **data)
