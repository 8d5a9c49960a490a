"""Messages written by hand: what can be sent, what may be typed next, and what is wrong where.

All of it follows the JSON schema of the station's version, the same that guards what is sent.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from app.operations.json_places import Path, Place, line_and_column, places, spot
from app.operations.suggestion import Suggestion
from app.protocol.commands import CommandRefused, command
from app.protocol.schemas import REQUEST, Violation, resolve, schema
from app.protocol.schemas import check as violations
from app.protocol.stamps import written
from app.protocol.versions import SERVER_ACTIONS

GENTLE = ("Soft", "OnIdle", "Operative", "Heartbeat", "Accepted", "TxDefaultProfile", "Differential")
"""Words to begin with where a field has several: those that hurt least."""

PREVIEW = 24


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: lines and columns from 1, `start` and `end` as offsets."""

    line: int
    column: int
    start: int
    end: int
    sentence: str


def actions(version: str) -> tuple[str, ...]:
    """What can be sent to a station of this version, by name; () for a version that is not known."""
    return tuple(sorted(SERVER_ACTIONS.get(version, ())))


def skeleton(version: str, action: str, *, now_ms: int | None = None) -> str:
    """A message to begin with: its required fields, filled with the gentlest words.

    Args:
        now_ms: what times are filled with; None: an example.

    Raises:
        KeyError: the version has no such message.
    """
    document = schema(version, action, REQUEST).document
    return json.dumps(_least(document, document, "", now_ms), indent=2, ensure_ascii=False)


def _least(document: dict[str, Any], node: dict[str, Any], name: str, now_ms: int | None) -> Any:
    node = resolve(document, node)
    if "enum" in node:
        words = node["enum"]
        return next((word for word in GENTLE if word in words), words[0])
    kind = node.get("type")
    if kind == "object" or "properties" in node:
        needed = node.get("required", ())
        return {key: _least(document, node["properties"][key], key, now_ms) for key in needed}
    if kind == "array":
        return [_least(document, node["items"], name, now_ms)]
    if kind in ("integer", "number"):
        least = node.get("minimum", 0)
        # An EVSE or a connector is usually meant to be one of the station's, not the station.
        wanted = 1 if name in ("connectorId", "evseId", "id", "requestId") else 0
        return max(wanted, least if least > -(1 << 60) else 0)
    if kind == "boolean":
        return False
    if node.get("format") == "date-time":
        return written(now_ms) if now_ms is not None else "2026-01-31T12:00:00Z"
    return ""


# -- what may be typed next ---------------------------------------------------------------------


def complete(
    version: str,
    action: str,
    text: str,
    cursor: int,
    *,
    now_ms: int | None = None,
    known: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Suggestion, ...]:
    """What may be typed at the cursor: names of fields, words of a field, values of its type.

    Args:
        version: the station's.
        action: the message.
        text: the payload as typed so far, which need not be JSON yet.
        cursor: offset in it.
        now_ms: the time to offer for times.
        known: values to offer by field, such as the running transactions for "transactionId".
    """
    if action not in SERVER_ACTIONS.get(version, ()):
        return ()
    here = spot(text, cursor)
    if here is None:
        return ()
    document = schema(version, action, REQUEST).document
    node = _at(document, here.path)
    if node is None:
        return ()
    if not here.is_key:
        return _values(document, node, here.start, here.end, here.typed, str(_last(here.path)), now_ms, known)
    needed = set(node.get("required", ()))
    names = [n for n in node.get("properties", {}) if n not in here.used and _fits(n, here.typed)]
    names.sort(
        key=lambda name: (name not in needed, name == "customData", not _begins(name, here.typed), name)
    )
    colon = "" if here.follows == ":" else ": "
    return tuple(
        Suggestion(
            f'"{name}"{colon}', here.start, here.end, name,
            _hint(document, node["properties"][name], name in needed),
        )
        for name in names
    )  # fmt: skip


def _at(document: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """The schema of what lies at `path`, None where the schema knows nothing there."""
    node = resolve(document, document)
    for step in path:
        below = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        if not isinstance(below, dict):
            return None
        node = resolve(document, below)
    return node


def _last(path: Path) -> str | int:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _begins(name: str, typed: str) -> bool:
    return name.casefold().startswith(typed.casefold())


def _fits(name: str, typed: str) -> bool:
    return typed.casefold() in name.casefold()


def _values(
    document: dict[str, Any], node: dict[str, Any], start: int, end: int, typed: str, name: str,
    now_ms: int | None, known: Mapping[str, Sequence[str]] | None,
) -> tuple[Suggestion, ...]:  # fmt: skip
    kind = node.get("type")
    offered: list[tuple[str, str]] = [(json.dumps(word), "") for word in node.get("enum", ())]
    if not offered:
        quoted = kind not in ("integer", "number")
        for value in (known or {}).get(name, ()):
            offered.append((json.dumps(value, ensure_ascii=False) if quoted else value, "of this station"))
    if kind == "boolean":
        offered = [("true", ""), ("false", "")]
    elif kind == "array":
        offered = [
            (json.dumps([_least(document, node["items"], name, now_ms)], ensure_ascii=False), "a list")
        ]
    elif kind == "object" or "properties" in node:
        offered = [(json.dumps(_least(document, node, name, now_ms), ensure_ascii=False), "an object")]
    elif node.get("format") == "date-time" and now_ms is not None:
        offered.append((json.dumps(written(now_ms)), "now"))
    found = [
        Suggestion(insert, start, end, _short(insert), hint)
        for insert, hint in offered
        if _fits(insert.strip('"'), typed)
    ]
    found.sort(key=lambda one: not _begins(one.title, typed))
    return tuple(found)


def _short(insert: str) -> str:
    plain = insert[1:-1] if insert[:1] == '"' else insert
    return plain if len(plain) <= PREVIEW * 2 else plain[: PREVIEW * 2 - 1] + "…"


_KINDS = {
    "integer": "whole number", "number": "number", "boolean": "true or false", "string": "text",
    "array": "list", "object": "object",
}  # fmt: skip


def _hint(document: dict[str, Any], node: dict[str, Any], needed: bool) -> str:
    node = resolve(document, node)
    words = node.get("enum")
    if words:
        said = ", ".join(words[:3]) + (" …" if len(words) > 3 else "")
    elif node.get("format") == "date-time":
        said = "time"
    else:
        said = _KINDS.get(str(node.get("type")), "anything")
        if node.get("maxLength"):
            said += f", at most {node['maxLength']}"
    return f"needed, {said}" if needed else said


# -- what is wrong ------------------------------------------------------------------------------


def check(version: str, action: str, text: str) -> tuple[Finding, ...]:
    """What keeps a message from being sent, each with its place; () when it can be sent."""
    if action not in SERVER_ACTIONS.get(version, ()):
        try:
            command(version, action, {})
        except (CommandRefused, KeyError) as error:
            said = (
                str(error) if isinstance(error, CommandRefused) else "The station's version is not known yet."
            )
            return (_finding(text, 0, 0, said),)
    try:
        payload = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return (_finding(text, error.pos, error.pos + 1, _json_words(error.msg, text, error.pos)),)
    except RecursionError:
        return (_finding(text, 0, 1, "It is nested too deeply."),)
    except ValueError as error:
        # `_no_constant` names NaN or an infinity; the one other cause is a number of endless digits.
        at = text.find(str(error))
        said = "A number has too many digits." if at < 0 else f"{error} is no number in JSON."
        return (_finding(text, max(0, at), max(0, at) + 1, said),)
    where, twice = places(text)
    found = [
        _finding(text, start, end, f"{path[-1]} stands twice; only the last would count.")
        for path, start, end in twice
    ]
    if not isinstance(payload, dict):
        return (_finding(text, 0, len(text), f"{action} needs an object, like {{}}."),)
    document = schema(version, action, REQUEST).document
    for violation in violations(version, action, REQUEST, payload, dates=True):
        found.append(located(text, action, document, payload, violation, where))
    return tuple(sorted(found, key=lambda one: (one.start, one.sentence)))


def _no_constant(word: str) -> Any:
    raise ValueError(word)


_JSON_WORDS = (
    ("Expecting property name", "A field's name in double quotes belongs here."),
    ("Expecting ':'", "A colon belongs here."),
    ("Expecting ',' delimiter", "A comma is missing here."),
    ("Expecting value", "A value belongs here."),
    ("Extra data", "Nothing may follow after the end of the object."),
    ("Unterminated string", "A closing quote is missing."),
    ("Invalid control character", "A line break cannot stand in a text; write \\n."),
    ("Invalid \\", 'After a backslash comes one of " \\ / b f n r t u.'),
    ("Illegal trailing comma", "There is a comma too many."),
)


def _json_words(said: str, text: str, at: int) -> str:
    if not text.strip():
        return "Write an object, like {}."
    if said.startswith(("Expecting property name", "Expecting value")):
        before = text[:at].rstrip()
        if before.endswith(",") and text[at : at + 1] in ("}", "]"):
            return "There is a comma too many."
        if at >= len(text.rstrip()):
            return "It ends too early; a closing bracket or a value is missing."
        if text[at] == "'":
            return "Texts stand in double quotes."
        if text[at:].startswith(("True", "False", "None")):
            return "Write true, false or null in small letters."
    if said.startswith("Expecting ',' delimiter") and at >= len(text.rstrip()):
        return "It ends too early; a closing bracket is missing."
    return next((words for begin, words in _JSON_WORDS if said.startswith(begin)), f"{said}.")


def _finding(text: str, start: int, end: int, sentence: str) -> Finding:
    line, column = line_and_column(text, start)
    return Finding(line, column, start, max(start, min(end, len(text))), sentence)


def located(
    text: str, action: str, document: dict[str, Any], payload: Any, violation: Violation,
    where: Mapping[Path, Place],
) -> Finding:  # fmt: skip
    """A violation in words, at the value, or at the key of a field that should not be."""
    path = violation.path
    place = where.get(path) or where.get(()) or Place(0, len(text), 0, len(text))
    start, end = place.start, place.end
    node = _at(document, path) or {}
    name = ".".join(str(step + 1 if isinstance(step, int) else step) for step in path) or action
    if violation.kind == "required":
        end = start + 1
    elif violation.kind == "additionalProperties":
        extra = where.get((*path, str(violation.wanted[0])))
        if extra is not None:
            start, end = extra.key_start, extra.key_end
    return _finding(text, start, end, _sentence(name, node, _dig(payload, path), violation))


def _dig(payload: Any, path: Path) -> Any:
    for step in path:
        payload = payload[step]
    return payload


def _sentence(name: str, node: dict[str, Any], value: Any, violation: Violation) -> str:
    wanted: Sequence[Any] = violation.wanted
    match violation.kind:
        case "required":
            return f"{name} needs the field {wanted[0]}."
        case "type":
            kinds = " or ".join(_KINDS.get(str(kind), str(kind)) for kind in wanted)
            return f"{name} takes a {kinds}, not {_kind_of(value)}."
        case "additionalProperties":
            near = get_close_matches(str(wanted[0]), list(node.get("properties", {})), 1)
            more = f" Did you mean {near[0]}?" if near else ""
            return f"{name} has no field {wanted[0]}.{more}"
        case "enum":
            near = get_close_matches(str(value), [str(word) for word in wanted], 1)
            if near:
                return f"{name} cannot be {_quoted(value)}. Did you mean {near[0]}?"
            shown = ", ".join(str(word) for word in wanted[:8]) + (" …" if len(wanted) > 8 else "")
            return f"{name} cannot be {_quoted(value)}; it is one of {shown}."
        case "maxLength":
            return f"{name} may have at most {wanted[0]} characters, and this has {len(str(value))}."
        case "format":
            return f"{name} takes a time with its zone, like 2026-01-31T12:00:00Z."
        case "minItems" | "maxItems":
            few = violation.kind == "minItems"
            return f"{name} needs at {'least' if few else 'most'} {wanted[0]} item{'s' * (wanted[0] != 1)}."
        case "minimum" | "maximum":
            low = violation.kind == "minimum"
            return f"{name} must be at {'least' if low else 'most'} {wanted[0]}."
        case "multipleOf":
            return f"{name} takes at most one decimal."
        case _:
            return f"{violation.text}."


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def _quoted(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= PREVIEW else said[: PREVIEW - 1] + "…"
