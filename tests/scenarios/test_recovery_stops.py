"""Recovery leaves alone what a person set aside, and stops where it does harm. Real sockets."""

from app.domain.intents import ActOnFault
from tests.helpers.recovering import automatic, charger, faults, heals_on_reset, on_reset, sent, slowly
from tests.helpers.world import world


async def test_two_steps_in_a_row_that_made_it_worse_end_it_and_a_person_has_to_look() -> None:
    """Every reset brings the old fault back and another connector out of use."""
    async with world() as w:
        await automatic(w)
        s = await charger(w)
        await s.status(2, "Available")
        await s.status(3, "Available")
        broken: list[int] = []

        async def worse() -> None:
            broken.append(len(broken) + 2)
            await s.status(1, "Faulted", "InternalError")
            for connector in broken:
                await s.status(connector, "Faulted", "PowerSwitchFailure")

        on_reset(s, worse)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 60)
        first = next(f for f in await faults(w) if f.code == "InternalError")
        resets = await sent(w, "Reset")
        mine = [c for c in resets if c.reason.startswith(f"Recovery of fault {first.fault}:")]
        assert len(mine) == len(resets) == 2, "the faults that the resets made ask for no further one"
        assert "made it worse" in w.room.recovery.holding[first.fault]


async def test_what_a_person_shelved_is_left_alone_until_it_is_back() -> None:
    async with world() as w:
        s = await charger(w)
        heals_on_reset(s)
        await s.status(1, "Faulted", "InternalError")
        await slowly(w, 3)
        (fault,) = await faults(w)
        until = w.clock.now_ms() + 30 * 60_000
        await w.do(ActOnFault(fault.fault, "shelve", {"until_ms": until}), why="the maker is at it")
        await automatic(w)
        await slowly(w, 20)
        assert await sent(w, "Reset") == []
        await slowly(w, 30)
        assert len(await sent(w, "Reset")) == 1
