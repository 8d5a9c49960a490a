"""What a running instance answers on its control channel, from status to stop."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from app.control_channel import ControlChannel
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.intents import Asked
from app.fleet.views import MessageView, Picture
from app.store.readers.stations import all_stations

WATCH_EVERY_S = 0.1


class Subscription(Protocol):
    """A watcher of the message feed."""

    def take(self) -> tuple[MessageView, ...]:
        """Lines since the last take."""

    def close(self) -> None:
        """Stop watching."""


class Room(Protocol):
    """What the channel needs of the control room."""

    data_dir: Path

    def snapshot(self) -> Picture:
        """The live picture."""

    def subscribe(self, station: str | None) -> Subscription:
        """Watch the messages of one station, or of all."""

    async def send(
        self, station: StationId, action: str, payload: Mapping[str, Any], timeout_s: float | None, by: str
    ) -> Mapping[str, Any]:
        """
        Send one message to a station; the payload of its answer.

        Raises:
            ForecourtError: offline, CALLERROR, or no answer in time.
        """

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run `fn(connection, *args)` in a reader thread."""

    async def do(self, asked: Asked) -> None:
        """Carry out an operator's intent."""

    async def listen_on(self, addresses: list[str]) -> list[str]:
        """Listen there instead; the URLs that then hold."""

    async def backup_to(self, path: Path) -> Mapping[str, Any]:
        """Write a backup; what it holds."""

    async def restore_from(self, path: Path) -> Mapping[str, Any]:
        """Put a backup back; where the present files are kept."""


def channel(room: Room, stop: Callable[[], None]) -> ControlChannel:
    """The channel of `room`. `stop` asks whoever hosts it to stop."""

    async def status(_: Mapping[str, Any]) -> Any:
        return status_of(room.snapshot())

    async def send(request: Mapping[str, Any]) -> Any:
        payload = request.get("payload", {})
        if not isinstance(payload, dict):
            raise ForecourtError("The payload must be a JSON object.")
        timeout = request.get("timeout_s")
        return await room.send(
            StationId(str(request.get("station", ""))),
            str(request.get("action", "")),
            payload,
            float(timeout) if timeout is not None else None,
            str(request.get("by", "command line")),
        )

    async def listen(request: Mapping[str, Any]) -> Any:
        return await room.listen_on([str(a) for a in request.get("addresses", [])])

    async def backup(request: Mapping[str, Any]) -> Any:
        return await room.backup_to(Path(str(request["file"])))

    async def bring_stations(request: Mapping[str, Any]) -> Any:
        from app.import_stations import in_words, plan, read_table

        path = Path(str(request["file"]))
        lines = await asyncio.to_thread(read_table, path)
        known = {s.station: s for s in await room.ask(all_stations)}
        changes = plan(known, lines)
        if not request.get("dry_run"):
            for intent in [i for change in changes for i in change.intents]:
                await room.do(Asked(intent, str(request.get("by", "command line")), f"import of {path.name}"))
        return in_words(changes)

    async def restore(request: Mapping[str, Any]) -> Any:
        return await room.restore_from(Path(str(request["file"])))

    async def halt(_: Mapping[str, Any]) -> Any:
        stop()
        return "stopping"

    async def watch(request: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        station = request.get("station")
        lines = room.subscribe(str(station) if station else None)
        try:
            while True:
                for line in lines.take():
                    yield line
                await asyncio.sleep(WATCH_EVERY_S)
        finally:
            lines.close()

    answers: dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]] = {
        "status": status, "send": send, "listen": listen, "backup": backup,
        "restore": restore, "stop": halt,
        "import stations": bring_stations,
    }  # fmt: skip
    return ControlChannel(room.data_dir, answers, {"watch": watch})


def status_of(picture: Picture) -> dict[str, Any]:
    """The picture as `forecourt status --json` prints it; keys keep their names and units."""
    stations = [
        {
            "station": s.station, "name": s.name, "site": s.site, "admission": s.admission, "link": s.link,
            "link_since_ms": s.link_since_ms, "last_seen_ms": s.last_seen_ms, "state": s.shown,
            "version": s.version, "power_w": s.power_w, "energy_today_wh": s.energy_today_wh,
            "sessions_open": s.sessions_open,
            "connectors": [
                {
                    "evse": c.evse, "connector": c.connector, "status": c.status, "state": c.shown,
                    "since_ms": c.since_ms, "error": c.error, "power_w": c.power_w, "session": c.session,
                    "session_energy_wh": c.session_energy_wh,
                }
                for c in s.connectors
            ],
        }
        for s in picture.stations.values()
    ]  # fmt: skip
    return {
        "at_ms": picture.at_ms,
        "server": picture.server,
        "totals": picture.totals,
        "troubles": picture.troubles,
        "waiting": picture.waiting,
        "stations": stations,
    }
