"""A station that tells its secrets finds them nowhere on our disk (security reference T17)."""

import asyncio
import json

import websockets

from tests.helpers.world import world

SECRET = "kd83hx0qpassphrase"


async def test_a_station_that_echoes_its_key_leaves_no_trace_of_it(tmp_path):
    """Answers, reports, vendor data, rubbish and our own calls: the data directory holds none of it."""
    async with world(**{"access.new_stations": "accept"}) as w:
        async with websockets.connect(w.url + "/S1", subprotocols=["ocpp2.0.1"]) as link:
            about = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}

            async def say(action, payload):
                await link.send(json.dumps([2, action, action, payload]))
                return json.loads(await asyncio.wait_for(link.recv(), 5))

            await say(
                "BootNotification",
                {"chargingStation": {"vendorName": "V", "model": "M"}, "reason": "PowerUp"},
            )
            report = [{**about, "variableAttribute": [{"type": "Actual", "value": SECRET}]}]
            body = {"requestId": 1, "generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0, "reportData": report}
            assert (await say("NotifyReport", body))[0] == 3
            await say("DataTransfer", {"vendorId": "V", "data": json.dumps({"password": SECRET})})
            await link.send('[2,"x","DataTransfer",{"password": "' + SECRET + '"')
            asked = asyncio.create_task(
                w.room.call(
                    "S1", "SetVariables", {"setVariableData": [{**about, "attributeValue": SECRET}]}, 5
                )
            )
            await asyncio.sleep(0)
            await w.advance(seconds=30)  # calls wait a little after a boot
            frame = json.loads(await asyncio.wait_for(link.recv(), 5))
            while frame[0] != 2:
                frame = json.loads(await asyncio.wait_for(link.recv(), 5))
            assert frame[3]["setVariableData"][0]["attributeValue"] == SECRET
            result = [{**about, "attributeStatus": "Accepted", "attributeStatusInfo": {"reasonCode": "OK"}}]
            await link.send(json.dumps([3, frame[1], {"setVariableResult": result}]))
            await asked
        data = w.data_dir
        await w.room.stop()
        found = [p.name for p in data.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
        assert found == []
        await w.start()
