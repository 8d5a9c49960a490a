"""A 2.x fault comes in two words: the status, and the event that tells why. The operator reads one line."""

from app.domain.status import Shown
from tests.helpers.world import World, world


def event(w: World, *, cleared: bool = False) -> dict[str, object]:
    told = {
        "eventId": 9, "timestamp": "2026-01-01T00:00:00Z", "trigger": "Alerting",
        "actualValue": "false" if cleared else "true", "eventNotificationType": "HardWiredNotification",
        "component": {"name": "ConnectorPlugRetentionLock", "evse": {"id": 1, "connectorId": 1}},
        "variable": {"name": "Problem"}, "techCode": "CX001", "techInfo": "lock motor blocked",
    }  # fmt: skip
    if cleared:
        told["cleared"] = True
    return {"generatedAt": "2026-01-01T00:00:00Z", "seqNo": 0, "eventData": [told]}


async def test_status_and_event_of_one_fault_are_one_line_and_go_together() -> None:
    """ "Connector plug retention lock: problem", with the code; gone once the connector works again."""
    async with world() as w:
        s = await w.station(version="2.0.1")
        await s.boot()
        await s.status(1, "Faulted")
        await s.call("NotifyEvent", event(w))
        await w.until(lambda: "lock" in w.room.snapshot().troubles[0].text, "the cause")
        troubles = w.room.snapshot().troubles
        assert [(t.text, t.shown) for t in troubles] == [
            ("Connector plug retention lock: problem", Shown.FAULTED)
        ]
        assert "CX001" in troubles[0].detail
        assert "lock motor blocked" in troubles[0].detail
        await s.status(1, "Available")
        await w.until(lambda: not w.room.snapshot().troubles, "all is well")


async def test_an_event_that_is_told_to_be_over_leaves_the_list() -> None:
    """A problem of a component beside a working connector ends with its own "cleared"."""
    async with world() as w:
        s = await w.station(version="2.0.1")
        await s.boot()
        await s.status(1, "Available")
        await s.call("NotifyEvent", event(w))
        await w.until(lambda: w.room.snapshot().troubles, "a trouble")
        await s.call("NotifyEvent", event(w, cleared=True))
        await w.until(lambda: not w.room.snapshot().troubles, "over")


async def test_a_fault_that_ended_before_a_restart_does_not_come_back() -> None:
    """What is loaded at start is what is wrong now, not what was."""
    async with world() as w:
        s = await w.station(version="2.0.1")
        await s.boot()
        await s.status(1, "Faulted")
        await s.call("NotifyEvent", event(w))
        await w.advance(seconds=40)
        await s.status(1, "Available")
        s.drop()
        await w.restart()
        assert [t.kind for t in w.room.snapshot().troubles] == ["offline"]
