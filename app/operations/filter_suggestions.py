"""What may be typed next in the filter of the message log."""

import re
from collections.abc import Iterable, Sequence

from app.operations.message_filter import DIRECTIONS, FIELDS, FLAGS, KINDS
from app.operations.suggestion import Suggestion

MOST = 12
_WORD = re.compile(r'(?:"[^"]*"?|[^\s()"])*\Z')
_OPERATORS = {"not": "turns the next one round", "or": "one or the other"}
_ERRORS = (
    "NotImplemented", "NotSupported", "InternalError", "GenericError", "SecurityError", "ProtocolError",
    "FormationViolation", "FormatViolation", "PropertyConstraintViolation", "OccurrenceConstraintViolation",
    "OccurenceConstraintViolation", "TypeConstraintViolation", "RpcFrameworkError", "MessageTypeNotSupported",
)  # fmt: skip
_RESULTS = ("Rejected", "Accepted", "NotSupported", "Failed", "Scheduled", "RebootRequired", "Unknown*")


def suggest(
    text: str,
    cursor: int,
    *,
    stations: Iterable[str] = (),
    actions: Iterable[str] = (),
) -> tuple[Suggestion, ...]:
    """What may be typed at the cursor: fields, their values, words that join.

    Args:
        text: the filter as typed so far.
        cursor: offset in it.
        stations: identities to offer.
        actions: messages to offer.
    """
    cursor = max(0, min(cursor, len(text)))
    match = _WORD.search(text[:cursor])
    typed = match.group() if match else ""
    start = cursor - len(typed)
    end = cursor + len(re.match(r'[^\s()",:<>]*', text[cursor:]).group())  # type: ignore[union-attr]
    if typed.startswith("-") and len(typed) > 1:
        typed, start = typed[1:], start + 1
    name, colon, rest = typed.partition(":")
    if not colon:
        return _names(typed, start, end)
    if name.casefold() not in FIELDS:
        return ()
    # After a comma another value begins.
    last = rest.rpartition(",")[2]
    offered = _values(name.casefold(), stations, actions)
    return _fitting(last.lstrip('"'), cursor - len(last), end, offered)


def _names(typed: str, start: int, end: int) -> tuple[Suggestion, ...]:
    offered = [(f"{name}:", name, hint) for name, hint in FIELDS.items()]
    offered.insert(5, ("latency>", "latency", "time to the answer, as latency>2s"))
    offered += [(f"{flag} ", flag, hint) for flag, hint in FLAGS.items()]
    offered += [(f"{word} ", word, hint) for word, hint in _OPERATORS.items()]
    return tuple(
        Suggestion(insert, start, end, title, hint)
        for insert, title, hint in offered
        if title.startswith(typed.casefold())
    )


def _values(name: str, stations: Iterable[str], actions: Iterable[str]) -> Sequence[tuple[str, str]]:
    if name == "station":
        return [(station, "") for station in _grouped(stations)]
    if name == "action":
        return [(action, "") for action in sorted(set(actions))]
    if name == "dir":
        hints = {"in": "from the station", "out": "to the station", "link": "connects and leaves"}
        return [(word, hints[word]) for word in dict.fromkeys(DIRECTIONS.values())]
    if name == "kind":
        return [(kind, "") for kind in KINDS]
    if name == "error":
        return [(code, "") for code in _ERRORS]
    return [(word, "") for word in _RESULTS] if name == "result" else []


def _grouped(stations: Iterable[str]) -> list[str]:
    """Stations, and before them what several of them begin with: VTP-* for VTP-01 and VTP-02."""
    names = sorted(set(stations))
    heads: dict[str, int] = {}
    for name in names:
        head = re.match(r"(.*?[-_.])[^-_.]*\Z", name)
        if head:
            heads[head[1]] = heads.get(head[1], 0) + 1
    return [f"{head}*" for head, count in sorted(heads.items()) if count > 1] + names


def _fitting(typed: str, start: int, end: int, offered: Sequence[tuple[str, str]]) -> tuple[Suggestion, ...]:
    wanted = typed.casefold().rstrip("*")
    found = [
        Suggestion(f'"{value}"' if re.search(r"[\s(),]", value) else value, start, end, value, hint)
        for value, hint in offered
        if wanted in value.casefold()
    ]
    found.sort(key=lambda one: not one.title.casefold().startswith(wanted))
    return tuple(found[:MOST])
