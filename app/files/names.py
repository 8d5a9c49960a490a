"""Names that strangers chose, made harmless. Files on disk are named by us; the given name is a column."""

import hashlib
import re
import unicodedata

LONGEST = 120
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"((?:\.(?:tar|log|json|csv|txt))?\.[A-Za-z0-9]{1,8})$")


def shown_name(given: str) -> str:
    """The last part of a path someone sent, without controls, bidi marks, separators and leading dots; "" if
    nothing is left of it. At most 120 characters."""
    last = re.split(r"[/\\]", given.strip())[-1]
    plain = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] not in "CZ" or c == " "
    )
    plain = re.sub(r'[<>:"|?*]', "_", plain).strip(" .")
    if _DEVICES.match(plain):
        plain = "_" + plain
    if len(plain) > LONGEST:
        ending = _ENDING.search(plain)
        tail = ending[1] if ending else ""
        plain = plain[: LONGEST - len(tail)] + tail
    return plain


def ending_of(name: str) -> str:
    """The ending worth keeping on disk (".zip", ".tar.gz"), ".bin" where the name has none."""
    found = _ENDING.search(name)
    return found[1].lower() if found else ".bin"


def folder_of(station: str) -> str:
    """The folder of a station's files: its identity, where that is a safe name on every system, else with
    what is unsafe replaced and a few digits of its hash, so that two never share one."""
    plain = re.sub(r"[^A-Za-z0-9._=@+-]", "_", station).lstrip(".")[:60]
    if plain == station and plain == plain.lower() and plain != "firmware" and not _DEVICES.match(plain):
        return plain
    return f"{plain or 'station'}-{hashlib.sha256(station.encode()).hexdigest()[:8]}".lower()
