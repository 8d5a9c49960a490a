"""Known breakages of JSON text, mended where that makes it parse (Q23). Pure."""

import re

import msgspec

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"'  # a whole string, left alone
    r"|([\[{])\s*,"  # a comma before the first element
    r"|:(?=\s*[,}\]])"  # a key without a value
)


def _mend(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return ":null" if found[0] == ":" else found[0]


def mended(text: str) -> str | None:
    """`text` with NULs and the byte order mark stripped, leading commas dropped, and empty values
    read as null; None unless that turned it from broken into JSON.
    """
    better = _TOKEN.sub(_mend, text.replace("\x00", "").lstrip("\ufeff"))
    if better == text:
        return None
    try:
        msgspec.json.decode(better)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return better
