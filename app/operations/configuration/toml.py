"""Writes the little TOML that templates and configurations need; the standard library only reads it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def dump(document: Mapping[str, Any]) -> str:
    """A document of plain values and lists of tables, in its order.

    Raises:
        TypeError: a value that TOML has no form for.
    """
    plain = [f"{_key(k)} = {_value(v)}" for k, v in document.items() if not _tables(v) and v is not None]
    blocks = ["\n".join(plain)] if plain else []
    for name, tables in document.items():
        if _tables(tables):
            blocks += [_table(name, table) for table in tables]
    return "\n\n".join(blocks) + "\n"


def _tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _table(name: str, table: Mapping[str, Any]) -> str:
    rows = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if value is not None]
    return "\n".join([f"[[{_key(name)}]]", *rows])


def _key(name: str) -> str:
    bare = name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)
    return name if bare else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    raise TypeError(f"no TOML form for {type(value).__name__}")


def _text(text: str) -> str:
    # JSON's escapes are a part of TOML's; DEL is the one control character JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
