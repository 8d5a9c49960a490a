"""The simulated first charger of the empty views: it calls our own server like any other charger."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from app.domain.errors import ForecourtError

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
