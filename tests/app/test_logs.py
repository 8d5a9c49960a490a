"""The log tells what happened: one line each, no secrets, no forgeries, no floods."""

import json
import logging
import stat

import pytest

from app import logs
from app.domain.redaction import redact, scrub
from app.logs import Damper, clean
from app.settings import load


@pytest.fixture
def written(tmp_path):
    """Writes a log into a data directory; calling it stops the log and returns its lines, read."""
    settings = load(tmp_path, {"logs.level": "debug"}, {})
    stop = logs.start(settings, to_stderr=False)

    def lines():
        stop()
        text = (tmp_path / "logs" / "forecourt.log").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    yield lines
    stop()


log = logging.getLogger("forecourt.test")


def test_a_line_says_when_what_and_of_whom(written):
    """Time, level, subject, text and the station are fields of one JSON object."""
    log.info("station %s booted", "S1", extra={"station": "S1", "attempt": 2})
    (line,) = written()
    assert line["at"].endswith("Z")
    assert (line["level"], line["subject"], line["text"]) == ("info", "forecourt.test", "station S1 booted")
    assert (line["station"], line["attempt"]) == ("S1", 2)


def test_a_forged_line_stays_inside_its_own(written):
    """Newlines, escapes and bidi marks of a station's text cannot look like lines of ours."""
    log.warning("vendor %s", "x\r\n2026-01-01 INFO auth ok\x1b[2J\u202e")
    (line,) = written()
    assert "\\u000d\\u000a" in line["text"]
    assert not any(c in line["text"] for c in "\r\n\x1b\u202e")


def test_a_bomb_is_cut(written):
    """One value takes at most 512 bytes, and says how long it was."""
    log.warning("said %s", "é" * 100_000, extra={"more": "y" * 5_000})
    (line,) = written()
    assert len(line["text"].encode()) < 560
    assert "200005 bytes" in line["text"]
    assert len(line["more"]) < 560


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic c2VjcmV0",
        'headers {"Authorization": "Basic c2VjcmV0"}',
        "AuthorizationKey=c2VjcmV0",
        "password: c2VjcmV0",
        '{"key":"AuthorizationKey","readonly":false,"value":"c2VjcmV0"}',
        '{"value":"c2VjcmV0","key":"AuthorizationKey"}',
        '{"attributeValue":"c2VjcmV0","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}',
        "postgresql://forecourt:c2VjcmV0@localhost/db",
        "api_token=c2VjcmV0; next",
    ],
)
def test_no_secret_in_a_text(text):
    """However a secret is written, it is hidden."""
    assert "c2VjcmV0" not in clean(text)
    assert "c2VjcmV0" not in scrub(text)


def test_no_secret_in_a_value(written):
    """Fields named as secrets, and OCPP's lists of settings, are hidden at any depth."""
    payload = {
        "configurationKey": [
            {"key": "AuthorizationKey", "value": "c2VjcmV0"},
            {"key": "Interval", "value": "5"},
        ]
    }
    log.info("answer", extra={"payload": payload, "api_key": "c2VjcmV0"})
    (line,) = written()
    assert "c2VjcmV0" not in json.dumps(line)
    assert redact(payload)["configurationKey"][1]["value"] == "5"
    variable = {
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
        "attributeValue": "x",
    }
    assert redact([variable])[0]["attributeValue"] == "(hidden)"


def test_a_chatty_station_is_counted_not_written():
    """Twenty warnings a minute of one station, then a count; others are not affected."""
    now = [0.0]
    damper = Damper(lambda: now[0])

    def warn(station):
        record = log.makeRecord("x", logging.WARNING, "f", 1, "bad", (), None, extra={"station": station})
        return damper.filter(record), record.getMessage()

    passed = [warn("S1")[0] for _ in range(50)]
    assert sum(passed) == 20
    assert warn("S2")[0]
    now[0] = 61
    let, text = warn("S1")
    assert let
    assert "30 more" in text


def test_the_log_is_for_its_owner_alone_and_rotates(tmp_path, monkeypatch):
    """The folder is 0700, and files are let go beyond their number."""
    settings = load(tmp_path, {"logs.megabytes": 1, "logs.files": 2}, {})
    stop = logs.start(settings, to_stderr=False)
    for _ in range(8_000):
        log.error("x" * 480)
    stop()
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
    assert sorted(p.name for p in (tmp_path / "logs").iterdir()) == [
        "forecourt.log",
        "forecourt.log.1",
        "forecourt.log.2",
    ]


def test_a_log_that_cannot_be_written_costs_no_service(tmp_path, capsys):
    """A file where the folder should be: a sentence, and the program goes on."""
    (tmp_path / "logs").write_text("")
    logs.start(load(tmp_path, environment={}), to_stderr=False)()
    assert "no log is written" in capsys.readouterr().err
