"""A text as its shape and the values in it: what stations say again and again differs in values only."""

import re
from collections.abc import Sequence
from operator import add

PLACE, NAME = "\0", "\1"
"""Where a value stands in a shape, and where the row's own message id does."""

_VALUES = re.compile(
    # Values follow these in JSON; beginning with few characters is what makes it quick.
    r'([":,\[](?=[0-9A-Fa-f-]))'
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z"
    r"|-?\d+(?:\.\d+)?(?![0-9A-Za-z_.+-])"
    r'|(?=[0-9]*[A-Fa-f-])[0-9A-Fa-f-]{8,}(?="))',
    re.ASCII,
)


def split(text: str, name: str) -> tuple[str, list[str]]:
    """Shape and values of a text; `name` is taken out where it stands in quotes for the first time."""
    if PLACE in text or NAME in text:
        return PLACE, [text]
    if name:
        text = text.replace(f'"{name}"', NAME, 1)
    parts = _VALUES.split(text)
    pieces = [*map(add, parts[:-1:3], parts[1::3]), parts[-1]]
    return PLACE.join(pieces), parts[2::3]


def join(parts: Sequence[str], values: Sequence[str], name: str) -> str:
    """The text again; `parts` is the shape cut at its places."""
    woven = [""] * (len(parts) + len(values))
    woven[::2] = parts
    woven[1::2] = values
    text = "".join(woven)
    if len(parts) == 2 and not parts[0] and not parts[1]:
        # A single value, which may be any text.
        return text
    return text.replace(NAME, f'"{name}"', 1) if NAME in text else text
