"""One validated tree of settings: defaults < settings.toml < environment < --set.

Every key is a field below, with its meaning, default and bounds; `forecourt check --settings` lists them.
"""

import dataclasses
import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.data_dir import default_data_dir
from app.domain.errors import ForecourtError

FILE = "settings.toml"
PREFIX = "FORECOURT_"


class SettingsError(ForecourtError):
    """A key that does not exist, or a value that cannot be; the sentence names both and the place."""


def key(
    default: Any,
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    low: int | None = None,
    high: int | None = None,
    unit: str = "",
) -> Any:
    """A field that is a settings key: what it means, and what it may be."""
    about = {"meaning": meaning, "choices": choices, "low": low, "high": high, "unit": unit}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in."""

    new_stations: str = key(
        "ask",
        "What becomes of a station that calls for the first time: it waits for you, is let in, or is refused",
        choices=("ask", "accept", "refuse"),
    )
    unknown_tags: str = key(
        "accept", "What a station is told about a tag nobody registered", choices=("accept", "refuse")
    )


@dataclass(frozen=True, slots=True)
class Protocol:
    """How stations are spoken to."""

    strict: bool = key(False, "Refuse every payload that breaks its schema, for conformance runs")
    heartbeat_s: int = key(
        300, "How often stations are asked to give a sign of life", low=10, high=86_400, unit="s"
    )
    ping_s: int = key(60, "How often an idle link is pinged", low=5, high=3_600, unit="s")
    call_timeout_s: int = key(
        30, "How long a station may take to answer what we send", low=1, high=600, unit="s"
    )


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate that stations see."""

    cert: str = key("", "Certificate chain (PEM file) for wss listeners")
    key: str = key("", "Private key (PEM file) of that certificate")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where history is kept."""

    url: str = key("", "Database; empty is the file forecourt.db in the data directory")
    group_ms: int = key(
        10, "How long a commit may wait for others to share its disk flush", low=0, high=20, unit="ms"
    )


@dataclass(frozen=True, slots=True)
class FileSettings:
    """How stations bring logs and fetch firmware."""

    listen: str = key(
        "",
        "Addresses where stations bring and fetch files, HOST:PORT separated by commas, http:// or https:// "
        "in front; empty is beside each address of listen, on the next port",
    )
    public_url: str = key(
        "",
        "Where stations reach the file server if a proxy stands between, as http://HOST:PORT; else empty",
    )
    from_anywhere: bool = key(
        False, "Take files also from another address than the station's link, as mobile networks change it"
    )
    max_mb: int = key(512, "Largest file a station may bring", low=1, high=100_000, unit="MB")
    keep_days: int = key(
        90, "After how many days files of stations are deleted", low=1, high=3_650, unit="days"
    )


@dataclass(frozen=True, slots=True)
class Retention:
    """What is let go, and when. Rows that change history are kept for ever."""

    heartbeat_days: int = key(
        30, "After how many days journal rows without effect expire", low=1, high=3_650, unit="days"
    )
    cold_days: int = key(
        7,
        "After how many days journal rows are packed into compressed segments",
        low=1,
        high=3_650,
        unit="days",
    )


@dataclass(frozen=True, slots=True)
class Logs:
    """The program's own log."""

    level: str = key("info", "How much is written", choices=("debug", "info", "warning", "error"))
    megabytes: int = key(10, "Size at which a log file is rotated", low=1, high=1_000, unit="MB")
    files: int = key(5, "How many rotated log files are kept", low=1, high=100)


@dataclass(frozen=True, slots=True)
class Window:
    """How the window behaves."""

    theme: str = key("system", "Colours of the window", choices=("system", "dark", "light"))
    on_close: str = key("ask", "What closing the window does to the server", choices=("ask", "tray", "stop"))
    stay_awake: bool = key(True, "Keep the workstation from going to sleep while it serves")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. `data_dir` is where everything lives; it is no key."""

    data_dir: Path = field(default_factory=default_data_dir)
    listen: tuple[str, ...] = key(
        ("127.0.0.1:9220",),
        "Addresses that stations reach, HOST:PORT; ws:// or wss:// in front tells plain and TLS apart",
    )
    zone: str = key("", "Your time zone, as Europe/Berlin; empty is that of this computer")
    access: Access = field(default_factory=Access)
    protocol: Protocol = field(default_factory=Protocol)
    tls: Tls = field(default_factory=Tls)
    store: StoreSettings = field(default_factory=StoreSettings)
    retention: Retention = field(default_factory=Retention)
    files: FileSettings = field(default_factory=FileSettings)
    logs: Logs = field(default_factory=Logs)
    window: Window = field(default_factory=Window)


class Key(NamedTuple):
    """One settings key as listed: `default` in the form of `--set`, `bounds` in words."""

    name: str
    default: str
    meaning: str
    bounds: str

    @property
    def environment(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper().replace(".", "_")


def keys() -> list[Key]:
    """Every settings key, in order."""
    return [Key(name, show(f.default), f.metadata["meaning"], _bounds(f)) for name, f in _fields().items()]


def value_of(settings: Settings, name: str) -> Any:
    """The value of the key `name`."""
    at: Any = settings
    for part in name.split("."):
        at = getattr(at, part)
    return at


def show(value: Any) -> str:
    """A value as `--set` takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def load(
    data_dir: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """
    Read the settings that hold for `data_dir`.

    Args:
        data_dir: where the file is; None: FORECOURT_DATA, else the platform's place.
        overrides: by key, as text or typed (`--set`); they win.
        environment: where FORECOURT_* are looked up.

    Raises:
        SettingsError: an unknown key or an impossible value, in one sentence.
    """
    at = data_dir or Path(environment.get(PREFIX + "DATA") or default_data_dir())
    found: dict[str, Any] = {}
    for source, values in (
        (str(at / FILE), read_file(at / FILE)),
        ("the environment", dict(_from_environment(environment))),
        ("--set", dict(overrides or {})),
    ):
        for name, value in values.items():
            found[name] = validate(name, value, source)
    return with_schemes(build(at, found))


def build(data_dir: Path, values: Mapping[str, Any]) -> Settings:
    """Settings from checked values by key; keys not given keep their default."""
    top: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        section, _, leaf = name.rpartition(".")
        if section:
            parts.setdefault(section, {})[leaf] = value
        else:
            top[leaf] = value
    sections: dict[str, Any] = {f.name: f.default_factory for f in dataclasses.fields(Settings)}
    top |= {section: sections[section](**inside) for section, inside in parts.items()}
    return Settings(data_dir=data_dir.absolute(), **top)


def change(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """The same settings with some keys changed. Raises SettingsError as `load` does."""
    values = {name: value_of(settings, name) for name in _fields()}
    values |= {name: validate(name, value, "the change") for name, value in changes.items()}
    return build(settings.data_dir, values)


def read_file(path: Path) -> dict[str, Any]:
    """The keys of a settings file, flat, as written; none where there is no file."""
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path} cannot be read: {exc}.") from exc
    except OSError as exc:
        raise SettingsError(f"{path} cannot be read: {exc.strerror}.") from exc
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{leaf}": inner for leaf, inner in value.items()}
        else:
            flat[name] = value
    return flat


def validate(name: str, value: Any, source: str) -> Any:
    """The typed value of one key, from text or TOML. Raises SettingsError with the nearest valid name."""
    f = _fields().get(name)
    if f is None:
        near = difflib.get_close_matches(name, _fields(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "`forecourt check --settings` lists the keys."
        raise SettingsError(f"{source} sets {name!r}, which is no setting; {hint}")
    typed = _typed(f, value)
    if typed is None or not _within(f, typed):
        raise SettingsError(f"{source} sets {name} to {show(value)!r}; it must be {_bounds(f)}.")
    complaint = _odd(name, typed)
    if complaint:
        raise SettingsError(f"{source} sets {name} to {show(value)!r}: {complaint}")
    return typed


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    names = {PREFIX + name.upper().replace(".", "_"): name for name in _fields()}
    for variable, value in environment.items():
        if variable in names:
            yield names[variable], value
        elif variable.startswith(PREFIX) and variable != PREFIX + "DATA":
            near = difflib.get_close_matches(variable, names, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else "."
            raise SettingsError(f"The environment sets {variable}, which is no setting{hint}")


def _fields() -> dict[str, dataclasses.Field[Any]]:
    found: dict[str, dataclasses.Field[Any]] = {}
    for f in dataclasses.fields(Settings):
        if "meaning" in f.metadata:
            found[f.name] = f
        elif dataclasses.is_dataclass(f.default_factory):
            found |= {f"{f.name}.{leaf.name}": leaf for leaf in dataclasses.fields(f.default_factory)}
    return found


def _typed(f: dataclasses.Field[Any], value: Any) -> Any:
    match f.default:
        case bool():
            words = {"true": True, "yes": True, "on": True, "1": True}
            words |= {"false": False, "no": False, "off": False, "0": False}
            return words.get(str(value).strip().lower())
        case int():
            return int(str(value)) if str(value).strip().lstrip("-").isdecimal() else None
        case tuple():
            items = value.split(",") if isinstance(value, str) else value
            if not isinstance(items, list | tuple) or not all(isinstance(i, str) for i in items):
                return None
            return tuple(i.strip() for i in items if i.strip()) or None
        case _:
            return value if isinstance(value, str) else None


def _within(f: dataclasses.Field[Any], value: Any) -> bool:
    about = f.metadata
    if about["choices"]:
        return value in about["choices"]
    if about["low"] is not None and value < about["low"]:
        return False
    return about["high"] is None or value <= about["high"]


def _bounds(f: dataclasses.Field[Any]) -> str:
    about = f.metadata
    if about["choices"]:
        *most, last = about["choices"]
        return f"{', '.join(most)} or {last}"
    match f.default:
        case bool():
            return "true or false"
        case int():
            return f"a whole number from {about['low']} to {about['high']} {about['unit']}".rstrip()
        case tuple():
            return "addresses as HOST:PORT, separated by commas"
        case _:
            return "text"


def _odd(name: str, value: Any) -> str:
    if name == "zone" and value:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, KeyError):
            return "there is no such time zone; write it as Europe/Berlin."
    if name == "listen":
        for item in value:
            try:
                parse_listener(item)
            except SettingsError as exc:
                return str(exc)
    if name == "files.listen":
        for item in str(value).split(","):
            try:
                if item.strip():
                    parse_listener(re.sub(r"^\s*http(s?)://", r"ws\1://", item))
            except SettingsError:
                return f"{item.strip()!r} is no address; write HOST:PORT, as 192.168.1.5:9221."
    if name == "files.public_url" and value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        return "it is no address; write http://HOST:PORT or https://HOST/PATH."
    return ""


class Listener(NamedTuple):
    """One listening address. `tls` None: not told by a scheme."""

    host: str
    port: int
    tls: bool | None


def parse_listener(text: str) -> Listener:
    """Read `HOST:PORT`, `[::1]:PORT`, `ws://HOST:PORT` or `wss://HOST:PORT`. Port 0 is any free port."""
    scheme, separator, rest = text.strip().rpartition("://")
    host, colon, port = rest.rstrip("/").rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    bare_ipv6 = ":" in host and not rest.startswith("[")
    if not colon or not host or bare_ipv6 or not port.isdecimal() or int(port) > 65_535 or " " in host:
        raise SettingsError(f"{text!r} is no address; write HOST:PORT, as 127.0.0.1:9220.")
    if separator and scheme not in ("ws", "wss"):
        raise SettingsError(f"{text!r} is no address for stations; it begins with ws:// or wss://.")
    return Listener(host, int(port), None if not separator else scheme == "wss")


def listeners(settings: Settings) -> list[Listener]:
    """
    The listeners to open, each known to be plain or TLS.

    A scheme decides. Without one a certificate makes a lone listener TLS; of several, the first is plain
    and the others are TLS.

    Raises:
        SettingsError: TLS without certificate, or half a pair of files.
    """
    if bool(settings.tls.cert) != bool(settings.tls.key):
        raise SettingsError("TLS needs both the certificate (tls.cert) and its key (tls.key).")
    certified = bool(settings.tls.cert)
    parsed = [parse_listener(text) for text in settings.listen]
    found = []
    for place, listener in enumerate(parsed):
        tls = listener.tls
        if tls is None:
            tls = certified and (len(parsed) == 1 or place > 0)
        if tls and not certified:
            raise SettingsError("A wss:// address needs a certificate: set tls.cert and tls.key.")
        found.append(listener._replace(tls=tls))
    return found


def with_schemes(settings: Settings) -> Settings:
    """The same settings with plain and TLS told apart in `listen`, where there is a certificate."""
    found = listeners(settings)
    if not settings.tls.cert:
        return settings
    listen = []
    for one in found:
        host = f"[{one.host}]" if ":" in one.host else one.host
        listen.append(f"{'wss' if one.tls else 'ws'}://{host}:{one.port}")
    return dataclasses.replace(settings, listen=tuple(listen))
