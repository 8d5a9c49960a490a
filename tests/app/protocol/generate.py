"""Instances of the shipped schemas: the least that is valid, and one with every field."""

from typing import Any

from app.protocol.schemas import REQUEST, RESPONSE, check, resolve, schema

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000


def minimal(version: str, action: str) -> dict[str, Any]:
    """A request with the required fields only."""
    return _valid(version, action, full=False)


def full(version: str, action: str) -> dict[str, Any]:
    """A request with every field that the schema knows."""
    return _valid(version, action, full=True)


def _valid(version: str, action: str, *, full: bool) -> dict[str, Any]:
    document = schema(version, action).document
    made = _make(document, document, full)
    assert check(version, action, REQUEST, made) == []
    return made


def _make(document: dict[str, Any], node: dict[str, Any], full: bool) -> Any:
    node = resolve(document, node)
    kind = node.get("type")
    if "enum" in node:
        return node["enum"][0]
    if kind == "object":
        names = node.get("properties", {}) if full else node.get("required", ())
        return {name: _make(document, node["properties"][name], full) for name in names}
    if kind == "array":
        return [_make(document, node["items"], full)] * max(1, node.get("minItems", 1))
    if kind == "string":
        if node.get("format") == "date-time":
            return AT
        return "7"[: node.get("maxLength", 1)]
    if kind in ("integer", "number"):
        return min(max(1, node.get("minimum", 1)), node.get("maximum", 1))
    return True if kind == "boolean" else {"any": [1, None]}


def answer_is_valid(version: str, action: str, answer: Any) -> bool:
    """Whether an answer keeps to the response schema, dates included."""
    return check(version, action, RESPONSE, answer, dates=True) == []
