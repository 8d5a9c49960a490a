"""Greetings: who is let in and by which version, and what the others are told."""

import asyncio

from app.protocol.handshake import Admit, Refuse
from app.protocol.limits import Limits
from tests.helpers.listening import serving, still_served
from tests.helpers.raw_station import RawStation

LIMITS = Limits(handshake_s=5, close_s=0.5)


async def test_the_answer_names_one_version() -> None:
    """The header echoes exactly the version that is spoken."""
    async with serving() as host:
        for offered, spoken in (
            ("ocpp1.6", "ocpp1.6"),
            ("ocpp0.1,ocpp1.6", "ocpp1.6"),
            ("ocpp2.1, ocpp2.0.1", "ocpp2.1"),
        ):
            station = await RawStation.dial(host.port)
            answer = await station.upgrade(subprotocol=offered)
            assert answer.status == 101
            assert answer.headers["sec-websocket-protocol"] == spoken
            station.hang_up()


async def test_a_station_without_a_version_needs_its_switch() -> None:
    """Refused with 400 and the remedy; with the switch it is taken for 1.6 (Q02)."""
    async with serving() as host:
        station = await RawStation.dial(host.port)
        assert (await station.upgrade(subprotocol=None)).status == 400
        assert host.door.refusals[0].remedy == "assume-1.6"
        assert host.door.refusals[0].quirk == "Q02"
        host.door.judge = lambda handshake: Admit(assume_16=True)
        station = await RawStation.dial(host.port)
        answer = await station.upgrade(subprotocol=None)
        assert answer.status == 101
        assert "sec-websocket-protocol" not in answer.headers
        station.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
        assert (await station.message())[0] == 3
        assert host.ears.links[0].version == "1.6"
        station.hang_up()


async def test_refusals_are_told() -> None:
    """Who tried, by which name, and why, whoever refused."""
    async with serving() as host:
        host.door.judge = lambda handshake: Refuse(
            401, "Wrong password.", "set-password", (("WWW-Authenticate", "Basic"),)
        )
        station = await RawStation.dial(host.port)
        answer = await station.upgrade("/S1")
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Basic"
        assert answer.body == "Unauthorized\n"
        station = await RawStation.dial(host.port)
        assert (await station.upgrade("/")).status == 404
        said = [(r.identity, r.status, r.cause, r.remedy) for r in host.door.refusals]
        assert said == [
            ("S1", 401, "Wrong password.", "set-password"),
            ("", 404, "The station sent no identity: append it to the URL.", "use-identity"),
        ]
        assert host.door.refusals[0].peer == "127.0.0.1"
        assert host.ears.links == []


async def test_a_slow_door_holds_up_nobody() -> None:
    """While one login is hashed, other stations come in."""
    async with serving() as host:
        gate = asyncio.Event()

        async def slowly() -> Admit:
            await gate.wait()
            return Admit()

        host.door.judge = lambda handshake: slowly() if handshake.identity == "SLOW" else Admit()
        slow = await RawStation.dial(host.port)
        asking = asyncio.ensure_future(slow.upgrade("/SLOW"))
        await still_served(host)
        assert "SLOW" not in host.server.links
        gate.set()
        assert (await asking).status == 101
        slow.hang_up()


async def test_failed_logins_are_throttled_by_pair() -> None:
    """Five wrong passwords make the sixth try wait; another identity is not touched; mending forgives."""
    async with serving() as host:
        host.door.judge = lambda handshake: (
            Admit() if handshake.password == b"right" else Refuse(401, "Wrong password.")
        )
        wrong, right = "Authorization: Basic UzE6d3Jvbmc=\r\n", "Authorization: Basic UzE6cmlnaHQ=\r\n"
        for _ in range(5):
            station = await RawStation.dial(host.port)
            assert (await station.upgrade("/S1", extra=wrong)).status == 401
        station = await RawStation.dial(host.port)
        answer = await station.upgrade("/S1", extra=right)
        assert answer.status == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 61
        assert host.server.limits_hit["logins_per_minute"] == 1
        await (await RawStation.connect(host.port, "/S2", extra=right)).writer.drain()
        host.server.forgive("S1")
        await RawStation.connect(host.port, "/S1", extra=right)


async def test_compression_only_for_2x_and_without_memory() -> None:
    """A 2.x station that asks for it gets it, without context takeover; 1.6 never does (decision 12)."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    async with serving() as host:
        old = await RawStation.dial(host.port)
        assert "sec-websocket-extensions" not in (await old.upgrade("/A", extra=offer)).headers
        new = await RawStation.dial(host.port)
        answer = await new.upgrade("/B", subprotocol="ocpp2.1", extra=offer)
        agreed = answer.headers["sec-websocket-extensions"]
        assert "client_no_context_takeover" in agreed
        assert "server_no_context_takeover" in agreed
        new.call()
        opcode, payload = await new.frame()
        assert opcode == 1
        assert payload[:1] != b"["
        old.hang_up()
        new.hang_up()
