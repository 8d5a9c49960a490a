"""Replay: a recorded day becomes history, once, whatever it came from; and history can be proved."""

import io
import json

import pytest

from app.domain.errors import DataDirectoryBusy
from app.log_form import BadLog
from app.replay import replay_log, spoken
from app.reports.exports import Asked
from app.reports.write import write_export
from app.settings import load
from app.store.open import Store, open_reading
from tests.helpers.recorded import at, day

NOW_MS = 1_767_700_000_000
CONTRACT = ("stations", "sessions", "meter", "statuses", "links")


def exported(settings, what, form="csv", **asked):
    reading = open_reading(settings.data_dir)
    out = io.BytesIO()
    try:
        with reading.connect() as connection:
            write_export(connection, what, Asked(now_ms=NOW_MS, **asked), form, out)
    finally:
        reading.close()
    return out.getvalue().decode()


def objects(settings, what):
    return [json.loads(line) for line in exported(settings, what, "jsonl").splitlines()]


def replayed(tmp_path, log, name="data"):
    settings = load(tmp_path / name, environment={})
    return settings, replay_log(settings, log)


def test_a_recorded_day_becomes_history(tmp_path):
    """Stations, sessions with the recorded ids, meter values, statuses and links are in the exports."""
    settings, told = replayed(tmp_path, day().write(tmp_path / "log.jsonl"))
    assert told.stations == 3
    assert told.refused == 0
    sessions = {s["station"]: s for s in objects(settings, "sessions")}
    assert sessions["DEPOT-1"] | {"session": 0} == {
        "session": 0, "station": "DEPOT-1", "evse": 1, "connector": 1, "transaction": "77", "token": "ANNA",
        "started_at": at(65), "ended_at": at(1890), "meter_start_wh": 1000, "meter_stop_wh": 2600,
        "energy_wh": 1600, "stop_reason": "Local", "state": "closed", "flags": "",
    }  # fmt: skip
    assert sessions["DEPOT-2"]["energy_wh"] == 3000
    assert sessions["DEPOT-2"]["token"] == "BERT"
    assert [s["protocol"] for s in objects(settings, "stations")] == ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"]
    assert {(m["value"], m["unit"]) for m in objects(settings, "meter")} >= {
        (1500, "Wh"),
        (11000, "W"),
        (7000, "Wh"),
    }
    assert [
        (s["started_at"], s["state"]) for s in objects(settings, "statuses") if s["station"] == "DEPOT-1"
    ] == [
        (at(2), "Available"),
        (at(60), "Preparing"),
        (at(70), "Charging"),
        (at(1900), "Available"),
    ]
    links = [
        (s["started_at"], s["ended_at"], s["state"])
        for s in objects(settings, "links")
        if s["station"] == "DEPOT-1"
    ]
    assert links == [(at(0), at(4_000), "online"), (at(4_000), None, "offline")]


def test_an_export_replayed_gives_the_same_books(tmp_path):
    """What one directory exports, an empty one takes in, and exports the same again."""
    first, _ = replayed(tmp_path, day().write(tmp_path / "log.jsonl"))
    log = tmp_path / "again.jsonl"
    log.write_text(exported(first, "messages", "jsonl"), "utf-8")
    second, _ = replayed(tmp_path, log, "second")
    for what in CONTRACT:
        assert exported(second, what) == exported(first, what), what
    assert exported(second, "messages", "jsonl") == log.read_text("utf-8")


def test_a_log_replayed_twice_is_booked_once(tmp_path):
    """Transactions, meter values and statuses that are there already are not there twice."""
    log = day().write(tmp_path / "log.jsonl")
    settings, _ = replayed(tmp_path, log)
    before = {what: exported(settings, what) for what in ("sessions", "meter", "statuses")}
    replay_log(settings, log)
    assert {what: exported(settings, what) for what in before} == before


def test_a_wrong_row_books_nothing(tmp_path):
    """The log is read whole before the first row is booked."""
    log = day().write(tmp_path / "log.jsonl")
    with log.open("a") as file:
        file.write('{"at": "never"}\n')
    settings = load(tmp_path / "data", environment={})
    with pytest.raises(BadLog, match="Line"):
        replay_log(settings, log)
    assert not (tmp_path / "data").exists()


def test_a_running_instance_is_not_disturbed(tmp_path):
    """A directory in use is refused in a sentence."""
    log = day().write(tmp_path / "log.jsonl")
    store = Store.open(tmp_path / "data")
    try:
        with pytest.raises(DataDirectoryBusy):
            replay_log(load(tmp_path / "data", environment={}), log)
    finally:
        store.close()


def test_a_log_that_never_tells_of_links_is_taken_too(tmp_path):
    """A log from elsewhere may hold messages alone: the version is told by what they say."""
    log = day()
    log.rows = [row for row in log.rows if row["event"] in ("in", "out")]
    settings, told = replayed(tmp_path, log.write(tmp_path / "log.jsonl"))
    assert told.refused == 0
    assert {s["station"]: s["energy_wh"] for s in objects(settings, "sessions")} == {
        "DEPOT-1": 1600,
        "DEPOT-2": 3000,
    }
    assert spoken("rubbish") == "ocpp1.6"
    assert spoken('[2,"1","TransactionEvent",{}]') == "ocpp2.0.1"


def test_a_session_without_end_is_closed_by_evidence_at_the_logs_time(tmp_path):
    """What a timer of the live server would close, the log's clock closes."""
    log = day()
    log.rows = [row for row in log.rows if "StopTransaction" not in json.dumps(row)]
    log.call(40_000, "DEPOT-3", "Heartbeat", {}, {"currentTime": at(40_000)})
    settings, _ = replayed(tmp_path, log.write(tmp_path / "log.jsonl"))
    (session,) = [s for s in objects(settings, "sessions") if s["station"] == "DEPOT-1"]
    assert session["state"] == "inferred"
    assert session["energy_wh"] == 1500


def test_rubbish_between_messages_is_counted_not_fatal(tmp_path):
    """Frames that are no OCPP messages are kept in the log of messages and change nothing."""
    log = day()
    log.rows.append({"at": at(3_000), "station": "DEPOT-1", "event": "in", "frame": "no frame at all"})
    settings, told = replayed(tmp_path, log.write(tmp_path / "log.jsonl"))
    assert told.refused == 1
    assert "no frame at all" in exported(settings, "messages", "jsonl")
