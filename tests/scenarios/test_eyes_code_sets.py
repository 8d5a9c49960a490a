"""A station that speaks a code set of others is understood, from the wire to the queue."""

from tests.helpers.world import world


async def test_the_vendor_id_goes_with_its_code() -> None:
    """F005 means a failed cable check under com.evgo.mrec, and nothing under any other name."""
    told = {
        "errorCode": "OtherError",
        "status": "Faulted",
        "vendorErrorCode": "F005",
        "info": "0.4 MΩ",
    }
    async with world() as w:
        for name, vendor in (("ONE", "com.evgo.mrec"), ("TWO", "com.example")):
            station = await w.station(name)
            await station.boot()
            said = {**told, "connectorId": 1, "vendorId": vendor}
            await station.say(("StatusNotification", said))
        await w.advance(seconds=15)
        await w.until(lambda: len(w.room.faults.open()) == 2, "both faults")
        found = {row.station: row for row in w.room.faults.open()}
        assert (found["ONE"].code, found["ONE"].safety) == ("CX011", True)
        assert (found["TWO"].code, found["TWO"].safety) == ("Unmapped", False)
