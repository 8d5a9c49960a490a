"""Configuration as code over real sockets: read, compare, write in waves, read back, equal."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.domain.operations import (
    ENDED,
    CommandState,
    ListedToken,
    ReadConfiguration,
    SendLocalList,
    Variable,
    Wish,
)
from app.operations.configuration.drift import CellState, Drift
from app.operations.configuration.template import parse
from app.simulator.scripted import SimStation
from app.store.readers.variables import variables
from tests.helpers.world import World, world

TEMPLATE = """
title = "Ours"
[[line]]
key = "HeartbeatInterval"
value = 300
[[line]]
key = "WebSocketPingInterval"
value = 60
"""


def settings_of(station: SimStation, values: dict[str, str], *, stubborn: bool = False) -> dict[str, str]:
    """Let a station hold settings: 1.6 keys, or "Component.Variable" in 2.x. `stubborn`: it keeps them."""

    def get(payload: dict[str, Any]) -> dict[str, Any]:
        wanted = payload.get("key") or list(values)
        known = [{"key": k, "readonly": False, "value": values[k]} for k in wanted if k in values]
        return {"configurationKey": known, "unknownKey": [k for k in wanted if k not in values]}

    def change(payload: dict[str, Any]) -> dict[str, Any]:
        if payload["key"] not in values:
            return {"status": "NotSupported"}
        if not stubborn:
            values[payload["key"]] = payload["value"]
        return {"status": "Accepted"}

    def about(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        name = f"{row['component']['name']}.{row['variable']['name']}"
        return name, {"component": row["component"], "variable": row["variable"]}

    def get_2x(payload: dict[str, Any]) -> dict[str, Any]:
        rows = []
        for row in payload["getVariableData"]:
            name, said = about(row)
            told = {"attributeStatus": "Accepted", "attributeValue": values[name]} if name in values else {
                "attributeStatus": "UnknownVariable"
            }  # fmt: skip
            rows.append({**told, **said})
        return {"getVariableResult": rows}

    def set_2x(payload: dict[str, Any]) -> dict[str, Any]:
        rows = []
        for row in payload["setVariableData"]:
            name, said = about(row)
            values[name] = row["attributeValue"]
            rows.append({"attributeStatus": "Accepted", **said})
        return {"setVariableResult": rows}

    station.answers |= {
        "GetConfiguration": get, "ChangeConfiguration": change,
        "GetVariables": get_2x, "SetVariables": set_2x,
    }  # fmt: skip
    return values


async def ended(w: World, command: int) -> CommandState:
    """How a command ended, letting time pass until it has."""
    desk = w.room.desk
    for _ in range(200):
        if command not in desk.lives:
            break
        await w.advance(seconds=1)
    return CommandState((await desk.ended(command)).outcome)


async def read(w: World, name: str, template: str) -> None:
    """Read what the template names."""
    asked = w.room.configuration.reading(template, w.view(name))
    assert asked is not None
    assert await ended(w, await w.room.desk.ask(Wish(name, asked, "vera"))) is CommandState.DONE


async def stands(w: World, wanted: Callable[[Drift], bool]) -> Drift:
    """The drift, once it stands so: what was told is kept a moment after its command has ended."""
    for _ in range(500):
        found = await w.room.configuration.drift("ours")
        if wanted(found):
            break
        await asyncio.sleep(0.01)
    assert wanted(found), found.sentence
    return found


async def ours(w: World, *names: str) -> None:
    room = w.room.configuration
    await w.do(SaveEntry("template", "ours", room.check("ours", parse(TEMPLATE, "ours"))))
    for name in names:
        await w.do(SaveEntry("template-of", name, {"template": "ours"}))


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_a_template_is_written_and_read_back_at_every_station(version: str) -> None:
    async with world() as w:
        at = "OCPPCommCtrlr." if version != "1.6" else ""
        held = {}
        for name in ("A", "B", "C"):
            station = await w.station(name, version)
            held[name] = settings_of(
                station, {f"{at}HeartbeatInterval": "60", f"{at}WebSocketPingInterval": "60"}
            )
            await station.boot()
        await ours(w, *held)
        await w.advance(seconds=10)
        room = w.room.configuration
        assert len((await room.drift("ours")).unread()) == 3
        for name in held:
            await read(w, name, "ours")
        await stands(w, lambda found: found.sentence == "3 stations differ")

        batch = await room.apply(w.room.desk, await room.plans("ours"), "vera", "calmer", waves=(1, 2))
        for _ in range(120):
            view = next(b for b in w.room.desk.batches() if b.batch == batch)
            if view.state == "done":
                break
            await w.advance(seconds=1)
        assert (view.state, view.proved, view.failed) == ("done", 3, 0)
        assert all(values[f"{at}HeartbeatInterval"] == "300" for values in held.values())
        await stands(w, lambda found: found.sentence == "All are equal")
        (changed,) = [r for r in await w.room.ask(variables, "A") if r.before is not None]
        assert (changed.name, changed.before, changed.value) == ("HeartbeatInterval", "60", "300")


async def test_a_template_passes_over_whom_it_cannot_reach() -> None:
    """As the preview says: the absent are left out, and keep nobody else from being written to."""
    async with world() as w:
        held = {}
        for name in ("A", "B"):
            station = await w.station(name)
            held[name] = settings_of(station, {"HeartbeatInterval": "60", "WebSocketPingInterval": "60"})
            await station.boot()
        await ours(w, *held)
        await w.advance(seconds=10)
        room = w.room.configuration
        for name in held:
            await read(w, name, "ours")
        await stands(w, lambda found: not found.unread())
        station.go_offline()
        made = await room.plans("ours")
        await w.until(lambda: bool(room.preview(made).offline), "it left")
        told = room.preview(made)
        assert (told.offline, told.waves) == (("B",), (("A",),))
        batch = await room.apply(w.room.desk, made, "vera")
        for _ in range(120):
            view = next(b for b in w.room.desk.batches() if b.batch == batch)
            if view.state == "done":
                break
            await w.advance(seconds=1)
        assert (view.state, view.total, view.proved) == ("done", 1, 1)
        assert (held["A"]["HeartbeatInterval"], held["B"]["HeartbeatInterval"]) == ("300", "60")
        with pytest.raises(ForecourtError, match="None of these stations is connected"):
            await room.apply(w.room.desk, [one for one in made if one.station == "B"], "vera")


async def test_a_station_that_only_says_yes_stays_different_and_stops_the_rest() -> None:
    async with world() as w:
        for name in ("A", "B", "C"):
            station = await w.station(name)
            values = {"HeartbeatInterval": "60", "WebSocketPingInterval": "60"}
            settings_of(station, values, stubborn=name == "A")
            await station.boot()
        await ours(w, "A", "B", "C")
        await w.advance(seconds=10)
        room = w.room.configuration
        for name in ("A", "B", "C"):
            await read(w, name, "ours")
        await stands(w, lambda found: not found.unread())
        batch = await room.apply(w.room.desk, await room.plans("ours"), "vera", waves=(1, 2))
        for _ in range(200):
            view = next(b for b in w.room.desk.batches() if b.batch == batch)
            if view.state in ("done", "stopped"):
                break
            await w.advance(seconds=1)
        assert (view.state, view.proved, view.failed) == ("stopped", 0, 1)
        assert (await room.drift("ours")).differing() == ("A", "B", "C")


async def test_a_setting_that_a_station_does_not_have_is_missing_and_not_written() -> None:
    async with world() as w:
        station = await w.station("A")
        settings_of(station, {"HeartbeatInterval": "300"})
        await station.boot()
        await ours(w, "A")
        await w.advance(seconds=10)
        await read(w, "A", "ours")
        await stands(w, lambda found: found.cell("WebSocketPingInterval", "A").state is CellState.MISSING)
        assert await w.room.configuration.plans("ours") == []


async def test_five_settings_go_in_two_messages_to_a_station_that_takes_four() -> None:
    """OCTT TC_B_08; the limit was told once and is remembered over a restart."""
    async with world() as w:
        station = await w.station("A", "1.6")
        values = {"GetConfigurationMaxKeys": "4"} | {f"K{n}": "1" for n in range(5)}
        settings_of(station, values)
        await station.boot()
        await w.advance(seconds=10)
        assert await ended(w, await w.room.desk.ask(Wish("A", ReadConfiguration(), "vera"))) in ENDED
        settings, four = w.room.desk.settings, ReadConfiguration()
        assert settings is not None
        await w.until(lambda: settings.most("A", "1.6", four) == 4, "the limit to be kept")
        await w.restart()
        again = await w.station("A", "1.6")
        settings_of(again, values)
        await again.boot()
        await w.advance(seconds=10)
        asked = ReadConfiguration(tuple(Variable(f"K{n}") for n in range(5)))
        assert await ended(w, await w.room.desk.ask(Wish("A", asked, "vera"))) is CommandState.DONE
        sent = [len(payload["key"]) for action, payload in again.calls if action == "GetConfiguration"]
        assert sent == [4, 1]


async def test_a_wrong_clock_is_listed_with_the_ways_to_mend_it() -> None:
    async with world() as w:
        station = await w.station("A")
        station.habits = type(station.habits)(clock_offset_ms=600_000)
        await station.boot()
        for _ in range(4):
            await station.status(1, "Available")
            await w.advance(seconds=40)
        await w.until(lambda: w.view("A").clock_skew_ms, "the skew to be known")
        (found,) = await w.room.configuration.wrong_clocks()
        assert (found.station, found.online) == ("A", True)
        assert found.sentence == "Its clock is 10 min ahead."
        wish = Wish("A", found.mends[0].operation, "vera")
        await w.room.desk.ask(wish)
        assert await station.next_call("TriggerMessage") == {"requestedMessage": "Heartbeat"}


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_long_list_goes_in_parts_and_is_proved_by_the_last_ones_version(version: str) -> None:
    async with world() as w:
        station = await w.station("A", version)
        key = "listVersion" if version == "1.6" else "versionNumber"
        held: list[int] = []

        def take(payload: dict[str, Any]) -> dict[str, Any]:
            held.append(payload[key])
            return {"status": "Accepted"}

        station.answers |= {"SendLocalList": take, "GetLocalListVersion": lambda _: {key: held[-1]}}
        await station.boot()
        await w.advance(seconds=10)
        tokens = tuple(ListedToken(f"CARD-{n}") for n in range(30))
        command = await w.room.desk.ask(Wish("A", SendLocalList(2, tokens), "vera"))
        assert await ended(w, command) is CommandState.PROVED
        assert held == [1, 2, 3]
        assert "version 3" in (await w.room.desk.ended(command)).proof
