"""Whoever reaches the port may say anything; a good station goes on being served all the while.

Each hostile connection has a defined end, and after each of them the control station, which has a
password and a session running, gets its answer.
"""

import asyncio
import zlib

import pytest

from tests.helpers.besieged import CONTROL, PASSWORD, basic, besieged
from tests.helpers.raw_station import BINARY, CLOSE, CONT, PING, PONG, TEXT, RawStation, frame, request

LONG = "x" * 9000

# name -> (the first bytes, the HTTP status they earn)
HANDSHAKES: dict[str, tuple[bytes, int]] = {
    "only an unknown subprotocol": (request(subprotocol="ocpp1.5"), 400),
    "ocpp2.0": (request(subprotocol="ocpp2.0"), 400),
    "the subprotocol in capitals": (request(subprotocol="OCPP1.6"), 400),
    "no subprotocol": (request(subprotocol=None), 400),
    "a flood of subprotocols": (request(subprotocol=",".join(f"p{i}" for i in range(1000))), 400),
    "a malformed subprotocol": (request(subprotocol="ocpp1.6;;\x01"), 400),
    "no identity": (request("/"), 404),
    "blank identity": (request("/%20%20"), 404),
    "bad percent-encoding": (request("/ocpp/%ZZ"), 404),
    "identity not UTF-8": (request("/%ff%fe"), 404),
    "NUL in the identity": (request("/A%00B"), 404),
    "forged log line": (request("/A%0d%0a2026-01-01 INFO auth ok"), 400),
    "forged log line, encoded": (request("/A%0d%0a2026-01-01%20INFO%20auth%20ok"), 404),
    "escape sequence": (request("/%1b%5b31mA"), 404),
    "encoded slash": (request("/A%2fB"), 400),
    "traversal": (request("/../../etc/passwd"), 400),
    "encoded traversal": (request("/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), 400),
    "backslashes": (request("/..%5c..%5cwindows"), 400),
    "a drive": (request("/C:%5cA"), 400),
    "a hidden file": (request("/.ssh"), 400),
    "SQL": (request("/A';%20DROP%20TABLE%20stations;--"), 400),
    "markup": (request("/%3Cimg%20src=x%3E"), 400),
    "a name of 4 kB": (request("/" + "A" * 4096), 400),
    "a path beyond ASCII": (request("/S\xe4ule"), 400),
    "a web page": (request(extra="Origin: https://example.com\r\n"), 403),
    "POST": (request(method="POST"), 405),
    "HTTP/1.0": (request(version="HTTP/1.0"), 505),
    "HTTP/9": (request(version="HTTP/9"), 400),
    "no Upgrade": (request(drop=("Upgrade",)), 426),
    "no Connection": (request(drop=("Connection",)), 426),
    "no key": (request(drop=("Sec-WebSocket-Key",)), 400),
    "a short key": (request(drop=("Sec-WebSocket-Key",), extra="Sec-WebSocket-Key: AAAA\r\n"), 400),
    "two keys": (request(extra="Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"), 400),
    "no WebSocket version": (request(drop=("Sec-WebSocket-Version",)), 400),
    "WebSocket version 8": (
        request(drop=("Sec-WebSocket-Version",), extra="Sec-WebSocket-Version: 8\r\n"),
        400,
    ),
    "a header of 9 kB": (request(extra=f"X: {LONG}\r\n"), 431),
    "a header of 64 kB without an end": (b"GET /A HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
    "a request line of 9 kB": (request("/A?" + LONG), 414),
    "100 headers": (request(extra="".join(f"X{i}: 1\r\n" for i in range(100))), 431),
    "200 headers": (request(extra="".join(f"X{i}: 1\r\n" for i in range(200))), 431),
    "a NUL in a header": (request(extra="X: a\0b\r\n"), 400),
    "a folded header": (request(extra="X: a\r\n  b\r\n"), 400),
    "a header without a colon": (request(extra="nonsense\r\n"), 400),
    "a body": (request(extra="Content-Length: 5\r\n"), 400),
    "chunks": (request(extra="Transfer-Encoding: chunked\r\n"), 400),
    "no HTTP at all": (b"\x00\x01\x02\x03\r\n\r\n", 400),
    "another protocol": (b"EHLO example.com\r\n\r\n", 400),
    "malformed extensions": (
        request(subprotocol="ocpp2.0.1", extra="Sec-WebSocket-Extensions: ;;=\r\n"),
        400,
    ),
    "control's name without its password": (request(f"/{CONTROL}"), 401),
    "control's name with a wrong password": (request(f"/{CONTROL}", extra=basic(CONTROL, "x")), 401),
    "control's name as another user": (request(f"/{CONTROL}", extra=basic("OTHER", PASSWORD)), 401),
    "control's name with a garbled login": (
        request(f"/{CONTROL}", extra="Authorization: Basic !!!\r\n"),
        401,
    ),
    "control's name with a token": (request(f"/{CONTROL}", extra="Authorization: Bearer x\r\n"), 401),
    "control's name in another case": (request("/control"), 401),
}


async def test_hostile_handshakes() -> None:
    """Each is refused with its status, is listed with a cause, and touches nobody."""
    async with besieged() as scene:
        for name, (data, status) in HANDSHAKES.items():
            caller = await RawStation.dial(scene.port)
            caller.send(data)
            answer = await caller.answer()
            assert answer.status == status, name
            assert await caller.end() == b"", name
            caller.hang_up()
            await scene.control_is_served()
        room = scene.world.room
        picture = room.fleet.snapshot(room.clock.now_ms())
        assert set(picture.stations) == {CONTROL}
        refused = {waiting.cause for waiting in picture.waiting}
        assert all(cause.endswith(".") for cause in refused)
        assert "The station sent no identity: append it to the URL." in refused


DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n"


def deflated(data: bytes) -> bytes:
    """What permessage-deflate makes of `data`."""
    packer = zlib.compressobj(wbits=-15)
    return (packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


HALF = b"x" * 600_000
RUBBISH = frame(TEXT, b"rubbish")

# name -> (what is sent after the upgrade, the close code it earns)
FRAMES: dict[str, tuple[bytes, int]] = {
    "unmasked": (frame(TEXT, b"[]", mask=False), 1002),
    "unmasked, one byte of it": (b"\x81\x01", 1002),
    "RSV1 without compression": (frame(TEXT, b"[]", rsv=4), 1002),
    "RSV2": (frame(TEXT, b"[]", rsv=2), 1002),
    "RSV3": (frame(TEXT, b"[]", rsv=1), 1002),
    "reserved opcode 3": (frame(3, b"x"), 1002),
    "reserved opcode 11": (frame(11, b"x"), 1002),
    "a long ping": (frame(PING, b"x" * 126), 1002),
    "a fragmented ping": (frame(PING, b"x", fin=False), 1002),
    "a continuation of nothing": (frame(CONT, b"x"), 1002),
    "a message within a message": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "a close within a message": (frame(TEXT, b"a", fin=False) + frame(CLOSE, b"\x03\xe8"), 1002),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close with a false code": (frame(CLOSE, b"\x00\x01"), 1002),
    "a close that is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff\xfe"), 1007),
    "text that is not UTF-8": (frame(TEXT, b'[2,"1","\xff",{}]'), 1007),
    "fragments that are not UTF-8": (frame(TEXT, b"\xff", fin=False) + frame(CONT, b"\xfe"), 1007),
    "an announced 2 MiB": (frame(TEXT, b"", length=2 << 20), 1009),
    "an announced 2^63": (frame(TEXT, b"", length=(1 << 63) - 1), 1009),
    "an announced binary 2 MiB": (frame(BINARY, b"", length=2 << 20), 1009),
    "1.2 MB in two fragments": (frame(TEXT, HALF, fin=False) + frame(CONT, HALF), 1009),
    "empty fragments without end": (frame(TEXT, b"", fin=False) + frame(CONT, b"", fin=False) * 2000, 1008),
    "a flood of pings": (frame(PING, b"x") * 500, 1008),
    "a flood of pongs": (frame(PONG, b"x") * 500, 1008),
    "twenty times rubbish": (RUBBISH * 20, 1008),
    "rubbish without end": (RUBBISH * 5000, 1008),
    "twenty binary frames": (frame(BINARY, b"\x00\xff\x17") * 20, 1008),
    "twenty empty arrays": (frame(TEXT, b"[]") * 20, 1008),
    "twenty times 100,000 brackets": (frame(TEXT, b"[" * 100_000) * 20, 1008),
    "a zip bomb": (frame(TEXT, deflated(b"\0" * (64 << 20)), rsv=4), 1009),
    "a bomb in fragments": (
        frame(TEXT, deflated(b"\0" * (64 << 20))[:30_000], rsv=4, fin=False)
        + frame(CONT, deflated(b"\0" * (64 << 20))[30_000:]),
        1009,
    ),
    "broken compression": (frame(TEXT, b"\xff\xff\xff\xff", rsv=4), 1002),
}
COMPRESSED = {"a zip bomb", "a bomb in fragments", "broken compression"}


async def test_hostile_frames() -> None:
    """Each link ends with its close code; the same station may come again at once (Q08)."""
    async with besieged() as scene:
        for name, (data, code) in FRAMES.items():
            how = {"subprotocol": "ocpp2.0.1", "extra": DEFLATE} if name in COMPRESSED else {}
            caller = await RawStation.connect(scene.port, "/HOSTILE", **how)
            caller.send(data)
            assert await caller.close_code() == code, name
            caller.hang_up()
            await scene.control_is_served()
            await scene.world.until(lambda: "HOSTILE" not in scene.world.room.server.links, name)
        again = await RawStation.connect(scene.port, "/HOSTILE")
        again.call()
        assert (await again.message())[0] == 3
        again.hang_up()


HOSTILE_JSON = (
    '[2,"1","Heartbeat",{"a":NaN}]',
    '[2,"1","Heartbeat",{"a":1e999}]',
    '[2,"1","Heartbeat",{"a":"\\ud800"}]',
    '[2,"1","Heartbeat",{"a":' + "9" * 5000 + "}]",
    '[2,"1","Heartbeat",{"a":' + "[" * 500 + "]" * 500 + "}]",
    '[2,"1","Authorize",{"idTag":"\\u0000"}]',
    '[2,"1","StatusNotification",{"connectorId":99999999999999999999,"errorCode":"NoError","status":"Available"}]',
    '[2,"1","StartTransaction",{"connectorId":1,"idTag":"=HYPERLINK(1)","meterStart":-1,"timestamp":"222222-01-01"}]',
    '[2,"1","MeterValues",{"connectorId":2147483648,"meterValue":[{"timestamp":"x","sampledValue":[{"value":""}]}]}]',
    '[2,"1","BootNotification",{}]',
    '[2,"1","StopTransaction",{"transactionId":-1,"meterStop":0,"timestamp":"1970-01-01T00:00:00Z"}]',
    '[3,"no call of yours",{}]',
    '[4,"no call of yours","X"]',
)


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_hostile_json_ends_nothing(version: str) -> None:
    """A bad frame never ends a link: after each of them a heartbeat is answered."""
    async with besieged() as scene:
        caller = await RawStation.connect(scene.port, f"/J-{version}", subprotocol=f"ocpp{version}")
        for text in HOSTILE_JSON:
            caller.say(text)
            message_id = caller.call()
            while (await caller.message())[1] != message_id:
                continue
            await scene.control_is_served()
        caller.hang_up()


async def test_all_of_them_at_once() -> None:
    """Every hostile handshake and frame at the same time: the control station does not notice."""
    async with besieged() as scene:

        async def shake(data: bytes, status: int) -> None:
            caller = await RawStation.dial(scene.port)
            caller.send(data)
            assert (await caller.answer()).status in (status, 429)
            caller.hang_up()

        async def send(number: int, name: str, data: bytes, code: int) -> None:
            how = {"subprotocol": "ocpp2.1", "extra": DEFLATE} if name in COMPRESSED else {}
            caller = await RawStation.connect(scene.port, f"/H-{number}", **how)
            caller.send(data)
            assert await caller.close_code() == code, name
            caller.hang_up()

        hostile = [shake(data, status) for data, status in HANDSHAKES.values()]
        hostile += [send(number, name, *end) for number, (name, end) in enumerate(FRAMES.items())]
        assert len(hostile) >= 60
        crowd = asyncio.gather(*hostile)
        while not crowd.done():
            await scene.control_is_served()
        await crowd
