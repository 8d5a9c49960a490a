"""Frames a hostile or broken station might send: valid ones of every action, then damaged."""

import random
import string
from collections.abc import Iterator
from typing import Any

import msgspec

from app.protocol.schemas import REQUEST, RESPONSE, resolve, schema
from app.protocol.versions import ACTIONS, SEND_ACTIONS, SERVER_ACTIONS, STATION_ACTIONS

NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 0.0, -0.5, 1e308, "", " ",
    "null", "NaN", "1,5", "1234.0", "\x00", "é\U0001f50c", "x" * 5000, [], {}, [[]], [{}], {"a": {"b": []}},
    "2026-13-45T99:99:99Z", "1970-01-01T00:00:00", "Accepted", "charging", [None], {"": None},
)  # fmt: skip
RAW = (
    "NaN", "1e999", "9" * 5000, '"\\ud800"', '"\\u0000"', "[" * 1200, "{" * 50, '"\x00"', ":,", "[,1]", "tru",
    '"' , "\\", "\ufeff", "{}}", "]", "01", "+1", ".5", "'x'", "//", "-",
)  # fmt: skip
WORDS = string.ascii_letters


def payload(rng: random.Random, document: dict[str, Any], node: dict[str, Any], depth: int = 0) -> Any:
    """A payload that mostly fits its schema, with some optional fields."""
    node = resolve(document, node)
    if "enum" in node:
        return rng.choice(node["enum"])
    kind = node.get("type")
    if kind == "object":
        required = node.get("required", ())
        return {
            name: payload(rng, document, below, depth + 1)
            for name, below in node.get("properties", {}).items()
            if name in required or (depth < 3 and rng.random() < 0.3)
        }
    if kind == "array":
        return [payload(rng, document, node["items"], depth + 1) for _ in range(rng.choice((1, 1, 2)))]
    if kind == "integer":
        return rng.randint(0, 100)
    if kind == "number":
        return round(rng.uniform(0, 1000), 2)
    if kind == "boolean":
        return rng.random() < 0.5
    if node.get("format") == "date-time":
        return "2026-01-05T08:00:00Z"
    return "".join(rng.choices(WORDS, k=min(node.get("maxLength", 8), 8)))


def damaged(rng: random.Random, value: Any) -> Any:
    """`value` with one thing in it replaced, added or taken away."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        changed = dict(value)
        name = rng.choice(list(changed))
        roll = rng.random()
        if roll < 0.2:
            del changed[name]
        elif roll < 0.3:
            changed["".join(rng.choices(WORDS, k=5))] = rng.choice(NASTY)
        else:
            changed[name] = damaged(rng, changed[name])
        return changed
    if isinstance(value, list) and value and rng.random() < 0.85:
        changed_list = list(value)
        index = rng.randrange(len(changed_list))
        if rng.random() < 0.2:
            del changed_list[index]
        else:
            changed_list[index] = damaged(rng, changed_list[index])
        return changed_list
    return rng.choice(NASTY)


def garbled(rng: random.Random, text: str) -> str:
    """`text` with a few characters cut, doubled or replaced."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(text) + 1)
        roll = rng.random()
        if roll < 0.25:
            text = text[:at]
        elif roll < 0.5:
            text = text[:at] + text[at + rng.randint(1, 4) :]
        elif roll < 0.75:
            text = text[:at] + rng.choice(RAW) + text[at:]
        else:
            text = (
                text[:at]
                + chr(rng.choice((0, 9, 34, 44, 58, 91, 93, 123, 125, 255, 0x2028, 0x1F600)))
                + text[at:]
            )
    return text


def frames(version: str, seed: int, count: int) -> Iterator[str]:
    """`count` frames, a third of them broken as JSON, most of the rest in their payload; by seed."""
    rng = random.Random(seed)
    actions = sorted(ACTIONS[version])
    own = sorted(STATION_ACTIONS[version] | SEND_ACTIONS[version])
    answers = sorted(SERVER_ACTIONS[version])
    for number in range(count):
        roll = rng.random()
        if roll < 0.15:
            action = rng.choice(answers)
            document = schema(version, action, RESPONSE).document
            frame: Any = [3, str(number % 40), payload(rng, document, document)]
        elif roll < 0.2:
            frame = [rng.choice((4, 5)), str(number % 40), "InternalError", "x", {}]
        else:
            action = rng.choice(own if rng.random() < 0.85 else actions)
            document = schema(version, action, REQUEST).document
            kind = 6 if action in SEND_ACTIONS[version] else 2
            frame = [kind, str(number % 40), action, payload(rng, document, document)]
        for _ in range(rng.choice((0, 1, 1, 2, 4))):
            if rng.random() < 0.1:
                frame = damaged(rng, frame)
            elif isinstance(frame, list) and len(frame) > 2:
                frame[-1] = damaged(rng, frame[-1])
        try:
            text = msgspec.json.encode(frame).decode()
        except (OverflowError, msgspec.MsgspecError):
            text = repr(frame)
        yield garbled(rng, text) if rng.random() < 0.35 else text
