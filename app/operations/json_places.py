"""Where things stand in JSON text: of a whole text by path, and around the cursor of an unfinished one."""

import re
from dataclasses import dataclass, field
from json import JSONDecodeError, scanner
from json.decoder import JSONDecoder
from typing import NamedTuple

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Offsets of a value, and of its key ("" keys of lists: those of the value)."""

    start: int
    end: int
    key_start: int
    key_end: int


_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r"""[{}\[\]:,]|"(?:[^"\\]|\\.)*"|[^\s{}\[\]:,"]+""", re.DOTALL)


def places(text: str) -> tuple[dict[Path, Place], list[tuple[Path, int, int]]]:
    """Each value's place by path in a text that is JSON, and keys that stand twice in their object."""
    found: dict[Path, Place] = {}
    twice: list[tuple[Path, int, int]] = []
    scan = scanner.py_make_scanner(JSONDecoder())  # type: ignore[attr-defined]

    def skip(at: int) -> int:
        match = _BLANK.match(text, at)
        return match.end() if match else at

    def value(path: Path, at: int, key: tuple[int, int] | None) -> int:
        start = at = skip(at)
        if text[at] == "{":
            at = skip(at + 1)
            while text[at] != "}":
                name, key_end = scan(text, at)
                below = (*path, name)
                if below in found:
                    twice.append((below, at, key_end))
                at = skip(value(below, skip(key_end) + 1, (at, key_end)))
                if text[at] == ",":
                    at = skip(at + 1)
            at += 1
        elif text[at] == "[":
            at, index = skip(at + 1), 0
            while text[at] != "]":
                at = skip(value((*path, index), at, None))
                index += 1
                if text[at] == ",":
                    at = skip(at + 1)
            at += 1
        else:
            at = scan(text, at)[1]
        found[path] = Place(start, at, *(key or (start, at)))
        return at

    try:
        value((), 0, None)
    except (JSONDecodeError, StopIteration, IndexError, RecursionError):
        return found, twice
    return found, twice


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = text[: max(0, min(offset, len(text)))]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


DEEPEST = 64
"""No message is nested so deeply; beyond it nothing is offered."""


@dataclass(slots=True)
class _Box:
    """An object or a list that is open at the cursor."""

    kind: str
    path: Path
    start: int
    key: str | None = None
    index: int = 0
    stage: str = "key"
    """Of an object: "key", "colon", "value" or "comma"."""
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spot:
    """What is typed at the cursor.

    `path` is that of the object whose key is typed (`is_key`), or of the value that is typed. `start`
    to `end` is the word to replace, `typed` that part of it which stands before the cursor, without
    quotes. `used` are keys the object has already. `follows` tells what comes right after the word.
    """

    path: Path
    is_key: bool
    start: int
    end: int
    typed: str
    used: frozenset[str]
    follows: str = ""


def spot(text: str, cursor: int) -> Spot | None:
    """What is typed at `cursor`; None where nothing can be (between a value and its comma, outside)."""
    cursor = max(0, min(cursor, len(text)))
    stack: list[_Box] = []
    at = 0
    while True:
        match = _BLANK.match(text, at)
        at = match.end() if match else at
        token = _TOKEN.match(text, at)
        word = token.group() if token else text[at:]
        end = at + len(word)
        typed_on = bool(word) and word[0] not in "{}[]:,"
        inside = typed_on and at < cursor <= end and not (
            word[0] == '"' and len(word) > 1 and word.endswith('"') and cursor == end and token is not None
        )  # fmt: skip
        if not word or at >= cursor or inside:
            start, stop = (at, end) if inside else (cursor, cursor)
            if not inside and typed_on and at == cursor:
                stop = end
            return _spot(stack, text, start, stop, cursor)
        _step(stack, word, at)
        if len(stack) > DEEPEST:
            return None
        at = end


def _spot(stack: list[_Box], text: str, start: int, end: int, cursor: int) -> Spot | None:
    if not stack:
        return Spot((), False, start, end, "", frozenset()) if not text[:start].strip() else None
    box = stack[-1]
    typed = text[start:cursor]
    typed = typed.removeprefix('"')
    if text[start : start + 1] == '"' and not _closed(text[start:end]):
        # An open quote runs to the end of the text: only the word on this line is meant.
        line = re.match(r'"[^"\n,:{}\[\]]*', text[start:end])
        end = start + line.end() if line else end
    follows = text[end:].lstrip()[:1]
    if box.kind == "{" and box.stage == "key":
        used = frozenset((*box.keys, *_keys_after(text, end)))
        return Spot(box.path, True, start, end, typed, used, follows)
    if box.kind == "{" and box.stage == "value" and box.key is not None:
        return Spot((*box.path, box.key), False, start, end, typed, frozenset(), follows)
    if box.kind == "[" and box.stage == "value":
        return Spot((*box.path, box.index), False, start, end, typed, frozenset(), follows)
    return None


def _closed(word: str) -> bool:
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"', word, re.DOTALL) is not None


def _keys_after(text: str, at: int) -> list[str]:
    """Keys that the open object still has after the cursor."""
    found, depth, last = [], 0, ""
    for match in _TOKEN.finditer(text, at):
        word = match.group()
        if word in ("{", "["):
            depth += 1
        elif word in ("}", "]"):
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and word == ":" and last:
            found.append(last)
        last = word[1:-1] if depth == 0 and word[:1] == '"' else ""
    return found


def _step(stack: list[_Box], word: str, at: int) -> None:
    """Take one token that lies before the cursor."""
    box = stack[-1] if stack else None
    if word in ("{", "["):
        path: Path = ()
        if box is not None:
            path = (*box.path, box.index if box.kind == "[" else box.key or "")
        stack.append(_Box(word, path, at, stage="key" if word == "{" else "value"))
        return
    if box is None:
        return
    if word in ("}", "]"):
        stack.pop()
        if stack:
            stack[-1].stage = "comma"
    elif word == ",":
        if box.kind == "[":
            box.index, box.stage = box.index + 1, "value"
        else:
            box.key, box.stage = None, "key"
    elif word == ":":
        box.stage = "value"
    elif box.kind == "{" and box.stage == "key":
        box.key = word.strip('"')
        box.keys.append(box.key)
        box.stage = "colon"
    else:
        box.stage = "comma"
