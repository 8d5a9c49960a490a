"""Accepting: addresses that change while stations talk, crowds, storms."""

import asyncio
from dataclasses import replace

import pytest

from app.domain.errors import ForecourtError, PortTaken
from app.protocol.limits import Limits
from tests.helpers.listening import serving, still_served, until
from tests.helpers.raw_station import RawStation

LIMITS = Limits(handshake_s=5, close_s=0.5)


async def test_rebinding_keeps_the_links() -> None:
    """The address changes while stations talk; the old port is free afterwards."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1")
        before = host.port
        urls = await host.server.rebind(["127.0.0.1:0", "127.0.0.1:0"][:1])
        assert urls == host.server.urls
        assert host.port != before
        station.call()
        assert (await station.message())[0] == 3
        await still_served(host)
        with pytest.raises(OSError):
            await RawStation.dial(before)
        station.hang_up()


async def test_another_address_may_keep_the_port() -> None:
    """From one address to all of them on the same port, while stations talk."""
    async with serving(listen=("127.0.0.1:0",)) as host:
        port = host.port
        await host.server.rebind([f"127.0.0.1:{port}"])
        station = await RawStation.connect(port, "/S1")
        assert await host.server.rebind([f"0.0.0.0:{port}"]) == [f"ws://0.0.0.0:{port}/"]
        station.call()
        assert (await station.message())[0] == 3
        await still_served(host)
        with pytest.raises(PortTaken, match=r"192\.0\.2\.1"):
            await host.server.rebind([f"192.0.2.1:{port}"])
        await still_served(host)
        station.hang_up()


async def test_a_rebind_that_fails_changes_nothing() -> None:
    """The sentence names the taken port; the server goes on where it was."""
    async with serving() as host, serving() as other:
        before = host.server.urls
        with pytest.raises(PortTaken, match=f"127.0.0.1:{other.port}"):
            await host.server.rebind([f"127.0.0.1:{other.port}"])
        with pytest.raises(ForecourtError, match="certificate"):
            await host.server.rebind(["wss://127.0.0.1:0"])
        assert host.server.urls == before
        await still_served(host)


async def test_several_listeners() -> None:
    """Stations may come by any of them."""
    async with serving(listen=("127.0.0.1:0", "127.0.0.2:0")) as host:
        assert len(host.server.urls) == 2
        await still_served(host)


async def test_callers_of_one_address_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off loopback an address may have 16 callers at the door, and a bounded number of links."""
    monkeypatch.setattr("app.protocol.accepting.is_loopback", lambda peer: False)
    monkeypatch.setattr("app.protocol.server.is_loopback", lambda peer: False)
    async with serving(limits=replace(LIMITS, unauthenticated_per_ip=3, links_per_ip=2)) as host:
        first = await RawStation.connect(host.port, "/S1")
        second = await RawStation.connect(host.port, "/S2")
        third = await RawStation.dial(host.port)
        assert (await third.upgrade("/S3")).status == 503
        assert host.server.limits_hit["links_per_ip"] == 1
        silent = [await RawStation.dial(host.port) for _ in range(3)]
        await until(lambda: len(host.server._acceptor.greetings) == 3)
        fourth = await RawStation.dial(host.port)
        assert b"503" in await fourth.end()
        assert host.door.refusals[-1].cause == "Too many callers of this address wait to be let in."
        for station in (first, second, *silent):
            station.hang_up()


async def test_the_last_place_is_told() -> None:
    """When all sockets are in use, the next caller gets 503 with a time to come back."""
    async with serving(limits=replace(LIMITS, sockets=2)) as host:
        stations = [await RawStation.connect(host.port, f"/S{n}") for n in range(2)]
        late = await RawStation.dial(host.port)
        answer = await late.answer()
        assert answer.status == 503
        assert 30 <= int(answer.headers["retry-after"]) <= 120
        assert host.server.limits_hit["sockets"] == 1
        for station in stations:
            station.hang_up()
        await until(lambda: not host.server.links)
        await still_served(host)


async def test_a_storm_is_let_in_at_the_accept_rate() -> None:
    """Who comes faster waits in the kernel's queue; nobody is turned away."""
    async with serving(limits=replace(LIMITS, accept_per_s=100)) as host:
        storm = [RawStation.connect(host.port, f"/S{n}") for n in range(150)]
        stations = await asyncio.gather(*storm)
        assert len(host.server.links) == 150
        assert host.door.refusals == []
        assert host.server.limits_hit["accept_per_s"] > 0
        for station in stations:
            station.hang_up()
