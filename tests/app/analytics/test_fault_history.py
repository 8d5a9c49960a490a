"""One fault with all that belongs to it, the queue's figures and a shift's page, from what is kept."""

from app.analytics.alarm_kpis import Span
from app.analytics.fault_history import fault_detail, handover, queue_figures
from app.domain.intents import ActOnFault, SaveEntry
from tests.helpers.world import World, world

HOUR_MS = 3_600_000


async def kept(w: World, count: int) -> None:
    """So many faults are kept."""
    await w.until(lambda: len(w.room.faults.views()) >= count, f"{count} faults")
    await w.room._in_thread(w.room.writer.flush)


async def test_a_fault_and_what_it_resembles() -> None:
    async with world() as w:
        for name in ("A", "B"):
            station = await w.station(name)
            await station.boot()
            await station.status(1, "Faulted", "ConnectorLockFailure")
            await w.advance(seconds=15)
        await kept(w, 2)
        faults = w.room.faults.open()
        await w.do(ActOnFault(faults[0].fault, "close", {"reason": "ice removed"}))
        detail = await w.room.ask(fault_detail, faults[1].fault, w.clock.now_ms())
        assert detail is not None
        assert [line.verb for line in detail.history] == ["began", "announce"]
        assert [(s.fault.station, s.ended_by.text) for s in detail.similar if s.ended_by] == [
            ("A", "ice removed")
        ]
        assert detail.same_here == 1
        assert detail.same_firmware == (2, 2)
        assert await w.room.ask(fault_detail, 99, w.clock.now_ms()) is None


async def test_a_shift_on_one_page_and_its_figures() -> None:
    async with world() as w:
        begun = w.clock.now_ms()
        station = await w.station()
        await station.boot()
        for connector, error in enumerate(("ConnectorLockFailure", "GroundFailure", "HighTemperature"), 1):
            await station.status(connector, "Faulted", error)
        await w.advance(seconds=70)
        await kept(w, 3)
        by_code = {f.code: f.fault for f in w.room.faults.open()}
        await w.do(ActOnFault(by_code["CX001"], "acknowledge"))
        await w.do(ActOnFault(by_code["CX001"], "note", {"text": "lock sprayed"}))
        until = w.clock.now_ms() + HOUR_MS
        await w.do(ActOnFault(by_code["CX003"], "shelve", {"until_ms": until, "reason": "shade comes"}))
        end = w.clock.now_ms() + 1
        page = await w.room.ask(handover, begun, end)
        assert [f.code for f in page.unseen] == ["CX002"]
        assert [f.code for f in page.in_hand] == ["CX001"]
        assert [f.code for f in page.shelved] == ["CX003"]
        assert [line.text for line in page.notes] == ["lock sprayed"]
        assert page.acts == (("test", 3),)
        assert page.opened == 3
        await w.do(SaveEntry("shift", "early", {"from_ms": begun, "to_ms": begun + HOUR_MS}))
        figures = await w.room.ask(queue_figures, begun, begun + HOUR_MS, end)
        assert (figures.alarms, figures.per_operator_hour) == (3, 3)
        assert figures.attended_ms == Span(begun, begun + HOUR_MS).end_ms - begun
