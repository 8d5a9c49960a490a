"""Faults that heal by themselves, by the playbook, and those that must be left alone. Real sockets."""

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.store.readers.faults import history_of
from tests.helpers.recovering import automatic, charger, faults, heals_on_reset, on_reset, sent, slowly
from tests.helpers.world import World, world


async def test_an_internal_error_is_reset_and_the_next_session_proves_it() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        heals_on_reset(s)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 15)
        (fault,) = await faults(w)
        assert fault.recovery == "mended, not proved"
        assert len(await sent(w, "Reset")) == 1
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=0)
        await slowly(w, 5)
        await car.leave(meter_wh=5_000)
        await slowly(w, 1)
        (fault,) = await faults(w)
        assert (fault.recovery, fault.recovered_ms is not None) == ("proved", True)
        told = [line.text for line in await w.room.ask(history_of, fault.fault) if line.verb == "recovery"]
        assert told[-1].endswith("delivered there.")
        rate = w.room.recovery.rates.of("internal-error", "soft-reset", "InternalError")
        assert (rate.k, rate.n) == (1, 1)


async def test_what_was_mended_and_delivers_nothing_did_not_hold() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        heals_on_reset(s)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 15)
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=0)
        await slowly(w, 5)
        await car.leave(meter_wh=0)
        await slowly(w, 1)
        fault = next(f for f in await faults(w) if f.code == "InternalError")
        assert (fault.recovery, fault.recovered_ms) == ("did not hold", None)


async def test_off_by_default_nothing_is_sent() -> None:
    async with world() as w:
        s = await charger(w)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 30)
        (fault,) = await faults(w)
        assert fault.recovery == ""
        assert await sent(w, "Reset") == []
        assert "off for this playbook" in w.room.recovery.holding[fault.fault]


async def test_a_safety_fault_is_never_touched() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        await s.status(1, "Faulted", "GroundFailure")
        await slowly(w, 60)
        (fault,) = await faults(w)
        assert fault.safety
        assert await sent(w, "Reset") == []
        assert w.room.recovery.offer(fault.fault) is None


async def test_while_a_driver_charges_at_the_next_plug_nothing_is_reset() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        await s.status(2, "Available")
        car = await s.plug_in(connector=2, tag="ANNA", meter_wh=0)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 30)
        assert await sent(w, "Reset") == []
        await car.leave(meter_wh=9_000)
        await s.status(2, "Available")
        heals_on_reset(s)
        await slowly(w, 20)
        assert len(await sent(w, "Reset")) >= 1


async def test_a_driver_who_charges_for_hours_is_waited_for_as_long_as_the_alarm_allows() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        await s.status(2, "Available")
        car = await s.plug_in(connector=2, tag="ANNA", meter_wh=0)
        await s.status(1, "Available", "ReaderFailure")
        await slowly(w, 1)
        (fault,) = await faults(w)
        allowed_h = w.room.faults.act_within_ms(fault.fault) / 3_600_000
        assert allowed_h > 2
        for _ in range(round(4 * (allowed_h - 0.5))):
            await w.advance(seconds=900)
        (fault,) = await faults(w)
        assert (fault.recovery, await sent(w, "Reset")) == ("", [])
        await car.leave(meter_wh=9_000)
        await s.status(2, "Available")
        heals_on_reset(s)
        await slowly(w, 10)
        (fault,) = await faults(w)
        assert fault.recovery == "mended, not proved"


async def test_nobody_waits_for_a_driver_for_ever() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        await s.status(2, "Available")
        await s.plug_in(connector=2, tag="ANNA", meter_wh=0)
        await s.status(1, "Available", "ReaderFailure")
        await slowly(w, 1)
        (fault,) = await faults(w)
        for _ in range(round(w.room.faults.act_within_ms(fault.fault) / 900_000) + 2):
            await w.advance(seconds=900)
        (fault,) = await faults(w)
        assert (fault.recovery, await sent(w, "Reset")) == ("needs a person", [])


async def test_the_kill_switch_and_quiet_hours_hold_everything() -> None:
    async with world() as w:
        await automatic(w, killed=True)
        s = await charger(w)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 30)
        assert await sent(w, "Reset") == []
        await w.do(SaveEntry("recovery", "all", {"killed": False, "quiet": [0, 1440]}))
        await slowly(w, 30)
        assert await sent(w, "Reset") == []


async def test_at_most_three_steps_an_hour_and_then_a_person() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        s.answers["Reset"] = {"status": "Accepted"}
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 55)
        steps = len(await sent(w, "Reset")) + len(await sent(w, "GetDiagnostics"))
        assert 1 <= steps <= 3
        await slowly(w, 120)
        (fault,) = await faults(w)
        assert fault.recovery == "needs a person"


async def test_one_station_of_a_site_at_a_time() -> None:
    async with world() as w:
        await automatic(w)
        one, two = await charger(w, "DEPOT-1"), await charger(w, "DEPOT-2")
        for s in (one, two):
            s.answers["Reset"] = {"status": "Accepted"}
            await s.status(1, "Faulted", "InternalError")
        seen = 0
        for _ in range(90):
            await w.advance(seconds=20)
            seen = max(seen, len(w.room.recovery._working))
        assert seen == 1


async def test_a_person_is_led_step_by_step() -> None:
    async with world() as w:
        s = await charger(w)
        heals_on_reset(s)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 1)
        (fault,) = await faults(w)
        offer = w.room.recovery.offer(fault.fault)
        assert offer is not None
        assert [step.state for step in offer.steps][:2] == ["next", "later"]
        await w.room.recovery.next(fault.fault, "ann")
        with pytest.raises(ForecourtError, match="under way"):
            await w.room.recovery.next(fault.fault, "ann")
        await slowly(w, 5)
        await w.room.recovery.next(fault.fault, "ann", "nobody there")
        await slowly(w, 5)
        (fault,) = await faults(w)
        assert fault.recovery == "mended, not proved"
        (reset,) = await sent(w, "Reset")
        assert reset.asked_by == "ann"


async def test_what_was_tried_is_known_after_a_restart() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        s.answers["Reset"] = {"status": "Rejected"}
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 12)
        (fault,) = await faults(w)
        before = [t for t in w.room.recovery._tried[fault.fault]]
        assert before
        await w.restart()
        assert [t.number for t in w.room.recovery._tried[fault.fault]] == [t.number for t in before]


async def test_a_step_whose_effect_has_to_stay_for_the_off_delay_counts() -> None:
    """The fault's condition ends within the step's time, its alarm only a minute later."""
    async with world() as w:
        s = await charger(w)
        await s.status(1, "Faulted", "ConnectorLockFailure")
        await slowly(w, 1)
        (fault,) = await faults(w)
        await w.room.recovery.next(fault.fault, "ann")
        await slowly(w, 3)
        await w.room.recovery.next(fault.fault, "ann")
        await w.advance(seconds=40)
        await s.status(1, "Available")
        await slowly(w, 3)
        (fault,) = await faults(w)
        assert fault.recovery == "mended, not proved"


SHOWN = """
[[playbook]]
id = "internal-error"
title = "Internal error"
codes = ["InternalError"]

[[playbook.step]]
do = "soft-reset"
says = "Restart it."
wait_s = 43200
only_if = ["online", "nobody-charging"]
shown_by = "sessions"

[[playbook.step]]
do = "send-person"
says = "Go there."
wait_s = 0
"""


async def only_sessions_show(w: World) -> None:
    """An own playbook, which a start reads."""
    (w.data_dir / "playbooks").mkdir()
    (w.data_dir / "playbooks" / "own.toml").write_text(SHOWN, "utf-8")
    await w.restart()


async def test_what_only_sessions_show_is_waited_for_across_a_restart_and_blocks_nobody() -> None:
    async with world() as w:
        await only_sessions_show(w)
        await automatic(w)
        one, two = await charger(w, "DEPOT-1"), await charger(w, "DEPOT-2")
        for s in (one, two):
            heals_on_reset(s, "Faulted", "InternalError")
            await s.status(1, "Faulted", "InternalError")
        await slowly(w, 20)
        assert [f.recovery for f in await faults(w)] == ["running: soft-reset"] * 2
        await w.restart()
        await slowly(w, 60)
        assert len(await sent(w, "Reset", "DEPOT-1")) == 1
        assert {f.recovery for f in await faults(w) if f.code == "InternalError"} == {"running: soft-reset"}


async def test_the_session_that_shows_that_a_restart_helped_also_proves_it() -> None:
    """No second one is waited for: it began after the restart and delivered."""
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        heals_on_reset(s)
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=20_000)
        await slowly(w, 10)
        await car.leave(meter_wh=15_000)
        await slowly(w, 30)
        (fault,) = await faults(w)
        assert (fault.code, fault.recovery) == ("MeterBackwards", "running: soft-reset")
        assert len(await sent(w, "Reset")) == 1
        car = await s.plug_in(connector=1, tag="BERT", meter_wh=15_000)
        await slowly(w, 10)
        await car.leave(meter_wh=21_000)
        await slowly(w, 10)
        (fault,) = await faults(w)
        assert (fault.recovery, fault.recovered_ms is not None) == ("proved", True)


async def test_a_person_need_not_wait_for_the_sessions() -> None:
    async with world() as w:
        await only_sessions_show(w)
        s = await charger(w)
        heals_on_reset(s, "Faulted", "InternalError")
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 1)
        (fault,) = await faults(w)
        await w.room.recovery.next(fault.fault, "ann")
        await slowly(w, 5)
        await w.room.recovery.next(fault.fault, "ann")
        await slowly(w, 1)
        (fault,) = await faults(w)
        assert fault.recovery == "needs a person"


async def test_a_restart_is_credited_with_every_fault_of_the_station_that_it_ended() -> None:
    async with world() as w:
        await automatic(w)
        s = await charger(w)

        async def both() -> None:
            await s.status(1, "Available")
            await s.status(2, "Available")

        on_reset(s, both)
        await s.status(1, "Faulted", "PowerMeterFailure")
        await s.status(2, "Faulted", "ReaderFailure")
        await slowly(w, 12)
        assert len(await sent(w, "Reset")) == 1
        assert [f.recovery for f in await faults(w)] == ["mended, not proved"] * 2


async def test_a_lock_that_did_not_open_made_nothing_worse() -> None:
    """A failed unlock is told as a stuck cable; it must not stop what else the playbook has."""
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        s.answers["UnlockConnector"] = {"status": "UnlockFailed"}
        heals_on_reset(s)
        await s.status(1, "Faulted", "ConnectorLockFailure")
        await slowly(w, 40)
        fault = next(f for f in await faults(w) if f.code == "CX001")
        assert fault.recovery == "mended, not proved"
        assert await sent(w, "Reset")
