"""The JSON schemas of every message, compiled once on first use, and what their faults mean.

The schema files are those of the `ocpp` package, found on disk without importing its modules (which
would cost a quarter of a second at start).
"""

import importlib.util
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import msgspec

from app.protocol.frames import INT64_MAX, INT64_MIN, Fault
from app.protocol.versions import SEND_ACTIONS

_FOLDER = {"1.6": "v16", "2.0.1": "v201", "2.1": "v21"}


class Direction(Enum):
    """Which half of an exchange a payload is."""

    REQUEST = "request"
    RESPONSE = "response"


REQUEST = Direction.REQUEST
RESPONSE = Direction.RESPONSE


class Violation(NamedTuple):
    """One way in which a payload breaks its schema. `text` holds no word of the payload (T8)."""

    fault: Fault
    path: tuple[str | int, ...]
    kind: str
    """The keyword: "required", "type", "additionalProperties", "enum", "maxLength", ..."""
    wanted: tuple[Any, ...]
    """Missing property, allowed types, allowed words, or unexpected properties."""
    text: str


class Schema(NamedTuple):
    """One compiled schema."""

    is_valid: Callable[[Any], bool]
    iter_errors: Callable[[Any], Iterator[jsonschema_rs.ValidationError]]
    document: dict[str, Any]


_FAULTS = {
    "required": Fault.REQUIRED,
    "type": Fault.TYPE,
    "additionalProperties": Fault.EXTRA,
    "minItems": Fault.ITEMS,
    "maxItems": Fault.ITEMS,
}

_WORDS = {
    Fault.REQUIRED: "a required field is missing",
    Fault.TYPE: "the field has the wrong type",
    Fault.EXTRA: "a field that the schema does not know",
    Fault.VALUE: "the field has a value that is not allowed",
    Fault.ITEMS: "the list has too few or too many items",
}

_FIRST = (Fault.REQUIRED, Fault.TYPE, Fault.EXTRA, Fault.VALUE, Fault.ITEMS)


@cache
def _root() -> Path:
    spec = importlib.util.find_spec("ocpp")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the ocpp package, whose schemas Forecourt uses, is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _file(version: str, action: str, direction: Direction) -> Path:
    if direction is RESPONSE:
        name = f"{action}Response.json"
    elif version == "1.6" or action in SEND_ACTIONS[version]:
        name = f"{action}.json"
    else:
        name = f"{action}Request.json"
    return _root() / _FOLDER[version] / "schemas" / name


@cache
def schema(version: str, action: str, direction: Direction = REQUEST) -> Schema:
    """The compiled schema of one message; compiled at the first call, about a millisecond.

    Raises:
        KeyError: the version has no such message.
    """
    path = _file(version, action, direction)
    try:
        data = path.read_bytes()
    except OSError:
        raise KeyError(f"{version} has no {action} {direction.value}") from None
    document: dict[str, Any] = msgspec.json.decode(data)
    _bound_integers(document)
    validator = jsonschema_rs.validator_for(document, validate_formats=False)
    return Schema(validator.is_valid, validator.iter_errors, document)


def _bound_integers(node: Any) -> None:
    """Allow no integer that a 64-bit column cannot hold, where the schema sets no bound of its own."""
    if isinstance(node, dict):
        if node.get("type") == "integer":
            node.setdefault("maximum", INT64_MAX)
            node.setdefault("minimum", INT64_MIN)
        for below in node.values():
            _bound_integers(below)


def check(
    version: str, action: str, direction: Direction, payload: Any, *, dates: bool = False
) -> list[Violation]:
    """Every way in which `payload` breaks the schema, gravest kind first; empty when it is valid.

    Args:
        dates: also demand RFC 3339 with a zone where the schema says `date-time`.

    Raises:
        KeyError: the version has no such message.
    """
    compiled = schema(version, action, direction)
    found = [] if compiled.is_valid(payload) else [_violation(e) for e in compiled.iter_errors(payload)]
    if dates:
        found += _bad_dates(compiled.document, compiled.document, payload, ())
    found.sort(key=lambda violation: _FIRST.index(violation.fault))
    return found


def _violation(error: jsonschema_rs.ValidationError) -> Violation:
    kind = error.kind
    detail = kind.as_dict()
    wanted: tuple[Any, ...]
    if kind.name == "required":
        wanted = (detail["property"],)
    elif kind.name == "type":
        wanted = tuple(detail["types"])
    elif kind.name == "enum":
        wanted = tuple(detail["options"])
    elif kind.name == "additionalProperties":
        wanted = tuple(detail["unexpected"])
    else:
        wanted = tuple(detail.values())
    path = tuple(error.instance_path)
    fault = _FAULTS.get(kind.name, Fault.VALUE)
    where = path + wanted if fault is Fault.REQUIRED else path
    return Violation(fault, path, kind.name, wanted, in_words(fault, where))


def in_words(fault: Fault, path: tuple[str | int, ...]) -> str:
    """A sentence for `fault` at `path`, made of constants and names of the schema only."""
    where = ".".join(str(step) for step in path)
    return f"{where}: {_WORDS[fault]}" if where else _WORDS[fault]


_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z")


def is_date_time(text: str) -> bool:
    """Whether `text` is an RFC 3339 date and time with a zone, and a date that exists."""
    if _RFC3339.match(text) is None:
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text).upper())
    except ValueError:
        return False
    return True


def _bad_dates(
    document: dict[str, Any], node: dict[str, Any], value: Any, path: tuple[str | int, ...]
) -> list[Violation]:
    node = resolve(document, node)
    found: list[Violation] = []
    if isinstance(value, dict):
        properties = node.get("properties", {})
        for name, below in value.items():
            if name in properties:
                found += _bad_dates(document, properties[name], below, (*path, name))
    elif isinstance(value, list) and isinstance(node.get("items"), dict):
        for index, below in enumerate(value):
            found += _bad_dates(document, node["items"], below, (*path, index))
    elif isinstance(value, str) and node.get("format") == "date-time" and not is_date_time(value):
        found.append(Violation(Fault.VALUE, path, "format", (), in_words(Fault.VALUE, path)))
    return found


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """`node`, or what it refers to in `document`."""
    while (ref := node.get("$ref")) is not None:
        node = document["definitions"][ref.rpartition("/")[2]]
    return node


def at(document: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """The part of a schema that governs what lies at `path`; {} where the schema is silent."""
    node = resolve(document, document)
    for step in path:
        below = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        node = resolve(document, below or {})
    return node
