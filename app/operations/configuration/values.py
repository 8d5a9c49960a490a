"""Values of settings: as text on the wire, compared by what they mean."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from app.domain.errors import ForecourtError

Kind = Literal["integer", "number", "boolean", "list", "text"]

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}


def as_text(value: Any) -> str:
    """A value of a template as the wire has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(one).strip() for one in value)
    return str(value).strip()


def kind_of(value: Any) -> Kind:
    """The kind that a TOML value shows."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "list" if isinstance(value, list | tuple) else "text"


def parts(text: str) -> tuple[str, ...]:
    """The items of a list, blanks and empty ones dropped (some stations write blanks after commas)."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _truth(text: str) -> bool | None:
    word = text.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def equal(kind: Kind, wanted: str, found: str) -> bool:
    """Whether two values mean the same: numbers by value, truth by its words, lists whatever their
    order and case; texts to the letter, outer blanks aside."""
    if kind == "boolean":
        truth = _truth(wanted)
        return truth is not None and truth == _truth(found)
    if kind in ("integer", "number"):
        number = _decimal(wanted)
        return number is not None and number == _decimal(found)
    if kind == "list":
        return {p.casefold() for p in parts(wanted)} == {p.casefold() for p in parts(found)}
    return wanted.strip() == found.strip()


def check(kind: Kind, text: str, name: str) -> str:
    """`text`, if it is a value of its kind.

    Raises:
        ForecourtError: it is not.
    """
    wrong = ""
    if kind == "integer":
        number = _decimal(text)
        wrong = "" if number is not None and number == number.to_integral_value() else "a whole number"
    elif kind == "number":
        wrong = "" if _decimal(text) is not None else "a number"
    elif kind == "boolean":
        wrong = "" if _truth(text) is not None else "true or false"
    if wrong:
        raise ForecourtError(f"{name} takes {wrong}, and {text!r} is none.")
    return text


def short(kind: Kind, wanted: str, found: str) -> str:
    """A found value for a narrow cell: a list by how much of the wanted one it has."""
    if kind != "list":
        return found
    want = {p.casefold() for p in parts(wanted)}
    return f"{len(want & {p.casefold() for p in parts(found)})} of {len(want)}"


def joined(items: Sequence[str]) -> str:
    """Up to three values for a sentence."""
    shown = ", ".join(items[:3])
    return shown if len(items) <= 3 else f"{shown} and {len(items) - 3} more"
