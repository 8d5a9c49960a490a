"""Exports keep their columns, their periods and what is told of nobody."""

import csv
import io
import json

import pytest

from app.domain.errors import UsageError
from app.replay import replay_log
from app.reports.exports import EXPORTS, Asked
from app.reports.pseudonyms import Pseudonyms
from app.reports.write import NAMES, export_file, write_export
from app.settings import load
from app.store.open import open_reading
from tests.helpers.recorded import at, day

DAY_MS = 1_767_571_200_000
EIGHT_MS = DAY_MS + 8 * 3_600_000

COLUMNS = {
    "stations": "station,name,site,latitude,longitude,vendor,model,serial,firmware,protocol,"
    "admitted,first_seen,last_seen",
    "sessions": "session,station,evse,connector,transaction,token,started_at,ended_at,"
    "meter_start_wh,meter_stop_wh,energy_wh,stop_reason,state,flags",
    "meter": "session,station,evse,connector,at,received_at,measurand,phase,location,context,value,unit",
    "statuses": "station,evse,connector,started_at,ended_at,state,error,vendor_error",
    "links": "station,started_at,ended_at,state,reason",
    "commands": "command,station,action,asked_by,reason,asked_at,sent_at,"
    "answered_at,answer,outcome,proved_at,operation,payload,proof,expires_at,batch",
    "faults": "fault,parent,station,evse,connector,rule,code,safety,state,priority,opened_at,acknowledged_at,"
    "cleared_at,closed_at,by,lost,losing_per_hour,expected,currency,drivers_hit,recovery,recovered",
    "uptime": "station,evse,rule,from,to,uptime_pct,uptime_low_pct,uptime_high_pct,assessable_ms,outage_ms,"
    "excluded_ms,unmeasured_ms,passes",
    "costs": "cost,period,site,station,cause,amount,currency,confidence,low,high,minutes,evidence",
    "cost-evidence": "cost,period,site,station,cause,confidence,object,at,quantity,unit,unit_price,amount,"
    "currency",
}


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A data directory with the recorded day."""
    folder = tmp_path_factory.mktemp("history")
    replay_log(load(folder / "data", environment={}), day().write(folder / "log.jsonl"))
    return folder / "data"


@pytest.fixture
def export(history):
    """Writes an export of the recorded day and returns its text."""
    reading = open_reading(history)

    def write(what, form="csv", pseudonyms=None, **asked):
        out = io.BytesIO()
        with reading.connect() as connection:
            write_export(
                connection,
                what,
                Asked(**{"now_ms": DAY_MS + 86_400_000} | asked),
                form,
                out,
                pseudonyms=pseudonyms,
            )
        return out.getvalue()

    yield write
    reading.close()


@pytest.mark.parametrize("what", COLUMNS)
def test_columns_are_those_of_the_contract(export, what):
    """Scripts rely on names and order; more may follow behind."""
    assert export(what).decode().splitlines()[0].startswith(COLUMNS[what])
    assert set(NAMES) == {*COLUMNS, "messages"} == {*EXPORTS, "messages"}


@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_every_export_has_every_form(export, what, form):
    """Nothing is left out in one of the forms."""
    assert export(what, form) or what in ("commands", "faults", "costs", "cost-evidence")


def test_the_period_is_from_inclusive_to_exclusive(export):
    """Two periods that touch hold every row once."""
    start = EIGHT_MS + 65_000

    def sessions(**period):
        return [r["station"] for r in csv.DictReader(io.StringIO(export("sessions", **period).decode()))]

    assert sessions(from_ms=start, to_ms=start + 1) == ["DEPOT-1"]
    assert sessions(to_ms=start) == []
    assert sessions(from_ms=start + 1) == ["DEPOT-2"]
    for what in ("meter", "statuses", "links"):
        middle = EIGHT_MS + 800_000
        whole = export(what).decode().splitlines()[1:]
        parts = (
            export(what, to_ms=middle).decode().splitlines()[1:]
            + export(what, from_ms=middle).decode().splitlines()[1:]
        )
        assert sorted(parts) == sorted(whole), what


def test_one_station_alone(export):
    """The station's rows, and nobody else's."""
    for what in ("stations", "sessions", "meter", "statuses", "links", "uptime"):
        rows = list(csv.DictReader(io.StringIO(export(what, station="DEPOT-2").decode())))
        assert {r["station"] for r in rows} <= {"DEPOT-2"}, what


def test_what_a_station_says_is_no_formula(export):
    """A vendor that begins with an equals sign is text."""
    rows = list(csv.DictReader(io.StringIO(export("stations").decode())))
    assert rows[0]["vendor"] == "'=HYPERLINK(1)"


def test_pseudonyms_hide_tokens_everywhere(export, history):
    """Sessions and messages of either version name no driver, and the same driver has the same name."""
    masks = Pseudonyms.of(history)
    tokens = [r["token"] for r in csv.DictReader(io.StringIO(export("sessions", pseudonyms=masks).decode()))]
    assert all(token.startswith("P-") for token in tokens)
    assert tokens == [Pseudonyms.of(history)("anna"), masks("BERT")]
    for form in ("csv", "jsonl"):
        told = export("messages", form, pseudonyms=masks).decode()
        assert "ANNA" not in told
        assert "BERT" not in told
    lines = [json.loads(line) for line in export("messages", "jsonl", pseudonyms=masks).splitlines()]
    assert any(masks("ANNA") in json.dumps(line) for line in lines)


def test_uptime_says_what_it_knows(export):
    """The raw rule has bounds and no verdict; percentages are truncated, times add up."""
    rows = [
        json.loads(line)
        for line in export("uptime", "jsonl", from_ms=EIGHT_MS, to_ms=EIGHT_MS + 8_000_000).splitlines()
    ]
    (one,) = [r for r in rows if r["station"] == "DEPOT-1" and r["rule"] == "raw"]
    assert (one["rule"], one["passes"], one["excluded_ms"]) == ("raw", None, 0)
    assert one["from"] == at(0)
    assert one["assessable_ms"] + one["unmeasured_ms"] == 8_000_000
    assert one["outage_ms"] == 4_000_000
    assert one["uptime_low_pct"] <= one["uptime_pct"] <= one["uptime_high_pct"]
    judged = {r["rule"]: r for r in rows if r["station"] == "DEPOT-1"}
    assert set(judged) == {"raw", "nevi", "uk", "cec"}
    assert judged["nevi"]["outage_ms"] == 4_000_000
    assert judged["nevi"]["passes"] == "false"


def test_a_file_is_whole_or_not_there(history, tmp_path):
    """An export to a file counts its rows; a wrong name or form is a usage error."""
    reading = open_reading(history)
    with reading.connect() as connection:
        asked = Asked(now_ms=DAY_MS)
        assert export_file(connection, "sessions", asked, "xlsx", tmp_path / "s.xlsx") == 2
        with pytest.raises(UsageError, match="no export 'tariffs'"):
            export_file(connection, "tariffs", asked, "csv", tmp_path / "t.csv")
        with pytest.raises(UsageError, match="no format 'pdf'"):
            export_file(connection, "sessions", asked, "pdf", tmp_path / "t.pdf")
    reading.close()
    assert [p.name for p in tmp_path.iterdir()] == ["s.xlsx"]
