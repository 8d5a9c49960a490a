"""The filter of the message log, as it is typed.

    station:VTP-* action:Meter*,Status* dir:in not kind:result latency>2s "over temperature"

Terms stand side by side and all hold; `or` and brackets join them otherwise, `not` or `-` turns one
round. Values are compared without case and as a whole, with * and ? for what may be there; several
after a comma are alternatives. A bare word or a quoted text is looked for anywhere in the line.

    filter = either { "or" either };  either = one { ["and"] one }
    one = ("not" | "-") one | "(" filter ")" | term
    term = name ":" values | ("latency" | "rtt") (">" | "<" | ">=" | "<=") span | "error" | "held" | text
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from app.domain.errors import ForecourtError
from app.fleet.views import MessageView
from app.operations.globs import holds_like, is_like


class FilterError(ForecourtError):
    """A filter that cannot be read; `at` is the offset where."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.at = at


FIELDS = {
    "station": "identity of the station",
    "action": "message, as MeterValues",
    "dir": "in, out or link",
    "kind": "call, result, error, send, result-error, note",
    "result": "status in an answer, as Rejected",
    "error": "code of an error, as NotImplemented",
    "id": "number of the message",
    "text": "anywhere in the message",
}
"""Names that take values, and what they look at."""

FLAGS = {"error": "errors only", "held": "held until a station is let in"}
"""Words that stand for themselves."""

SPANS = {"latency": "time to the answer, as latency>2s", "rtt": "the same as latency"}
"""Names that are compared with a span of time."""

DIRECTIONS = {"in": "in", "from": "in", "out": "out", "to": "out", "link": "link"}
KINDS = ("call", "result", "error", "send", "result-error", "note")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `name` is one of FIELDS, FLAGS or SPANS; `test` "" for values."""

    name: str
    values: tuple[str, ...] = ()
    test: str = ""
    ms: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: "Part"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All hold; none means everything."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of them holds."""

    parts: "tuple[Part, ...]"


Part = Term | Not | AllOf | OneOf


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """A filter that was read. Call it with a line of the log."""

    part: Part
    text: str = ""

    def __call__(self, view: MessageView) -> bool:
        return holds(self.part, view)

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.part == AllOf(())


# -- reading ------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?: (?P<bracket>[()]) | (?P<minus>-)(?=[^\s]) |
        (?P<name>[A-Za-z]+)\s*(?P<test>>=|<=|>|<)\s*(?P<span>[^\s()]*) |
        (?P<field>[A-Za-z-]+):(?P<values>(?:"(?:[^"\\]|\\.)*"?|[^\s()",]+|,)*) |
        (?P<quoted>"(?:[^"\\]|\\.)*"?) | (?P<word>[^\s()"]+) )""",
    re.VERBOSE,
)
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)("?)|([^",]+)|(,)')
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|min)?", re.ASCII)
_UNITS = {"": 1, "ms": 1, "s": 1000, "m": 60_000, "min": 60_000}


def parse(text: str) -> MessageFilter:
    """The filter that a text means; an empty one lets everything through.

    Raises:
        FilterError: it cannot be read; the sentence says what is wrong, `at` where.
    """
    reader = _Reader(text)
    part = reader.any_of()
    if reader.at < len(reader.tokens):
        raise FilterError("There is a closing bracket too many.", reader.tokens[reader.at].start())
    return MessageFilter(part, text.strip())


class _Reader:
    """Reads tokens by descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.tokens: list[re.Match[str]] = []
        end = len(text.rstrip())
        place = 0
        while place < end:
            match = _TOKEN.match(text, place)
            if match is None or match.end() == place:
                raise FilterError(f"{text[place:].strip()[:1]!r} cannot stand here.", place)
            self.tokens.append(match)
            place = match.end()

    def any_of(self) -> Part:
        parts = [self.all_of()]
        while self._word("or"):
            self.at += 1
            parts.append(self.all_of())
        if len(parts) > 1 and AllOf(()) in parts:
            raise FilterError("Something is missing beside “or”.", len(self.text))
        return parts[0] if len(parts) == 1 else OneOf(tuple(parts))

    def all_of(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.tokens) and not self._word("or") and not self._bracket(")"):
            if self._word("and"):
                self.at += 1
                if not parts or self.at >= len(self.tokens):
                    raise FilterError("Something is missing beside “and”.", len(self.text))
                continue
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self) -> Part:
        token = self.tokens[self.at]
        self.at += 1
        if token["minus"] or (token["word"] or "").casefold() == "not":
            if self.at >= len(self.tokens) or self._bracket(")") or self._word("or") or self._word("and"):
                raise FilterError("Something is missing after “not”.", token.end())
            return Not(self._deeper(self.one, token))
        if token["bracket"]:
            part = self._deeper(self.any_of, token)
            if not self._bracket(")"):
                raise FilterError("A closing bracket is missing.", len(self.text))
            self.at += 1
            return part
        return _term(token)

    def _deeper(self, read: Callable[[], Part], token: re.Match[str]) -> Part:
        self.depth += 1
        if self.depth > 50:
            raise FilterError("There are too many brackets.", token.start())
        part = read()
        self.depth -= 1
        return part

    def _word(self, word: str) -> bool:
        return self.at < len(self.tokens) and (self.tokens[self.at]["word"] or "").casefold() == word

    def _bracket(self, bracket: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at]["bracket"] == bracket


def _term(token: re.Match[str]) -> Term:
    if token["name"]:
        return _span(token)
    if token["field"]:
        return _field(token)
    if token["quoted"] is not None:
        return Term("text", (_unquoted(token["quoted"], token.start("quoted")),))
    word = token["word"]
    return Term(word.casefold()) if word.casefold() in FLAGS else Term("text", (word,))


def _span(token: re.Match[str]) -> Term:
    name = token["name"].casefold()
    if name not in SPANS:
        raise FilterError(
            f"{token['name']} cannot be compared; latency can, as latency>2s.", token.start("name")
        )
    span = _SPAN.fullmatch(token["span"].casefold())
    if span is None:
        raise FilterError(
            f"{token['span'] or 'Nothing'} is no span of time; write 500ms, 2s or 1min.", token.start("span")
        )
    return Term("latency", test=token["test"], ms=round(float(span[1]) * _UNITS[span[2] or ""]))


def _field(token: re.Match[str]) -> Term:
    said, at = token["field"], token.start("field")
    name = said.casefold()
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Use {', '.join(FIELDS)}."
        raise FilterError(f"There is no field {said}.{hint} A text with a colon stands in quotes.", at)
    values = _split(token["values"], token.start("values"))
    if not values:
        raise FilterError(f"{name}: needs a value, {FIELDS[name]}.", token.end())
    if name == "dir":
        values = tuple(dict.fromkeys(_direction(value, at) for value in values))
    if name == "kind":
        for value in values:
            if value.casefold() not in KINDS:
                raise FilterError(f"There is no kind {value}; use {', '.join(KINDS)}.", at)
        values = tuple(value.casefold() for value in values)
    return Term(name, values)


def _direction(value: str, at: int) -> str:
    found = DIRECTIONS.get(value.casefold())
    if found is None:
        raise FilterError(f"There is no direction {value}; use in, out or link.", at)
    return found


def _split(text: str, at: int) -> tuple[str, ...]:
    """Values between commas, quoted or not."""
    found, current = [], ""
    for match in _VALUE.finditer(text):
        if match[4]:
            found.append(current)
            current = ""
        elif match[3] is not None:
            current += match[3]
        else:
            current += _unquoted(match[0], at + match.start())
    found.append(current)
    return tuple(value for value in found if value)


def _unquoted(quoted: str, at: int) -> str:
    if len(quoted) < 2 or not quoted.endswith('"') or re.search(r'(?<!\\)(\\\\)*\\"$', quoted):
        raise FilterError("A closing quote is missing.", at)
    return re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)


# -- writing ------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[^\s()\",\\:<>-][^\s()\",\\:<>]*")


def text_of(part: Part) -> str:
    """A filter as text; `parse` reads it back."""
    match part:
        case Term(name, (), "") if name in FLAGS:
            return name
        case Term("latency"):
            return f"latency{part.test}{part.ms}ms"
        case Term("text", (value,)):
            return _quote(value) if not _bare(value) else value
        case Term():
            return f"{part.name}:{','.join(v if _PLAIN.fullmatch(v) else _quote(v) for v in part.values)}"
        case Not(inner):
            return f"not {_closed(inner)}"
        case AllOf(parts):
            return " ".join(_closed(one) for one in parts)
        case OneOf(parts):
            return " or ".join(_closed(one) if isinstance(one, OneOf) else text_of(one) for one in parts)


def _bare(value: str) -> bool:
    reserved = value.casefold() in ("and", "or", "not", *FLAGS)
    return bool(_PLAIN.fullmatch(value)) and not reserved


def _closed(part: Part) -> str:
    return f"({text_of(part)})" if isinstance(part, AllOf | OneOf) else text_of(part)


def _quote(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


# -- judging ------------------------------------------------------------------------------------


def holds(part: Part, view: MessageView) -> bool:
    """Whether a line passes."""
    match part:
        case Term():
            return _JUDGES[part.name](part, view)
        case Not(inner):
            return not holds(inner, view)
        case AllOf(parts):
            return all(holds(one, view) for one in parts)
        case OneOf(parts):
            return any(holds(one, view) for one in parts)


def _like(values: Sequence[str], found: str) -> bool:
    return any(is_like(value, found) for value in values)


def _anywhere(term: Term, view: MessageView) -> bool:
    where = (view.station, view.action, view.frame, view.note, view.kind)
    return any(holds_like(value, text) for value in term.values for text in where)


def _latency(term: Term, view: MessageView) -> bool:
    found = view.latency_ms
    if found is None:
        return False
    return {">": found > term.ms, "<": found < term.ms, ">=": found >= term.ms, "<=": found <= term.ms}[
        term.test
    ]


def _error(term: Term, view: MessageView) -> bool:
    if view.kind not in ("error", "result-error"):
        return False
    code = _element(view.frame, 2)
    return not term.values or (isinstance(code, str) and _like(term.values, code))


def _result(term: Term, view: MessageView) -> bool:
    if view.kind != "result":
        return False
    payload = _element(view.frame, 2)
    return any(_like(term.values, word) for word in _statuses(payload))


def _statuses(payload: Any) -> list[str]:
    """All words of a status, at any depth that answers have."""
    if isinstance(payload, list):
        return [word for item in payload for word in _statuses(item)]
    if not isinstance(payload, dict):
        return []
    own = [v for k, v in payload.items() if isinstance(v, str) and k in ("status", "attributeStatus")]
    return own + [word for v in payload.values() if isinstance(v, dict | list) for word in _statuses(v)]


def _element(frame: str, place: int) -> Any:
    try:
        parsed = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    return parsed[place] if isinstance(parsed, list) and len(parsed) > place else None


_JUDGES: dict[str, Callable[[Term, MessageView], bool]] = {
    "station": lambda term, view: _like(term.values, view.station),
    "action": lambda term, view: _like(term.values, view.action),
    "dir": lambda term, view: view.direction in term.values,
    "kind": lambda term, view: view.kind in term.values,
    "id": lambda term, view: _like(term.values, view.message_id),
    "text": _anywhere,
    "latency": _latency,
    "error": _error,
    "result": _result,
    "held": lambda term, view: view.held,
}
