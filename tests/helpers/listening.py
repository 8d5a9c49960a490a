"""A protocol server alone on a loopback port, with a door and an inbox that keep what they hear."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.clock import Clock, SystemClock
from app.protocol.calls import Settled
from app.protocol.core import Inbound, Noted, Rejected
from app.protocol.handshake import Admit, Handshake, Refusal, Refuse
from app.protocol.limits import Limits
from app.protocol.link import Link
from app.protocol.server import Server
from tests.helpers.raw_station import RawStation


class OpenDoor:
    """Lets everybody in whom `judge` does not refuse."""

    def __init__(self) -> None:
        self.asked: list[Handshake] = []
        self.refusals: list[Refusal] = []
        self.judge: Callable[[Handshake], object] = lambda handshake: Admit()

    def admit(self, handshake: Handshake) -> Admit | Refuse:
        self.asked.append(handshake)
        return self.judge(handshake)  # type: ignore[return-value]

    def refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)


class Ears:
    """Answers every CALL at once (unless `mute`), and keeps everything."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.inbound: list[tuple[Link, Inbound]] = []
        self.rejections: list[tuple[Link, Rejected | Noted]] = []
        self.sent: list[tuple[str, str, bytes]] = []
        self.settled: list[Settled] = []
        self.gone: list[tuple[Link, str]] = []
        self.doubts: list[tuple[Link, str]] = []
        self.beats = 0
        self.mute = False

    def connected(self, link: Link) -> None:
        self.links.append(link)

    def message(self, link: Link, inbound: Inbound) -> None:
        self.inbound.append((link, inbound))
        if not self.mute and not inbound.send:
            link.answer_result(inbound.message_id, {"currentTime": "2026-01-05T08:00:00Z"})

    def heard(self, link: Link, now_ms: int) -> None:
        self.beats += 1

    def rejected(self, link: Link, out: Rejected | Noted, received_ms: int) -> None:
        self.rejections.append((link, out))

    def call_sent(self, link: Link, message_id: str, action: str, frame: bytes) -> None:
        self.sent.append((message_id, action, frame))

    def call_answered(self, link: Link, text: str, settled: Settled, received_ms: int) -> None:
        self.settled.append(settled)

    def disconnected(self, link: Link, reason: str) -> None:
        self.gone.append((link, reason))

    def identity_doubtful(self, link: Link, why: str) -> None:
        self.doubts.append((link, why))


class Host:
    """The server with its door and ears."""

    def __init__(self, server: Server, door: OpenDoor, ears: Ears, clock: Clock) -> None:
        self.server = server
        self.door = door
        self.ears = ears
        self.clock = clock

    @property
    def port(self) -> int:
        """The first listener's port."""
        return self.ports[0]

    @property
    def ports(self) -> list[int]:
        """All listeners' ports."""
        return [int(url.rstrip("/").rpartition(":")[2]) for url in self.server.urls]


@asynccontextmanager
async def serving(
    *,
    limits: Limits | None = None,
    clock: Clock | None = None,
    listen: Sequence[str] = ("127.0.0.1:0",),
    certificates: Sequence[tuple[Path, Path]] = (),
    strict: bool = False,
    gather_ms: int = 20,
) -> AsyncIterator[Host]:
    """Serve for the length of a block."""
    door, ears = OpenDoor(), Ears()
    clock = clock or SystemClock()
    server = Server(clock, door, ears, limits, strict=strict, gather_ms=gather_ms)
    await server.start(listen, certificates)
    try:
        yield Host(server, door, ears, clock)
    finally:
        await server.stop()


async def until(condition: Callable[[], object], patience_s: float = 10) -> None:
    """Wait until `condition` holds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_s
    while not condition():
        assert loop.time() < end, "the condition did not come true"
        await asyncio.sleep(0.005)


async def still_served(host: Host, name: str = "CONTROL") -> None:
    """A station can come, speak and leave."""
    station = await RawStation.connect(host.port, f"/{name}")
    station.call()
    assert (await station.message())[0] == 3
    station.hang_up()
