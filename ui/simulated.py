"""The simulated first charger of the empty views: it calls our own server like any other charger."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, Asked
from app.fleet.views import MessageView

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
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "ws":
            host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(parts.hostname or "", parts.hostname or "")
            where = f"[{host}]" if ":" in host else host
            return urlunsplit(("ws", f"{where}:{parts.port}", parts.path or "/", "", ""))
    raise ForecourtError("The simulated charger needs a listener without TLS; add one in Onboarding.")


_playing: dict[int, Any] = {}


async def replay(room: Any, lines: Sequence[MessageView], pace: float) -> tuple[str, ...]:
    """Have simulated stations say again what stations said in `lines`; the identities they use.

    They are registered first, so that the door lets them in. A replay that still plays is stopped.

    Raises:
        ForecourtError: there is nothing to replay, it is of too many stations, or there is no plain listener.
    """
    from app.simulator.recorded import Heard, Recording, parts_of

    picture = room.fleet.snapshot().stations

    def version(station: str) -> str:
        view = picture.get(station)
        return view.version if view is not None and view.version else "1.6"

    heard = [
        Heard(line.station, line.at_ms, line.frame, line.direction == "in", line.action) for line in lines
    ]
    parts = parts_of(heard, version)
    url = local_url(room.urls)
    for part in parts:
        if part.identity not in picture:
            await room.do(
                Asked(AddStation(part.identity, f"Replay of {part.station}", "Simulated"), "replay")
            )
    await stop_replay(room)
    playing = _playing[id(room)] = Recording(parts, url, room.clock, pace)
    playing.start()
    return tuple(part.identity for part in parts)


async def replay_state(room: Any) -> tuple[int, int, bool, tuple[str, ...]]:
    """How far the replay is: messages said, of how many, whether it plays, and what went wrong."""
    playing = _playing.get(id(room))
    if playing is None:
        return 0, 0, False, ()
    return playing.said, playing.whole, playing.running, tuple(playing.failures)


async def stop_replay(room: Any) -> None:
    """Stop the replay that plays, if any."""
    playing = _playing.get(id(room))
    if playing is not None and playing.running:
        await playing.stop()
