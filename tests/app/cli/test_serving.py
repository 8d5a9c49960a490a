"""`serve` and what talks to it, in processes of their own, as an operator has them."""

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager

import websockets

from tests.helpers.recorded import at


async def forecourt(*words, data):
    """Run a command; its code, output and errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *map(str, words), "--data", str(data),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def serving(data, *words):
    """A server; yields its process and the URLs of its `ready` lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "serve", *words, "--data", str(data),
        "--set", "access.new_stations=accept",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line.startswith("ready ")
        yield process, line.split()[1]
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def say(link, message_id, action, payload):
    """Send one message and return the payload of its answer."""
    await link.send(json.dumps([2, message_id, action, payload]))
    kind, answered, told = json.loads(await link.recv())
    assert (kind, answered) == (3, message_id)
    return told


async def test_a_charger_comes_and_the_operator_sees_and_commands_it(tmp_path):
    """Ready line, status, watch, send with answer, CALLERROR and offline, import, backup, clean stop."""
    data = tmp_path / "data"
    async with serving(data, "--listen", "127.0.0.1:0") as (process, url):
        async with websockets.connect(url + "S1", subprotocols=["ocpp1.6"]) as link:
            told = await say(
                link, "1", "BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}
            )
            assert told["status"] == "Accepted"
            status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": at(0)}
            await say(link, "2", "StatusNotification", status)
            code, out, _ = await forecourt("status", "--json", data=data)
            assert code == 0
            (station,) = json.loads(out)["stations"]
            assert (station["station"], station["link"]) == ("S1", "online")
            assert "1 of 1 stations online" in (await forecourt("status", data=data))[1]

            asked = asyncio.create_task(forecourt("send", "S1", "Reset", '{"type":"Soft"}', data=data))
            _, message_id, action, payload = json.loads(await link.recv())
            assert (action, payload) == ("Reset", {"type": "Soft"})
            await link.send(json.dumps([3, message_id, {"status": "Rejected"}]))
            code, out, _ = await asked
            assert (code, json.loads(out)) == (0, {"status": "Rejected"})

            asked = asyncio.create_task(forecourt("send", "S1", "ClearCache", "{}", data=data))
            _, message_id, _, _ = json.loads(await link.recv())
            await link.send(json.dumps([4, message_id, "NotSupported", "no cache", {}]))
            code, out, err = await asked
            assert (code, out) == (1, "")
            assert "NotSupported" in err

            code, out, err = await forecourt(
                "send", "S1", "GetLocalListVersion", "{}", "--timeout", "0.2", data=data
            )
            assert (code, out) == (1, "")

        table = tmp_path / "t.csv"
        table.write_text("identity,name\nS1,North\n")
        assert (await forecourt("import", "stations", table, data=data))[0] == 0
        assert "S1,North" in (await forecourt("export", "stations", data=data))[1]
        assert (await forecourt("backup", tmp_path / "b.db", data=data))[0] == 0
        assert (await forecourt("verify", data=data))[0] == 0
        code, _, err = await forecourt("serve", "--listen", "127.0.0.1:0", data=data)
        assert code == 1
        assert "in use by another Forecourt" in err
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    code, _, err = await forecourt("send", "S1", "Reset", '{"type":"Soft"}', data=data)
    assert code == 1
    assert "No Forecourt runs" in err


async def test_watching_shows_messages_as_they_come(tmp_path):
    """A watcher sees what stations say, and its end is no failure of the server."""
    data = tmp_path / "data"
    async with serving(data, "--listen", "127.0.0.1:0") as (process, url):
        watch = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app",
            "watch",
            "--json",
            "--data",
            str(data),
            stdout=asyncio.subprocess.PIPE,
        )
        line = asyncio.create_task(watch.stdout.readline())
        async with websockets.connect(url + "S1", subprotocols=["ocpp1.6"]) as link:
            for n in range(200):
                await say(link, str(n), "Heartbeat", {})
                if line.done():
                    break
                await asyncio.wait([line], timeout=0.1)
        assert json.loads(await line)["station"] == "S1"
        watch.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(watch.wait(), 10) in (0, 130)
        assert process.returncode is None


async def test_ctrl_c_stops_cleanly_too(tmp_path):
    """SIGINT is 0, and the next start finds a clean directory."""
    async with serving(tmp_path / "data", "--listen", "127.0.0.1:0") as (process, _):
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert (tmp_path / "data" / "forecourt.clean").exists()
