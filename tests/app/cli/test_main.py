"""The command line: every command ends in an exit code and, if it fails, in one sentence."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.cli import main
from app.cli.parser import COMMANDS
from tests.helpers.recorded import day


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    """Runs the command line on a data directory; returns code, output, errors."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    def call(*words):
        code = main([*map(str, words), "--data", str(tmp_path / "data")])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


@pytest.fixture
def log(tmp_path):
    """A recorded day as a file."""
    return day().write(tmp_path / "log.jsonl")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("serve", "--nonsense"),
        ("serve", "--listen", "nowhere"),
        ("serve", "--set", "access.new_station=ask"),
        ("serve", "--set", "nonsense"),
        ("send", "S1"),
        ("send", "S1", "Reset", "{not json"),
        ("send", "S1", "Reset", "[]"),
        ("export",),
        ("export", "nonsense"),
        ("export", "sessions", "--from", "yesterday"),
        ("export", "sessions", "--format", "xlsx"),
        ("export", "sessions", "--from", "2026-01-02", "--to", "2026-01-02"),
        ("simulate", "http://localhost", "--stations", "1"),
        ("simulate", "ws://localhost", "--stations", "0"),
        ("simulate", "ws://127.0.0.1:1", "--scenario", "nonsense"),
        ("demo", "--headless", "--stations", "x"),
        ("import", "tariffs", "x.csv"),
    ],
)
def test_wrong_usage_is_2(run, words):
    """Whatever is typed wrong ends in 2 and a sentence on stderr."""
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("watch",),
        ("send", "S1", "Reset", "{}"),
        ("export", "sessions"),
        ("replay", "none.jsonl"),
        ("import", "stations", "none.csv"),
        ("backup", "none.db"),
        ("restore", "none.db"),
        ("verify",),
        ("serve", "--listen", "192.0.2.1:9220"),
        ("serve", "--listen", "127.0.0.1:0", "--tls-cert", "none.pem", "--tls-key", "none.key"),
        ("serve", "--listen", "wss://127.0.0.1:0"),
    ],
)
def test_what_fails_is_1_and_one_sentence(run, words):
    """A user's mistake is told in one line, never as a traceback."""
    code, out, err = run(*words)
    assert code == 1, err
    assert out == ""
    assert err.startswith("forecourt: ")
    assert err.count("\n") == 1
    assert err.strip().endswith(".")


def test_help_and_version_are_0(run):
    """Asking is no failure; every command has its help."""
    assert run("--version")[:2][0] == 0
    assert run("--help")[0] == 0
    for name in COMMANDS:
        assert run(name, "--help")[0] == 0


def test_options_of_every_command_stand_before_or_behind_it(tmp_path, capsys):
    """--data and --set are understood on both sides of the command; behind wins."""
    assert (
        main(
            [
                "--data",
                "/nowhere/at/all",
                "--set",
                "zone=Europe/Berlin",
                "check",
                "--settings",
                "--data",
                str(tmp_path),
            ]
        )
        == 0
    )
    assert "zone = Europe/Berlin" in capsys.readouterr().out


def test_a_past_comes_in_and_goes_out(run, log, tmp_path):
    """Replay, export to stdout and to a file, backup, restore, verify: each does what it says."""
    code, out, _ = run("replay", log)
    assert code == 0
    assert "of 3 stations" in out
    code, out, err = run("export", "sessions", "--from", "2026-01-05", "--to", "2026-01-06")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 3
    code, out, err = run("export", "sessions", "--format", "xlsx", "--out", tmp_path / "s.xlsx")
    assert (code, out) == (0, "")
    assert "2 rows" in err
    assert zipfile.is_zipfile(tmp_path / "s.xlsx")
    code, out, _ = run("export", "messages", "--format", "jsonl", "--station", "DEPOT-3")
    assert {json.loads(line)["station"] for line in out.splitlines()} == {"DEPOT-3"}
    assert run("backup", tmp_path / "b.db")[0] == 0
    assert run("verify")[0] == 0
    code, out, _ = run("restore", tmp_path / "b.db")
    assert code == 0
    assert "kept in" in out
    assert len(run("export", "sessions")[1].splitlines()) == 3


def test_stations_come_from_a_table(run, tmp_path):
    """A dry run changes nothing, an import does, a second one finds nothing to change."""
    table = tmp_path / "stations.csv"
    table.write_text("identity,name,site,connector,kind,power_kw\nA-1,North,Depot,1,CCS,150\n")
    code, out, _ = run("import", "stations", table, "--dry-run")
    assert code == 0
    assert "new  A-1" in out
    assert not (tmp_path / "data").exists()
    assert run("import", "stations", table)[0] == 0
    assert "A-1,North,Depot" in run("export", "stations")[1]
    assert "1 unchanged" in run("import", "stations", table)[1]
    table.write_text("identity,latitude,longitude\nA-1,95,0\n")
    code, _, err = run("import", "stations", table)
    assert code == 1
    assert "Line 2" in err


def test_check_tells_and_fails_only_where_something_blocks(run, tmp_path):
    """Fine is 0; a wrong setting is 1 and named; all settings are listed; a bundle is written."""
    code, out, _ = run("check", "--set", "listen=127.0.0.1:0")
    assert code == 0
    assert "data directory" in out
    assert all(
        key in run("check", "--settings")[1] for key in ("access.new_stations", "store.group_ms", "listen")
    )
    code, out, _ = run("check", "--json", "--set", "listen=127.0.0.1:0", "--bundle", tmp_path / "b.zip")
    assert code == 0
    assert {"name", "verdict", "found", "remedy"} == set(json.loads(out)[0])
    assert zipfile.is_zipfile(tmp_path / "b.zip")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "settings.toml").write_text("lissten = ['127.0.0.1:0']\n")
    code, out, _ = run("check")
    assert code == 1
    assert "did you mean listen?" in out


def test_the_window_is_left_to_the_window():
    """Without a command, and for `demo` and `shot`, whoever has a window draws it; else a sentence."""
    asked = []

    def window(args):
        asked.append(args.command)
        return 7

    assert main([], window) == 7
    assert main(["demo", "--stations", "3"], window) == 7
    assert main(["shot", "overview", "--out", "x.png"], window) == 7
    assert asked == [None, "demo", "shot"]
    assert main([]) == 1


def test_whoever_stops_reading_gets_no_traceback(log, tmp_path):
    """`export … | head` ends quietly."""
    data = str(tmp_path / "data")
    assert main(["replay", str(log), "--data", data]) == 0
    command = [sys.executable, "-m", "app", "export", "messages", "--format", "jsonl", "--data", data]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert b"Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("out", [False, True])
def test_output_that_takes_no_more_ends_in_a_sentence(log, tmp_path, out):
    """A full disk behind stdout, or a device named as the file; neither is replaced by a file."""
    data = str(tmp_path / "data")
    assert main(["replay", str(log), "--data", data]) == 0
    full = tmp_path / "full.csv"
    full.symlink_to("/dev/full")
    command = [sys.executable, "-m", "app", "export", "messages", "--data", data]
    command += ["--out", str(full)] if out else []
    with full.open("wb", buffering=0) as stdout:
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().strip().splitlines()[-1].endswith("No space left on device.")
    assert b"Traceback" not in done.stderr
    assert full.is_char_device()


def test_what_is_typed_wrong_is_called_by_its_option(run):
    """The sentence names --listen, not the setting behind it."""
    assert run("serve", "--listen", "9220")[2].startswith("forecourt: --listen is '9220': ")


def test_a_backup_never_takes_the_place_of_the_database(run, log, tmp_path):
    """Named by mistake, the live file would be lost to the running instance."""
    assert run("replay", log)[0] == 0
    before = (tmp_path / "data" / "forecourt.db").stat().st_ino
    code, _, err = run("backup", tmp_path / "data" / "forecourt.db")
    assert (code, "cannot take the place" in err) == (1, True)
    assert (tmp_path / "data" / "forecourt.db").stat().st_ino == before


def test_no_command_needs_what_it_does_not_use():
    """The words are read without the core, the protocol, SQL or Qt, so `--help` is instant."""
    code = (
        "import sys; from app.cli import main; main(['--help']);"
        "heavy = {'sqlalchemy', 'websockets', 'numpy', 'PySide6', 'ocpp', 'asyncio'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
