"""What `forecourt check` looks at: each with a result and, where something is wrong, a remedy."""

import errno
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from app.data_dir import readable_by_others
from app.domain.errors import ForecourtError
from app.files.places import wanted as file_places
from app.settings import FILE, Listener, Settings, listeners

LITTLE_DISK = 2_000_000_000
NO_DISK = 200_000_000
EARLIEST_MS = 1_767_225_600_000
"""2026-01-01: this program was not there before, so a clock that says so is wrong."""


class Verdict(StrEnum):
    """How a check came out. Only BLOCKS makes `forecourt check` fail."""

    FINE = "fine"
    WARNS = "warning"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do about it ("" where nothing)."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def check_all(settings: Settings, *, quick: bool = False, running: bool = False) -> list[Check]:
    """
    Look at everything. Writes nothing but a probe file; opens no database for writing.

    Args:
        settings: those that hold.
        quick: do not read the whole database.
        running: an instance runs on this data directory, so its ports are its own.
    """
    checks: list[Callable[[], Sequence[Check]]] = [
        lambda: [_settings(settings)],
        lambda: [_directory(settings.data_dir)],
        lambda: [_disk(settings.data_dir)],
        lambda: [_database(settings, quick=quick)],
        lambda: [_ports(settings, running=running)],
        lambda: _tls(settings),
        lambda: [_clock(time.time_ns() // 1_000_000)],
        lambda: [_descriptors()],
        lambda: [_templates(settings.data_dir)],
        lambda: [_alarms(settings.data_dir)],
    ]
    return [found for check in checks for found in check()]


def machine_checks(settings: Settings) -> list[Check]:
    """Of those the ones a station depends on while Forecourt runs: disk, certificate, clock."""
    return [_disk(settings.data_dir), *_tls(settings), _clock(time.time_ns() // 1_000_000)]


def _settings(settings: Settings) -> Check:
    path = settings.data_dir / FILE
    if readable_by_others(path):
        return Check("settings", Verdict.WARNS, f"{path} can be read by others", f"chmod 600 {path}")
    found = f"{path} is sound" if path.exists() else "all at their defaults, the environment and --set"
    return Check("settings", Verdict.FINE, found)


def _templates(data_dir: Path) -> Check:
    from app.operations.configuration.template import load_templates

    folder = data_dir / "templates"
    try:
        count = len(load_templates(folder))
    except ForecourtError as error:
        return Check("templates", Verdict.BLOCKS, str(error), f"mend or remove the file in {folder}")
    return Check("templates", Verdict.FINE, f"{count} configuration templates are sound")


def _alarms(data_dir: Path) -> Check:
    from app.faults import catalogue
    from app.faults.codes import Codes
    from app.faults.limits import Limits
    from app.faults.own import Own
    from app.faults.rules import all_rules

    try:
        codes, limits = Codes(data_dir / "codes"), Limits(data_dir / "rules")
        kinds = len(catalogue.load(data_dir / "alarms").types)
        rules = len((*all_rules(codes, limits), Own(limits)))
    except ForecourtError as error:
        return Check("alarms", Verdict.BLOCKS, str(error), "mend or remove that file")
    return Check("alarms", Verdict.FINE, f"{kinds} kinds of alarm and {rules} rules are sound")


def _directory(data_dir: Path) -> Check:
    name = "data directory"
    if not data_dir.exists():
        return Check(name, Verdict.FINE, f"{data_dir} is made at the first start")
    try:
        with tempfile.NamedTemporaryFile(dir=data_dir, prefix=".probe-"):
            pass
    except OSError as exc:
        remedy = "give yourself the right to write there, or choose another with --data"
        return Check(name, Verdict.BLOCKS, f"{data_dir} cannot be written ({exc.strerror})", remedy)
    if readable_by_others(data_dir):
        return Check(name, Verdict.WARNS, f"{data_dir} can be entered by others", f"chmod -R go= {data_dir}")
    return Check(name, Verdict.FINE, f"{data_dir} is yours alone")


def _disk(data_dir: Path) -> Check:
    there = next(p for p in (data_dir, *data_dir.parents) if p.exists())
    usage = shutil.disk_usage(there)
    found = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.0f}"
    remedy = "free some space, or move the data directory to a larger disk"
    if usage.free < NO_DISK:
        return Check("disk", Verdict.BLOCKS, found, remedy)
    if usage.free < LITTLE_DISK:
        return Check("disk", Verdict.WARNS, found, remedy)
    return Check("disk", Verdict.FINE, found)


def _database(settings: Settings, *, quick: bool) -> Check:
    from sqlalchemy import text

    from app.store.connect import FILE as DATABASE
    from app.store.open import open_reading

    file = settings.data_dir / DATABASE
    if not settings.store.url and not file.exists():
        return Check("database", Verdict.FINE, "is made at the first start")
    try:
        reading = open_reading(settings.data_dir, settings.store.url)
        try:
            with reading.connect() as connection:
                if quick or settings.store.url:
                    connection.execute(text("SELECT 1"))
                    return Check("database", Verdict.FINE, "opens (its pages were not read)")
                said = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
        finally:
            reading.close()
    except ForecourtError as exc:
        return Check("database", Verdict.BLOCKS, str(exc).rstrip("."), "see the sentence")
    if said != "ok":
        return Check("database", Verdict.BLOCKS, f"{file} is damaged: {said}", "forecourt restore FILE")
    return Check("database", Verdict.FINE, f"{file.stat().st_size / 1e6:.0f} MB, sound")


def _ports(settings: Settings, *, running: bool) -> Check:
    if running:
        return Check("ports", Verdict.FINE, "Forecourt runs on this data directory")
    try:
        wanted = listeners(settings)
    except ForecourtError as exc:
        return Check("ports", Verdict.BLOCKS, str(exc).rstrip("."), "change the setting")
    for one in wanted:
        reason = _cannot_bind(one)
        if reason:
            where = f"{one.host}:{one.port}"
            remedy = "stop the other program, or choose another address with --listen"
            return Check("ports", Verdict.BLOCKS, f"{where} cannot be listened on ({reason})", remedy)
    found = ", ".join(f"{o.host}:{o.port}" for o in wanted) + " free"
    for place in file_places(settings.files.listen, settings.listen) if settings.files.listen else ():
        reason = _cannot_bind(Listener(*place))
        if reason:
            found = f"{place.host}:{place.port} for files cannot be listened on ({reason})"
            remedy = "stop the other program, or set files.listen; else stations bring and fetch no files"
            return Check("ports", Verdict.WARNS, found, remedy)
    return Check("ports", Verdict.FINE, found)


def _cannot_bind(one: Listener) -> str:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(one.host, one.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as exc:
        words = {
            errno.EADDRINUSE: "in use",
            errno.EADDRNOTAVAIL: "not an address of this computer",
            errno.EACCES: "ports below 1024 need a right you do not have",
        }
        return words.get(exc.errno or 0, exc.strerror or "unknown host")
    return ""


def _tls(settings: Settings) -> list[Check]:
    if not settings.tls.cert:
        return []
    remedy = "name a certificate chain and its key, both PEM, that you may read"
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.tls.cert, settings.tls.key or None)
        about = ssl._ssl._test_decode_cert(settings.tls.cert)  # type: ignore[attr-defined]
    except (OSError, ssl.SSLError) as exc:
        return [Check("certificate", Verdict.BLOCKS, f"cannot be used: {exc.strerror or exc}", remedy)]
    ends_s = ssl.cert_time_to_seconds(about["notAfter"])
    found = f"valid until {datetime.fromtimestamp(ends_s, UTC):%Y-%m-%d}"
    days = (ends_s - time.time()) / 86_400
    if days < 0:
        return [Check("certificate", Verdict.BLOCKS, found, "replace it; stations refuse an expired one")]
    if days < 30:
        return [Check("certificate", Verdict.WARNS, found, "replace it soon")]
    return [Check("certificate", Verdict.FINE, found)]


def _clock(now_ms: int) -> Check:
    shown = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    remedy = "set the clock, and let it be kept by NTP: stations take their time from it"
    if now_ms < EARLIEST_MS:
        return Check("clock", Verdict.BLOCKS, f"says {shown}, which is past", remedy)
    kept = _kept_by_ntp()
    if kept is False:
        return Check("clock", Verdict.WARNS, f"says {shown}, and nothing keeps it right", remedy)
    how = "kept by NTP" if kept else "whether it is kept right cannot be told here"
    return Check("clock", Verdict.FINE, f"says {shown}; {how}")


def _kept_by_ntp() -> bool | None:
    tool = shutil.which("timedatectl") if sys.platform == "linux" else None
    if tool is None:
        return None
    try:
        said = subprocess.run(
            [tool, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, timeout=3
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(said)


def _descriptors() -> Check:
    if sys.platform == "win32":
        return Check("open files", Verdict.FINE, "no limit that matters")
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2_048:
        remedy = "raise it (ulimit -n, or LimitNOFILE= in the service) to more than your stations"
        return Check("open files", Verdict.WARNS, f"this user may open {hard}", remedy)
    many = "any number" if hard == resource.RLIM_INFINITY else str(hard)
    return Check("open files", Verdict.FINE, f"this user may open {many}")
