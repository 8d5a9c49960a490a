"""Where files come and go: beside the listeners of stations, encrypted as they are, under a proxy's name."""

import asyncio
from pathlib import Path

import pytest

from app.domain.errors import PortTaken
from app.domain.ids import StationId
from app.simulator.scripted import SimStation
from tests.app.protocol.test_tls import ECDSA, trusting
from tests.helpers.http_client import ask, read_reply
from tests.helpers.world import world

DEPOT = StationId("DEPOT-7")


async def test_an_encrypted_station_gets_an_encrypted_address_by_the_name_it_called() -> None:
    chain, key = (str(path) for path in ECDSA)
    async with world(listen="wss://127.0.0.1:0", tls__cert=chain, tls__key=key) as w:
        context = trusting(ECDSA[0])
        context.check_hostname = False
        await w.station(ssl=context)
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert url.startswith("https://127.0.0.1:")
        port = int(url.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        target = url[url.index("/token") :]
        writer.write(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi".encode())
        assert (await read_reply(reader)).status == 200
        writer.close()
        assert (await ask(f"http://127.0.0.1:{port}/")).status == 0


async def test_a_station_on_a_plain_listener_beside_an_encrypted_one_gets_a_plain_address() -> None:
    chain, key = (str(path) for path in ECDSA)
    async with world(listen="ws://127.0.0.1:0,wss://127.0.0.1:0", tls__cert=chain, tls__key=key) as w:
        assert [url.split(":")[0] for url in w.room.files.urls] == ["http", "https"]
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert (await ask(url, "PUT", b"hi")).status == 200


async def test_everywhere_means_the_address_the_station_has_reached() -> None:
    async with world(listen="0.0.0.0:0") as w:
        port = w.room.urls[0].rstrip("/").rsplit(":", 1)[1]
        async with SimStation(f"ws://127.0.0.1:{port}/ocpp", "DEPOT-7", clock=w.clock):
            url, _ = await w.room.files.upload_address(DEPOT, "log")
            assert url.startswith("http://127.0.0.1:")
            assert (await ask(url, "PUT", b"hi")).status == 200


async def test_a_proxy_s_name_stands_in_front() -> None:
    async with world(files__public_url="https://charge.example.org/files/") as w:
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert url.startswith("https://charge.example.org/files/token=")


async def test_it_moves_with_the_listeners_and_addresses_hold() -> None:
    async with world() as w:
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        before = w.room.files.urls
        await w.room.listen_on(["127.0.0.1:0"])
        await w.station()
        after = w.room.files.urls[0]
        assert after != before[0]
        assert (await ask(after + url[url.index("/token") :], "PUT", b"hi")).status == 200


async def test_it_gives_way_where_stations_are_to_call_its_port() -> None:
    async with world() as w:
        mine = w.room.files.urls[0].removeprefix("http://")
        urls = await w.room.listen_on([mine])
        assert urls == [f"ws://{mine}/"]
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert mine not in url
        assert (await ask(url, "PUT", b"hi")).status == 200
        with pytest.raises(PortTaken):
            await w.room.listen_on([w.room.files.urls[0].removeprefix("http://"), "192.0.2.1:9"])
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert (await ask(url, "PUT", b"hi")).status == 200


async def test_a_folder_that_cannot_be_made_keeps_no_station_out(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    async with world(tmp_path) as w:
        await w.station()
        assert "cannot bring or fetch files" in w.room.files.trouble
