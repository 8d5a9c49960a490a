"""One-time addresses: how they are made, read back, and whom they let in. Pure.

The secret stands in the path as `token=…`, a form that Forecourt's redaction hides wherever a message
with it is kept or logged; what is kept is its SHA-256 alone.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

from app.domain.records import FileRecord

HOUR_MS = 3_600_000
_TARGET = re.compile(r"^(?:/[^?#]*)?/token(?:=|%3[Dd])([A-Za-z0-9_-]{43})(?:/+)?([^?#]*)")
UPLOADS = ("log", "diagnostics", "security-log")
OPEN = ("asked", "receiving", "failed")
"""States in which an upload may (again) be tried: it counts once it is complete."""


def new_token() -> str:
    """256 random bits as 43 characters that no URL has to escape."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(base: str, token: str, name: str = "") -> str:
    """The address below `base` (`http://HOST:PORT`). An upload's ends in a slash, because some stations
    append a file name and some do not."""
    return f"{base}/token={token}/{quote(name, safe='')}"


class Target(NamedTuple):
    """A request's target that could be one of ours."""

    token_hash: str
    name: str


def read_target(target: str) -> Target | None:
    """The hash of a target's token and the file name behind it; None where it holds no token.

    What stands before the token does not matter: a proxy may have left its own path there.
    """
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    found = _TARGET.match(target)
    if found is None:
        return None
    return Target(hash_of(found[1]), unquote(found[2], errors="replace").rstrip("/"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further: HTTP's word for it and a plain sentence."""

    status: int
    sentence: str
    headers: tuple[tuple[str, str], ...] = ()
    note: bool = False
    """Whether the operator should read of it on the file's row."""


def judge(
    record: FileRecord | None, method: str, peer: str, own: Iterable[str], others: Iterable[str], now_ms: int,
    *, from_anywhere: bool = False,
) -> Refusal | None:  # fmt: skip
    """Whether a request may use an address; None if it may.

    Args:
        record: the address, None where there is none.
        method: of the request.
        peer: who asks, an IP address.
        own: where the station's link comes from, now and when the address was made.
        others: where the links of all other stations come from.
        now_ms: now.
        from_anywhere: an address nobody's link comes from will do (networks that change addresses).
    """
    if record is None:
        return Refusal(404, "There is nothing here.")
    wanted = ("GET", "HEAD") if record.kind == "firmware" else ("PUT", "POST")
    if method not in wanted:
        allow = (("Allow", ", ".join(wanted)),)
        return Refusal(405, f"This address takes {' and '.join(wanted)} only.", allow)
    if now_ms >= record.expires_ms:
        return Refusal(410, "This address has expired.", note=True)
    mine = {address for address in own if address}
    if peer not in mine and ((mine and not from_anywhere) or peer in set(others)):
        return Refusal(
            403, f"This address is for {record.station}, whose link comes from elsewhere.", note=True
        )
    if record.kind != "firmware" and record.state not in OPEN:
        return Refusal(410, "This address has been used.", note=True)
    return None
