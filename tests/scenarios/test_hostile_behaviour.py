"""Whoever reaches the port may behave as it likes; a good station goes on being served all the while.

Each attack has the end its docstring says, and after each of them the control station, which has a
password and a session running, gets its answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.helpers.besieged import Besieged, besieged
from tests.helpers.raw_station import CLOSE, TEXT, RawStation, frame, request


async def is_cut_off(scene: Besieged, after: bytes) -> None:
    """Whoever says no more than this has ten seconds."""
    caller = await RawStation.dial(scene.port)
    caller.send(after)
    await asyncio.sleep(0.05)
    await scene.time_passes(12)
    assert await caller.end() == b""


async def says_nothing(scene: Besieged) -> None:
    """Connects and says nothing: cut off after ten seconds."""
    await is_cut_off(scene, after=b"")


async def stops_halfway(scene: Besieged) -> None:
    """Sends half a request: cut off, and listed."""
    await is_cut_off(scene, after=b"GET /SLOWLORIS HTTP/1.1\r\nHost: x\r\n")


async def bare_newlines(scene: Besieged) -> None:
    """Lines without carriage returns never end a request: cut off after ten seconds."""
    await is_cut_off(scene, after=request().replace(b"\r", b""))


async def leaves_halfway(scene: Besieged) -> None:
    """Sends half a request and hangs up."""
    caller = await RawStation.dial(scene.port)
    caller.send(b"GET /A")
    caller.hang_up()


async def resets_at_once(scene: Besieged) -> None:
    """Connects and resets, fifty times."""
    for _ in range(50):
        (await RawStation.dial(scene.port)).cut()


async def tls_to_the_plain_port(scene: Besieged) -> None:
    """A TLS hello gets a TLS alert."""
    caller = await RawStation.dial(scene.port)
    caller.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(400))
    assert (await caller.end())[:1] == b"\x15"


async def byte_by_byte(scene: Besieged) -> None:
    """An upgrade and a call in single bytes are slow, not wrong."""
    caller = await RawStation.dial(scene.port)
    for byte in request("/DRIP"):
        caller.send(bytes([byte]))
        await caller.writer.drain()
    assert (await caller.answer()).status == 101
    for byte in frame(TEXT, b'[2,"d","Heartbeat",{}]'):
        caller.send(bytes([byte]))
        await asyncio.sleep(0)
    assert (await caller.message())[1] == "d"
    caller.hang_up()


async def too_early(scene: Besieged) -> None:
    """A call in the same packet as the upgrade is served after the 101."""
    caller = await RawStation.dial(scene.port)
    caller.send(request("/EARLY") + frame(TEXT, b'[2,"e","Heartbeat",{}]'))
    assert (await caller.answer()).status == 101
    assert (await caller.message())[1] == "e"
    caller.hang_up()


async def never_reads(scene: Besieged) -> None:
    """Floods with calls and reads no answer: cut off once its buffer has been full for ten seconds."""
    caller = await RawStation.connect(scene.port, "/DEAF")
    caller.writer.transport.pause_reading()
    link = scene.world.room.server.links["DEAF"]
    call = frame(TEXT, b'[2,"x","Heartbeat",{}]')
    for _ in range(400):
        if link.slow_since_s is not None or link.closed:
            break
        caller.send(call * 2000)
        await asyncio.sleep(0.01)
        await scene.control_is_served()
    assert link.slow_since_s is not None
    await scene.time_passes(15)
    assert link.closed
    caller.cut()


async def falls_silent(scene: Besieged) -> None:
    """Half-open: offline after three heartbeats of silence, and nobody else is."""
    caller = await RawStation.connect(scene.port, "/SILENT")
    caller.writer.transport.pause_reading()
    await scene.time_passes(960)
    assert "SILENT" not in scene.world.room.server.links
    caller.cut()


async def one_id_for_all(scene: Besieged) -> None:
    """A thousand calls under one id: each is answered, with a result or as in use."""
    caller = await RawStation.connect(scene.port, "/SAME")
    for _ in range(1000):
        caller.call(message_id="same")
    kinds = [(await caller.message())[0] for _ in range(1000)]
    assert set(kinds) <= {3, 4}
    caller.hang_up()


async def fights_for_a_name(scene: Besieged) -> None:
    """Ten sockets under one name: the fourth swap is refused, the holder goes on."""
    callers, statuses = [], []
    for _ in range(10):
        caller = await RawStation.dial(scene.port)
        statuses.append((await caller.upgrade("/CLONE")).status)
        callers.append(caller)
    assert statuses == [101] * 4 + [503] * 6
    callers[3].call()
    assert (await callers[3].message())[0] == 3
    for caller in callers:
        caller.cut()


async def crowds_the_door(scene: Besieged) -> None:
    """Three hundred that say nothing: the newest are refused, and leave the others their places."""
    callers = [await RawStation.dial(scene.port) for _ in range(300)]
    limits = scene.world.room.server.limits_hit
    await scene.world.until(lambda: limits["unauthenticated"] >= 44, "the limit of callers")
    assert b"503" in await callers[-1].end()
    await scene.control_is_served()
    for caller in callers:
        caller.cut()
    await scene.world.until(lambda: not scene.world.room.server._acceptor.greetings, "free places")
    good = await RawStation.connect(scene.port, "/GOOD")
    good.hang_up()


async def speaks_after_its_close(scene: Besieged) -> None:
    """What follows a close frame is thrown away."""
    caller = await RawStation.connect(scene.port, "/LATE")
    caller.send(frame(CLOSE, b"\x03\xe8") + frame(TEXT, b'[2,"z","Heartbeat",{}]') * 100)
    assert await caller.close_code() == 1000
    assert await caller.end() == b""
    caller.hang_up()


async def a_mebibyte_that_is_valid(scene: Besieged) -> None:
    """The largest message that is allowed is read."""
    caller = await RawStation.connect(scene.port, "/LARGE")
    row = '{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{"value":"1"}]}'
    text = f'[2,"big","MeterValues",{{"connectorId":1,"meterValue":[{",".join([row] * 14_000)}]}}]'
    assert 900_000 < len(text) < 1 << 20
    caller.say(text)
    assert (await caller.message())[1] == "big"
    caller.hang_up()


ATTACKS: tuple[Callable[[Besieged], Awaitable[None]], ...] = (
    says_nothing, stops_halfway, bare_newlines, leaves_halfway, resets_at_once, tls_to_the_plain_port,
    byte_by_byte, too_early, never_reads, falls_silent, one_id_for_all, fights_for_a_name, crowds_the_door,
    speaks_after_its_close, a_mebibyte_that_is_valid,
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_hostile_behaviour(attack: Callable[[Besieged], Awaitable[None]]) -> None:
    """Each ends as its docstring says while the control station is served."""
    async with besieged() as scene:
        await attack(scene)
        await scene.control_is_served()
