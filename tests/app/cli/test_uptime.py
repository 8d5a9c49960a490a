"""`forecourt uptime`: a provider's claim checked from its exported statuses."""

import json
from pathlib import Path

import pytest

from app.cli import main

HEAD = "station,evse,at,status\n"


def run(tmp_path: Path, text: str, *more: str, exclusions: str = "") -> list[str]:
    file = tmp_path / "statuses.csv"
    file.write_text(text, "utf-8")
    words = ["uptime", "--from-csv", str(file), *more]
    if exclusions:
        (tmp_path / "excused.csv").write_text("station,evse,start,end,code\n" + exclusions, "utf-8")
        words += ["--exclusions", str(tmp_path / "excused.csv")]
    return [*words, "--data", str(tmp_path / "data")]


YEAR = ("--from", "2026-01-01", "--to", "2027-01-01", "--tz", "Europe/London", "--json")


def test_one_line_an_evse_and_last_the_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + (
        "S1,1,2025-12-31T12:00:00+00:00,Available\n"
        "S1,1,2026-02-01T00:00:00Z,Faulted\n"
        "S1,1,2026-02-01T13:00:00+01:00,Available\n"
        "S1,2,2025-12-31T12:00:00+00:00,Charging\n"
    )
    assert main(run(tmp_path, text, "--rule", "nevi", *YEAR)) == 0
    one, two, whole = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (one["station"], one["evse"], one["outage_ms"]) == ("S1", 1, 12 * 3_600_000)
    assert one["uptime_pct"] == 99.863013
    assert (one["from"], one["to"]) == ("2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z")
    assert two["uptime_pct"] == 100.0
    assert (whole["station"], whole["evse"], whole["passes"]) == (None, None, True)
    assert whole["uptime_pct"] == 99.931506


def test_exclusions_count_where_the_rule_honours_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + "S1,1,2026-01-01T00:00:00Z,Available\nS1,1,2026-06-01T00:00:00Z,Offline\n"
    text += "S1,1,2026-07-01T00:00:00Z,Available\n"
    grid = "S1,,2026-06-01T00:00:00Z,2026-06-21T00:00:00Z,GRID\n"
    assert main(run(tmp_path, text, "--rule", "nevi", *YEAR, exclusions=grid)) == 0
    nevi = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (nevi["outage_ms"], nevi["excluded_ms"], nevi["passes"]) == (
        30 * 86_400_000,
        20 * 86_400_000,
        True,
    )
    assert main(run(tmp_path, text, "--rule", "raw", *YEAR, exclusions=grid)) == 0
    raw = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (raw["excluded_ms"], raw["passes"]) == (0, None)


def test_before_the_first_row_nothing_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + "S1,1,2026-07-02T00:00:00Z,Available\n"
    assert main(run(tmp_path, text, "--rule", "cec", *YEAR)) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    assert row["unmeasured_ms"] == 182 * 86_400_000
    assert (row["uptime_pct"], row["passes"]) == (100.0, False)


def test_a_gap_under_a_minute_is_no_outage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + (
        "S1,1,2026-01-01T00:00:00Z,Available\nS1,1,2026-03-01T00:00:00Z,Offline\n"
        "S1,1,2026-03-01T00:00:59Z,Available\n"
    )
    assert main(run(tmp_path, text, *YEAR)) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["outage_ms"] == 0


def test_a_day_of_25_hours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + (
        "S1,1,2026-10-01T00:00:00Z,Available\nS1,1,2026-10-25T01:30:00+02:00,Faulted\n"
        "S1,1,2026-10-25T03:30:00+01:00,Available\n"
    )
    words = ("--from", "2026-10-25", "--to", "2026-10-26", "--tz", "Europe/Berlin", "--json")
    assert main(run(tmp_path, text, *words)) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["uptime_pct"] == 88.0


def test_as_a_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + "S1,1,2026-01-01T00:00:00Z,Available\n"
    assert main(run(tmp_path, text, *YEAR[:-1])) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["station", "EVSE", "uptime"]
    assert lines[-1].startswith("all")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("station,at,status\n", "has no column 'evse'"),
        (HEAD, "holds no statuses"),
        (HEAD + "S1,1,2026-01-01T00:00:00,Available\n", "line 2: 2026-01-01T00:00:00 has no offset"),
        (HEAD + "S1,1,soon,Available\n", "line 2: 'soon' is no time"),
        (HEAD + "S1,x,2026-01-01T00:00:00Z,Available\n", "line 2: the EVSE must be a number"),
        (HEAD + "S1,1,2026-01-01T00:00:00Z,Sleeping\n", "line 2: 'Sleeping' is no status"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    assert main(run(tmp_path, text, *YEAR)) == 1
    told = capsys.readouterr()
    assert sentence in told.err
    assert not told.out


def test_a_wrong_exclusion_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + "S1,1,2026-01-01T00:00:00Z,Available\n"
    wrong = "S1,1,2026-06-02T00:00:00Z,2026-06-01T00:00:00Z,GRID\n"
    assert main(run(tmp_path, text, *YEAR, exclusions=wrong)) == 1
    assert "line 2: the end must be after the start" in capsys.readouterr().err
    assert main(run(tmp_path, text, *YEAR, exclusions="S1,1,2026-06-02Z,2026-06-03Z,WEATHER\n")) == 1
    assert "'WEATHER' is no code" in capsys.readouterr().err
