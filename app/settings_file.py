"""Writes changed settings back to settings.toml: whole or not at all, comments kept, 0600."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.errors import ForecourtError
from app.settings import FILE, read_file, validate

_SECTION = re.compile(r"^\s*\[([A-Za-z0-9_-]+)\]\s*(#.*)?$")
_ENTRY = re.compile(r"^(\s*)([A-Za-z0-9_-]+)(\s*=\s*)(.*)$")


def save(data_dir: Path, changes: Mapping[str, Any]) -> None:
    """
    Set `changes` (by key, typed or text) in the settings file of `data_dir`.

    Raises:
        SettingsError: a key or value that cannot be; nothing is written.
        ForecourtError: the file cannot be written; the old one stays.
    """
    path = data_dir / FILE
    typed = {name: validate(name, value, "the change") for name, value in changes.items()}
    kept = read_file(path)
    text = path.read_text("utf-8") if path.exists() else ""
    for name, value in typed.items():
        text = _with(text, name, value)
    wanted = kept | {name: _plain(value) for name, value in typed.items()}
    if _flat(text) != wanted:
        # A form we do not edit in place (dotted keys, arrays over lines): the values matter more.
        text = _fresh(wanted)
    _write(path, text)


def _with(text: str, name: str, value: Any) -> str:
    section, _, leaf = name.rpartition(".")
    lines = text.splitlines()
    at, last, here = -1, -1, ""
    for number, line in enumerate(lines):
        if head := _SECTION.match(line):
            here = head[1]
        entry = _ENTRY.match(line)
        if here == section and (entry or head):
            last = number
        if here == section and entry and entry[2] == leaf:
            at = number
    said = f"{leaf} = {_toml(value)}"
    if at >= 0:
        lines[at] = said + _comment_of(lines[at])
    elif last >= 0:
        lines.insert(last + 1, said)
    elif section:
        lines += ([""] if lines else []) + [f"[{section}]", said]
    else:
        lines.insert(0, said)
    return "\n".join(lines) + "\n"


def _comment_of(line: str) -> str:
    """The trailing comment of a line whose value holds no `#`, with its blanks."""
    value, mark, comment = line.partition("#")
    if not mark or value.count('"') % 2 or value.count("'") % 2:
        return ""
    return f"  # {comment.strip()}"


def _fresh(values: Mapping[str, Any]) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in values.items() if "." not in name]
    for section in dict.fromkeys(name.split(".")[0] for name in values if "." in name):
        inside = {n: v for n, v in values.items() if n.startswith(section + ".")}
        lines += ["", f"[{section}]"] + [f"{n.split('.', 1)[1]} = {_toml(v)}" for n, v in inside.items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _toml(value: Any) -> str:
    # A JSON string, number, boolean or list of strings is a TOML one, once DEL is escaped as well.
    return json.dumps(_plain(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _flat(text: str) -> dict[str, Any] | None:
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        flat |= {f"{name}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {name: value}
    return flat


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".toml.new")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        os.replace(beside, path)
    except OSError as exc:
        raise ForecourtError(f"The settings cannot be saved to {path}: {exc.strerror}.") from exc
