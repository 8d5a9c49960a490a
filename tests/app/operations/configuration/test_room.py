"""The whole way: a station's settings are read, compared, written in waves and read back."""

from typing import Any

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.operations import Wish
from app.domain.records import VariableRecord
from app.operations.configuration.drift import CellState
from app.operations.configuration.template import parse
from tests.app.operations.configuration.story import rows
from tests.helpers.world import World, world

MINE = 'title = "Mine"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 300'


class Desk:
    """A desk that only listens."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def bulk(self, title: str, wishes: Any, by: str, waves: Any = (), stop_after: int = 1) -> int:
        self.asked = [title, wishes, by, waves, stop_after]
        return 7


async def keep(w: World, records: list[VariableRecord]) -> None:
    for record in records:
        w.room.turns.keep(record, w.clock.now_ms())
    await w.room._in_thread(w.room.writer.flush)


async def test_a_fleet_follows_a_template_and_differs_from_it() -> None:
    async with world() as w:
        for name, value in (("A", "300"), ("B", "60")):
            station = await w.station(name)
            await station.boot()
            await keep(w, rows(name, HeartbeatInterval=value))
        await w.station("C")
        room = w.room.configuration
        body = room.check("mine", parse(MINE, "mine"))
        await w.do(SaveEntry("template", "mine", body))
        for name in "ABC":
            await w.do(SaveEntry("template-of", name, {"template": "mine"}))
        assert [view.station for view in room.followers("mine")] == ["A", "B", "C"]

        found = await room.drift("mine")
        assert found.sentence == "1 station differs, 1 is not read yet"
        assert found.cell("HeartbeatInterval", "B").state is CellState.DIFFERS
        assert (await room.drift("mine", ("B",))).differing() == ("B",)

        made = await room.plans("mine")
        assert room.preview(made).waves == (("B",),)
        desk = Desk()
        assert await room.apply(desk, made, "vera", waves=(1, 2)) == 7
        wishes: list[Wish] = desk.asked[1]
        assert [(wish.station, wish.by) for wish in wishes] == [("B", "vera")]
        assert desk.asked[3] == (1, 2)
        with pytest.raises(ForecourtError, match="nothing to write"):
            await room.apply(desk, [], "vera")


async def test_the_closest_template_is_followed_until_another_is_chosen_and_taken_back() -> None:
    async with world() as w:
        station = await w.station("A")
        await station.boot()
        room = w.room.configuration
        assert room.followed(w.view("A")).name == "standard"  # type: ignore[union-attr]
        await w.do(SaveEntry("template-of", "A", {"template": "heartbeat"}))
        assert room.followed(w.view("A")).name == "heartbeat"  # type: ignore[union-attr]
        await w.do(RemoveEntry("template-of", "A"))
        assert room.followed(w.view("A")).name == "standard"  # type: ignore[union-attr]


async def test_templates_written_here_outlive_a_restart() -> None:
    async with world() as w:
        room = w.room.configuration
        await w.do(SaveEntry("template", "mine", room.check("mine", parse(MINE, "mine"))))
        await w.restart()
        assert w.room.configuration.template("mine").version == 1
        with pytest.raises(ForecourtError, match="no template 'gone'"):
            await w.room.configuration.drift("gone")


async def test_a_template_that_cannot_be_is_not_kept() -> None:
    async with world() as w:
        with pytest.raises(ForecourtError, match="includes 'gone'"):
            w.room.configuration.check("mine", parse('title = "T"\nincludes = ["gone"]', "mine"))


async def test_a_station_is_asked_for_what_its_template_names() -> None:
    async with world() as w:
        station = await w.station("A", version="2.0.1")
        await station.boot()
        asked = w.room.configuration.reading("heartbeat", w.view("A"))
        assert asked is not None
        assert [variable.component for variable in asked.variables] == ["OCPPCommCtrlr"]


async def test_an_entry_that_is_no_template_stops_neither_the_others_nor_a_start() -> None:
    async with world() as w:
        await w.do(SaveEntry("template", "a-first", {"title": "A", "includes": ["mine"]}))
        await w.do(SaveEntry("template", "bad", {"colour": "red"}))
        await w.do(SaveEntry("template", "mine", {"title": "Mine"}))
        await w.restart()
        room = w.room.configuration
        assert {"a-first", "mine", "standard"} <= set(room.templates)
        assert len(room.problems) == 1
        assert "'bad' cannot be read" in room.problems[0]
