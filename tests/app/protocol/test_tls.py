"""TLS links: served beside plain ones, small in memory, failures named in plain words."""

import asyncio
import asyncio.sslproto
import ssl
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ForecourtError
from app.protocol.limits import Limits
from app.protocol.tls import SmallTls, meaning, server_context
from tests.helpers.listening import Host, serving, until
from tests.helpers.raw_station import RawStation

HERE = Path(__file__).parents[2] / "fixtures" / "tls"
RSA = (HERE / "rsa.crt", HERE / "rsa.key")
ECDSA = (HERE / "ecdsa.crt", HERE / "ecdsa.key")
LIMITS = Limits(close_s=0.3)
BOTH = ("127.0.0.1:0", "wss://127.0.0.1:0")


def trusting(*certificates: Path) -> ssl.SSLContext:
    """A client that trusts these."""
    context = ssl.create_default_context()
    for certificate in certificates or (RSA[0], ECDSA[0]):
        context.load_verify_locations(certificate)
    return context


def run_both_loops(main: Coroutine[Any, Any, None], loop: str) -> None:
    """Run on plain asyncio or on uvloop."""
    if loop == "uvloop":
        uvloop = pytest.importorskip("uvloop")
        uvloop.run(main)
    else:
        asyncio.run(main)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_plain_and_tls_together(loop: str) -> None:
    """Both listeners serve at once, on both loops; large messages cross the small buffer."""

    async def main() -> None:
        async with serving(listen=BOTH, certificates=(RSA, ECDSA), limits=LIMITS) as host:
            plain = await RawStation.connect(host.ports[0], "/PLAIN")
            secure = await RawStation.connect(host.ports[1], "/SECURE", tls=trusting())
            assert not host.server.links["PLAIN"].tls
            assert host.server.links["SECURE"].tls
            assert host.server.urls[1].startswith("wss://127.0.0.1:")
            for station in (plain, secure):
                station.call("DataTransfer", {"vendorId": "V", "data": "x" * 60_000})
                assert (await station.message())[0] == 3
                station.call()
                assert (await station.message())[0] == 3
            assert len(host.ears.inbound[0][1].text) > 60_000
            for station in (plain, secure):
                station.hang_up()
            await until(lambda: len(host.ears.gone) == 2)

    run_both_loops(main(), loop)


def test_the_read_buffer_is_small() -> None:
    """CPython's 256 KiB a link would be 2.5 GB for ten thousand; the private attribute still rules it."""
    assert asyncio.sslproto.SSLProtocol.max_size == 256 * 1024

    async def main() -> None:
        loop = asyncio.get_running_loop()
        made = SmallTls(
            loop, asyncio.Protocol(), server_context([RSA]), loop.create_future(), server_side=True
        )
        assert len(made._ssl_buffer) == 8 << 10

    asyncio.run(main())


async def offered_by(host: Host, cipher: str) -> str:
    """The cipher that is agreed on when only `cipher` is offered."""
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    station = await RawStation.connect(host.ports[0], "/C", tls=context)
    name = station.writer.get_extra_info("cipher")[0]
    station.hang_up()
    return str(name)


async def test_the_four_suites_that_ocpp_demands() -> None:
    """Two with ECDSA, two with plain RSA, which Python's own list refuses."""
    async with serving(listen=BOTH[1:], certificates=(RSA, ECDSA), limits=LIMITS) as host:
        for cipher in (
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
        ):
            assert await offered_by(host, cipher) == cipher


async def failing(host: Host, context: ssl.SSLContext) -> str:
    """Fail a TLS handshake; the cause that the operator reads."""
    with pytest.raises((ssl.SSLError, OSError)):
        await RawStation.dial(host.ports[0], tls=context)
    await until(lambda: host.door.refusals)
    refusal = host.door.refusals.pop()
    assert refusal.tls
    assert refusal.quirk == "Q77"
    return refusal.cause


async def test_failed_handshakes_are_named() -> None:
    """No trust, no common cipher, plain HTTP: each in words, none disturbing the others (Q77)."""
    async with serving(listen=BOTH[1:], certificates=(RSA,), limits=LIMITS) as host:
        assert "trust" in await failing(host, ssl.create_default_context())
        alien = trusting()
        alien.maximum_version = ssl.TLSVersion.TLSv1_2
        alien.set_ciphers("ECDHE-RSA-CHACHA20-POLY1305")
        assert "no cipher in common" in await failing(host, alien)
        plain = await RawStation.dial(host.ports[0])
        plain.send(b"GET /S1 HTTP/1.1\r\n\r\n")
        await plain.end()
        await until(lambda: host.door.refusals)
        assert "plain ws://" in host.door.refusals[-1].cause
        station = await RawStation.connect(host.ports[0], "/S1", tls=trusting())
        station.call()
        assert (await station.message())[0] == 3
        station.hang_up()
        assert host.server.limits_hit["tls_failed"] == 3


async def test_an_old_tls_is_refused() -> None:
    """TLS 1.1 is too old, and the list says so."""
    async with serving(listen=BOTH[1:], certificates=(RSA,), limits=LIMITS) as host:
        reader, writer = await asyncio.open_connection("127.0.0.1", host.ports[0])
        # A ClientHello of TLS 1.1: version 3.2, one cipher, no extensions.
        body = b"\x03\x02" + bytes(32) + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
        hello = b"\x01" + len(body).to_bytes(3, "big") + body
        writer.write(b"\x16\x03\x01" + len(hello).to_bytes(2, "big") + hello)
        assert (await reader.read(7))[:1] == b"\x15"
        await until(lambda: host.door.refusals)
        assert "older than 1.2" in host.door.refusals[0].cause
        writer.close()


async def test_tls_on_the_plain_port_is_recognised() -> None:
    """The station gets an alert it understands, the operator a sentence (Q07)."""
    async with serving(limits=LIMITS) as host:
        with pytest.raises((ssl.SSLError, OSError)):
            await RawStation.dial(host.port, tls=trusting())
        await until(lambda: host.door.refusals)
        assert "speaks TLS" in host.door.refusals[0].cause
        assert host.door.refusals[0].sample.startswith("\\x16\\x03")


async def test_certificates_are_renewed_while_links_stand(tmp_path: Path) -> None:
    """New handshakes see the new certificate; a file that does not fit changes nothing."""
    chain, key = tmp_path / "c.crt", tmp_path / "c.key"
    chain.write_bytes(RSA[0].read_bytes())
    key.write_bytes(RSA[1].read_bytes())
    async with serving(listen=BOTH[1:], certificates=((chain, key),), limits=LIMITS) as host:
        first = await RawStation.connect(host.ports[0], "/A", tls=trusting(RSA[0]))
        chain.write_bytes(ECDSA[0].read_bytes())
        with pytest.raises(ForecourtError, match="do not fit"):
            host.server.renew_certificates()
        key.write_bytes(ECDSA[1].read_bytes())
        host.server.renew_certificates()
        first.call()
        assert (await first.message())[0] == 3
        second = await RawStation.connect(host.ports[0], "/B", tls=trusting(ECDSA[0]))
        first.hang_up()
        second.hang_up()


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    """One sentence with the file's name."""
    with pytest.raises(ForecourtError, match=r"missing\.crt"):
        server_context([(tmp_path / "missing.crt", RSA[1])])
    with pytest.raises(ForecourtError, match="do not fit"):
        server_context([(RSA[0], ECDSA[1])])


def test_meanings() -> None:
    """Failures that no test above provokes have words too."""
    assert "in time" in meaning(ConnectionAbortedError("SSL handshake is taking longer than 10 s"))
    assert "broke the handshake off" in meaning(ConnectionResetError())
    assert "expired" in meaning(ssl.SSLError(1, "[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED]"))
    assert meaning(ssl.SSLError(1, "x")).startswith("TLS failed: ")
