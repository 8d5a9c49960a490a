"""The simulated first charger of the empty views: it calls our own server like any other charger."""

import asyncio
from dataclasses import dataclass
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, Asked
from app.onboarding.addresses import url_here
from app.operations.scenario_file import Recording
from app.tasks import spawn

_running: dict[int, Any] = {}


async def start_one(room: Any) -> None:
    """Start it in the core's loop; one that already runs goes on.

    Raises:
        ForecourtError: the server has no plain listener that it could call.
    """
    from app.simulator.first_charger import FirstCharger

    known = _running.get(id(room))
    if known is not None and known.running:
        return
    charger = _running[id(room)] = FirstCharger(clock=room.clock)
    await charger.start(local_url(room.urls))


def local_url(urls: tuple[str, ...]) -> str:
    """The first plain listener, as this machine reaches it.

    Raises:
        ForecourtError: there is none.
    """
    url = url_here(urls)
    if not url:
        raise ForecourtError("The simulated charger needs a listener without TLS; add one in Onboarding.")
    return url


@dataclass(slots=True)
class Playing:
    """A scenario that plays, or has played. `told` says how it ended, "" while it plays."""

    recording: Recording
    names: tuple[str, ...]
    began_ms: int
    pace: float
    stop: asyncio.Event
    told: str = ""


_playing: dict[int, Playing] = {}


async def replay(room: Any, recording: Recording, pace: float) -> tuple[str, ...]:
    """Have simulated stations play a scenario against our own server; the identities they use.

    They are registered first, so that the door lets them in. One that still plays is stopped.

    Raises:
        ForecourtError: the server has no plain listener that they could call.
    """
    from app.simulator.recorded import PREFIX

    url = local_url(room.urls)
    known = room.fleet.snapshot().stations
    for station in recording.head.stations:
        name = f"{PREFIX}{station}"
        if name not in known:
            await room.do(Asked(AddStation(name, f"Replay of {station}", "Simulated"), "replay", "scenario"))
    await stop_replay(room)
    names = tuple(f"{PREFIX}{station}" for station in recording.head.stations)
    playing = Playing(recording, names, room.clock.now_ms(), pace, asyncio.Event())
    _playing[id(room)] = playing
    spawn(_play(room, playing, url), name="scenario")
    return names


async def _play(room: Any, playing: Playing, url: str) -> None:
    from app.simulator.recorded import replay as play

    try:
        tally = await play(url, playing.recording, speed=playing.pace, stop=playing.stop, clock=room.clock)
    except ForecourtError as error:
        playing.told = str(error)
        return
    refused = f", {tally.failed} refused" if tally.failed else ""
    untold = f", {tally.waiting} not said" if tally.waiting else ""
    playing.told = f"It has ended: {tally.answered} messages answered{refused}{untold}."


async def replay_state(room: Any) -> tuple[float, str]:
    """How far the scenario is (0 to 1), and how it ended; (0, "") where none was played."""
    playing = _playing.get(id(room))
    if playing is None:
        return 0.0, ""
    passed = (room.clock.now_ms() - playing.began_ms) / 1000 * playing.pace
    whole = playing.recording.seconds
    return (min(1.0, max(0.001, passed / whole)) if whole else 0.001), playing.told


async def stop_replay(room: Any) -> None:
    """Stop the scenario that plays, if any."""
    playing = _playing.get(id(room))
    if playing is not None:
        playing.stop.set()
