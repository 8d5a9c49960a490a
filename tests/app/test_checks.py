"""`check` finds what is wrong before a station does, and says what to do."""

import os
import socket

import pytest

from app.checks import Verdict, _clock, check_all
from app.settings import load


def found(tmp_path, **overrides):
    settings = load(
        tmp_path, {"listen": "127.0.0.1:0"} | {k.replace("__", "."): v for k, v in overrides.items()}, {}
    )
    return {check.name: check for check in check_all(settings)}


def test_a_fresh_directory_blocks_nothing(tmp_path):
    """Before the first start there is nothing to mend."""
    tmp_path.chmod(0o700)
    checks = found(tmp_path / "new")
    assert {"settings", "data directory", "database", "ports", "clock", "disk"} <= set(checks)
    assert not [c for c in checks.values() if c.verdict is Verdict.BLOCKS and c.name != "disk"]


def test_a_directory_open_to_others_is_told_with_its_remedy(tmp_path):
    """0777 is a warning with the command that closes it."""
    tmp_path.chmod(0o777)
    check = found(tmp_path)["data directory"]
    assert check.verdict is Verdict.WARNS
    assert "chmod" in check.remedy


def test_a_port_in_use_blocks(tmp_path):
    """The address is named with why it cannot be had."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        check = found(tmp_path, listen=f"127.0.0.1:{port}")["ports"]
        assert check.verdict is Verdict.BLOCKS
        assert "in use" in check.found
    assert found(tmp_path, listen="192.0.2.1:9220")["ports"].verdict is Verdict.BLOCKS


def test_a_damaged_database_blocks(tmp_path):
    """A file that is no database is named."""
    (tmp_path / "forecourt.db").write_bytes(b"this is no database" * 100)
    check = found(tmp_path)["database"]
    assert check.verdict is Verdict.BLOCKS


def test_a_certificate_that_cannot_be_used_blocks(tmp_path):
    """A missing or foreign file is told before stations see it."""
    check = found(tmp_path, tls__cert=str(tmp_path / "none.pem"), tls__key=str(tmp_path / "none.key"))[
        "certificate"
    ]
    assert check.verdict is Verdict.BLOCKS
    assert "No such file" in check.found


def test_a_clock_in_the_past_blocks():
    """A workstation that woke up in 1970 must not stamp money records."""
    assert _clock(0).verdict is Verdict.BLOCKS
    assert _clock(1_800_000_000_000).verdict is not Verdict.BLOCKS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_blocks(tmp_path):
    """Read-only is said, with what to do."""
    tmp_path.chmod(0o500)
    assert found(tmp_path)["data directory"].verdict is Verdict.BLOCKS


def test_a_template_that_cannot_be_read_blocks(tmp_path):
    """The server would not start with it, so it is named with what is wrong in it."""
    assert found(tmp_path)["templates"].verdict is Verdict.FINE
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "ours.toml").write_text('title = "Ours"\ncolour = "red"\n')
    check = found(tmp_path)["templates"]
    assert check.verdict is Verdict.BLOCKS
    assert "'ours'" in check.found
    assert "templates" in check.remedy


def test_an_alarm_file_of_ones_own_that_makes_no_sense_blocks(tmp_path):
    """It would keep the server from starting, so it is named with what is wrong."""
    assert found(tmp_path)["alarms"].verdict is Verdict.FINE
    (tmp_path / "alarms").mkdir()
    (tmp_path / "alarms" / "mine.toml").write_text("[[alarm]]\nid = 'x'\n")
    check = found(tmp_path)["alarms"]
    assert check.verdict is Verdict.BLOCKS
    assert "mine.toml" in check.found
