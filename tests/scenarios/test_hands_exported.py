"""The command log leaves Forecourt whole: what was meant, sent, answered, seen; drivers masked if asked."""

import io
import json

import pytest

from app.domain import operations as op
from app.reports.exports import Asked
from app.reports.pseudonyms import Pseudonyms
from app.reports.write import write_export
from tests.helpers.hands import accepted, ready
from tests.helpers.world import world


@pytest.mark.parametrize("masked", [False, True])
async def test_a_command_is_exported_with_what_was_sent_and_seen(masked: bool) -> None:
    """One row a command; no token of a driver where pseudonyms were asked for."""
    async with world() as w:
        station = await ready(w)
        await accepted(w, op.StartSession(1, "04A1B2C3"))
        car = await station.plug_in(tag="04A1B2C3")
        await car.sample(meter_wh=300, power_w=7_400)
        await w.until(lambda: not w.room.desk.open(), "it is proved")
        out = io.BytesIO()
        names = Pseudonyms(b"k" * 32) if masked else None
        await w.room.ask(write_export, "commands", Asked(w.clock.now_ms()), "jsonl", out, pseudonyms=names)
        (row,) = [json.loads(line) for line in out.getvalue().splitlines()]
        assert (row["operation"], row["outcome"]) == ("StartSession", "proved")
        assert "at connector 1; 7.4 kW flows" in row["proof"]
        assert ("04A1B2C3" in out.getvalue().decode()) is not masked
        assert json.loads(row["payload"])["connectorId"] == 1
