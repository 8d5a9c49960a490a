"""Importing stations: any spreadsheet's CSV is read, whatever is wrong is named, nothing is half applied."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, DescribeStation
from app.domain.records import ConnectorPlan, StationRecord
from app.import_stations import COLUMNS, BadTable, in_words, parse_table, plan, read_table

HEAD = ",".join(COLUMNS)
TABLE = f"""{HEAD}
DEPOT-1,Depot one,Depot,52.5,13.4,1,CCS,150,0.59
DEPOT-1,,,,,2,Type 2,22,0.49
DEPOT-2,Depot two,Depot,,,,,,
"""


def test_a_table_becomes_stations_with_their_plugs():
    """Each new station is added, then its plugs described."""
    changes = plan({}, parse_table(TABLE.encode()))
    assert [c.station for c in changes] == ["DEPOT-1", "DEPOT-2"]
    assert changes[0].intents == (
        AddStation("DEPOT-1", "Depot one", "Depot", 52.5, 13.4),
        DescribeStation(
            "DEPOT-1",
            plan=(ConnectorPlan(1, 1, "CCS", 150_000, "0.59"), ConnectorPlan(2, 1, "Type 2", 22_000, "0.49")),
        ),
    )
    assert changes[1].intents == (AddStation("DEPOT-2", "Depot two", "Depot", None, None),)
    assert "2 new, 0 changed, 0 unchanged." in in_words(changes)


def test_only_what_differs_changes():
    """A dry run names old and new; a second import of the same table changes nothing."""
    known = StationRecord(
        "DEPOT-1", name="Old", site="Depot", plan=(ConnectorPlan(1, 1, "CCS", 50_000, "0.59"),)
    )
    (change, _) = plan({"DEPOT-1": known}, parse_table(TABLE.encode()))
    assert ("name", "Old", "Depot one") in change.fields
    assert ("connector 1", "CCS, 50 kW, 0.59 per kWh", "CCS, 150 kW, 0.59 per kWh") in change.fields
    assert "site" not in [f[0] for f in change.fields]
    (intent,) = change.intents
    known = StationRecord(
        "DEPOT-1", name=intent.name, site="Depot", latitude=52.5, longitude=13.4, plan=intent.plan
    )
    again = plan({"DEPOT-1": known}, parse_table(TABLE.encode()))
    assert again[0].intents == ()
    assert "1 unchanged" in in_words(again)


def test_an_empty_cell_leaves_what_is_known():
    """A table of prices alone moves no station and renames none."""
    known = StationRecord(
        "A", name="Kept", latitude=1.0, longitude=2.0, plan=(ConnectorPlan(1, 1, "CCS", 50_000, "0.50"),)
    )
    (change,) = plan({"A": known}, parse_table(b"identity,connector,price_per_kwh\nA,1,0.60\n"))
    assert change.intents == (DescribeStation("A", plan=(ConnectorPlan(1, 1, "CCS", 50_000, "0.6"),)),)


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace(",", ";").replace(".5", ",5").replace("0.", "0,").encode("cp1252"),
        TABLE.replace(",", "\t").encode(),
        ("\n\n" + TABLE).encode(),
        TABLE.replace("identity", "Identity").replace("power_kw", "Power kW").encode(),
    ],
)
def test_the_habits_of_spreadsheets_make_no_difference(data):
    """BOM, UTF-16, CRLF, semicolons with decimal commas, tabs, blank lines, capital heads."""
    assert plan({}, parse_table(data)) == plan({}, parse_table(TABLE.encode()))


def test_old_encodings_keep_their_umlauts():
    """A Windows-1252 table is read as one."""
    (line,) = parse_table("identity;name\nA;Bürgerbüro\n".encode("cp1252"))
    assert line.name == "Bürgerbüro"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",x,,,,,,,", "identity is missing"),
        ("a/b,,,,,,,,", "has a character no identity can have"),
        (".hidden,,,,,,,,", "no identity can have"),
        ("x" * 49 + ",,,,,,,,", "more than 48"),
        ("A,,,91,0,,,,", "latitude must be from -90 to 90, not 91"),
        ("A,,,52,,,,,", "belong together"),
        ("A,,,x,1,,,,", "latitude must be a number"),
        ("A,,,nan,1,,,,", "latitude must be from"),
        ("A,,,,,0,,,", "connector must be a number"),
        ("A,,,,,1.2.3,,,", "connector must be a number"),
        ("A,,,,,,CCS,,", "need a connector"),
        ("A,,,,,1,,-1,", "power_kw must be from 0"),
        ("A,,,,,1,,1e99,", "power_kw must be from 0"),
        ("A,,,,,1,,,free", "price_per_kwh must be a number"),
        ("A,,,,,,,,,x", "more cells than the head"),
        ('A,"open', "Line"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_line(row, says):
    """What is wrong, and where."""
    with pytest.raises(BadTable) as caught:
        parse_table(f"{HEAD}\nGOOD,,,,,,,,\n{row}\n".encode())
    assert says in str(caught.value)
    assert "Line 3" in str(caught.value) or "Line 4" in str(caught.value)


def test_all_mistakes_are_told_at_once_and_contradictions_too():
    """A table with several mistakes needs one round, not several."""
    with pytest.raises(BadTable) as caught:
        parse_table(f"{HEAD}\nA,one,,,,1,,,\nA,two,,,,1,,,\nB,,,99,0,,,,\n".encode())
    assert len(caught.value.problems) == 3
    assert "Line 3: name of A is two, but one on line 2." in caught.value.problems
    assert "Line 3: this connector of A is on line 2 too." in caught.value.problems


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"name,site\nx,y\n", HEAD.encode(), b"identity,identity\nA,B\n"]
)
def test_what_is_no_such_table_is_said(data):
    """Empty files, foreign tables and heads without rows end in a sentence."""
    with pytest.raises(ForecourtError):
        parse_table(data)


def test_files_that_are_not_there_or_too_large(tmp_path):
    """A missing file and one beyond the limit are named."""
    with pytest.raises(ForecourtError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
    big = tmp_path / "big.csv"
    with open(big, "wb") as f:
        f.truncate(20_000_001)
    with pytest.raises(ForecourtError, match="larger than"):
        read_table(big)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_a_traceback(data):
    """Whatever a file holds, the outcome is lines or a sentence."""
    for whole in (data, b"identity,name\n" + data):
        with suppress(ForecourtError):
            assert parse_table(whole)


cells = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Cf", "Co", "Cn", "Zs")), max_size=30
)
numbers = st.one_of(st.none(), st.integers(-90, 90))


@given(
    st.lists(
        st.tuples(st.text("AZaz09-_", min_size=1, max_size=20), cells, numbers),
        max_size=8,
        unique_by=lambda r: r[0],
    )
)
def test_what_a_spreadsheet_writes_is_what_we_read(rows):
    """Names with quotes, separators and any letters come through as they were, with comma and semicolon."""
    for separator in ",;":
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator)
        writer.writerow(["identity", "name", "latitude", "longitude"])
        writer.writerows([i, n, "" if c is None else c, "" if c is None else c] for i, n, c in rows)
        if not rows:
            return
        read = parse_table(out.getvalue().encode())
        assert [(r.identity, r.name, r.latitude) for r in read] == [(i, n.strip(), c) for i, n, c in rows]
