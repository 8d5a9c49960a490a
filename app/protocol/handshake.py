"""The opening handshake as a pure function: who is calling, by what name, and why not.

Every refusal carries an HTTP status, its cause in plain words for the operator, and the id of the
remedy the window can offer ("" where the cure is at the station).
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from app.protocol.versions import VERSION_OF

_HOST = re.compile(r"^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(?::\d{1,5})?$")
REALM = 'Basic realm="Forecourt", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class Handshake:
    """A station at the door, before anybody has decided anything.

    `identity` is the last segment of the URL, decoded once, and never changes afterwards (T4).
    `odd` marks a name outside the alphabet of OCPP 2.x, which only an operator may have registered.
    """

    identity: str
    path: str
    peer: str
    """The address, without its port."""
    port: int
    tls: bool
    offered: tuple[str, ...] = ()
    """Subprotocols in the station's order of preference."""
    username: str | None = None
    password: bytes | None = field(default=None, repr=False)
    login_fault: str = ""
    """Why the Authorization header could not be read."""
    odd: bool = False
    user_agent: str = ""
    host: str = ""
    """The host that was called, without its port; "" where the caller did not say."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turned away with `status`; 0 where there was no HTTP to answer."""

    status: int
    cause: str
    remedy: str = ""
    """"accept", "set-password", "assume-1.6", "use-identity" or ""."""
    headers: tuple[tuple[str, str], ...] = ()
    quirk: str = ""


@dataclass(frozen=True, slots=True)
class Admit:
    """Let in.

    Attributes:
        station: the registered spelling of the identity; "" takes the one in the URL.
        registered: whether the identity is known; an odd one must be.
        pinned: the only subprotocol to speak with it, "" for the station's choice.
        assume_16: take it for OCPP 1.6 where it names no subprotocol (Q02).
        strict: refuse every violation of this station's payloads.
        registration: the last answer to a boot ("Pending", ...), "" if none is known.
        quirks: oddities of the login, e.g. Q04 for another case, Q06 for another password form.
    """

    station: str = ""
    registered: bool = True
    pinned: str = ""
    assume_16: bool = False
    strict: bool = False
    registration: str = ""
    quirks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who was turned away, when, and why: one line of the operator's list."""

    at_ms: int
    peer: str
    port: int
    tls: bool
    identity: str
    path: str
    status: int
    cause: str
    remedy: str = ""
    quirk: str = ""
    offered: tuple[str, ...] = ()
    sample: str = ""
    """The first bytes, escaped, where the request could not be read (Q07)."""


_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_STANDARD = re.compile(r"[A-Za-z0-9*\-_=+|@.]{1,48}\Z")
_LONGEST = 255

NO_IDENTITY = "The station sent no identity: append it to the URL."


def identify(path: str) -> tuple[str, bool, str] | Refuse:
    """The identity at the end of `path`, whether it is an odd one, and a quirk id or "" (Q04).

    The query is ignored, trailing slashes are dropped, the last segment is decoded once.
    """
    bare = path.partition("?")[0].partition("#")[0]
    segments = bare.split("/")
    if ".." in segments or "." in segments:
        return Refuse(400, "The URL holds '.' or '..' as a segment; that names no station.")
    trimmed = bare.rstrip("/")
    segment = trimmed.rpartition("/")[2]
    if not segment:
        return Refuse(404, NO_IDENTITY, "use-identity", quirk="Q05")
    if _PERCENT.search(segment) is not None:
        return Refuse(404, "The identity in the URL is not validly percent-encoded.", quirk="Q04")
    try:
        identity = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        return Refuse(404, "The identity in the URL is not UTF-8.", quirk="Q04")
    if not identity.strip():
        return Refuse(404, NO_IDENTITY, "use-identity", quirk="Q05")
    if any(not character.isprintable() for character in identity):
        return Refuse(404, "The identity in the URL holds control characters.", quirk="Q04")
    if len(identity) > _LONGEST:
        return Refuse(400, "The identity in the URL is too long; 48 characters are allowed.")
    if set(identity) & set("/\\:") or identity.startswith("."):
        return Refuse(400, "The identity holds '/', '\\' or ':' or begins with a dot, which is not allowed.")
    quirk = "Q04" if trimmed != bare or segment != identity else ""
    return identity, _STANDARD.match(identity) is None, quirk


def login(header: str | None) -> tuple[str | None, bytes | None, str]:
    """User name, password and fault of an `Authorization` header (HTTP Basic).

    Decoded to bytes and split at the first colon: a 1.6 key may hold any byte, also a colon (Q06).
    """
    if header is None:
        return None, None, ""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None, None, "The Authorization header is not HTTP Basic."
    try:
        pair = base64.b64decode(value.strip().encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None, None, "The Authorization header is not valid base64."
    name, colon, password = pair.partition(b":")
    if not colon:
        return None, None, "The Authorization header holds no colon between name and password."
    try:
        return name.decode("utf-8"), password, ""
    except UnicodeDecodeError:
        return None, None, "The user name in the Authorization header is not UTF-8."


def password_forms(presented: bytes) -> tuple[tuple[str, bytes], ...]:
    """The forms in which the same secret may be stored, the presented one first (Q06).

    1.6 keys are 16 to 20 bytes, sent as they are, or by many stations as their 32 to 40 hex digits.
    """
    forms = [("as sent", presented)]
    if 32 <= len(presented) <= 40 and len(presented) % 2 == 0:
        try:
            forms.append(("hex text of the key", bytes.fromhex(presented.decode("ascii"))))
        except (ValueError, UnicodeDecodeError):
            pass  # an ordinary password of that length
        else:
            other = presented.lower() if presented != presented.lower() else presented.upper()
            forms.append(("hex text in other case", other))
    if 16 <= len(presented) <= 20:
        forms.append(("bytes of the hex key", presented.hex().encode()))
        forms.append(("bytes of the hex key", presented.hex().upper().encode()))
    return tuple(forms)


def subprotocols(headers: Iterable[str]) -> tuple[str, ...]:
    """All offered subprotocols, from repeated headers and comma lists, in order."""
    names = (name.strip() for value in headers for name in value.split(","))
    return tuple(name for name in names if name)[:32]


def choose(offered: Sequence[str], admit: Admit) -> str | Refuse:
    """The subprotocol to speak: the pinned one if offered, else the station's first that we know."""
    known = [name for name in offered if name in VERSION_OF]
    if admit.pinned in known:
        return admit.pinned
    if known:
        return known[0]
    if admit.assume_16 and not offered:
        return ""
    if offered:
        names = ", ".join(repr(name[:40]) for name in offered[:5])
        return Refuse(
            400, f"The station offers only {names}; Forecourt speaks ocpp1.6, ocpp2.0.1 and ocpp2.1."
        )
    return Refuse(
        400,
        "The station offers no OCPP version (no Sec-WebSocket-Protocol header).",
        "assume-1.6",
        quirk="Q02",
    )


def upgrade_fault(connection: str, upgrade: str) -> str:
    """What is wrong with a request that is no WebSocket upgrade, in plain words (Q07)."""
    if upgrade.strip().lower() != "websocket":
        return "A plain web request, no WebSocket: the header 'Upgrade: websocket' is missing."
    if "upgrade" not in connection.lower():
        return "The header 'Connection: Upgrade' is missing from the upgrade request."
    return "The upgrade request is not valid."


def is_tls_hello(data: bytes) -> bool:
    """Whether the first bytes of a connection are a TLS ClientHello."""
    return len(data) >= 3 and data[0] == 0x16 and data[1] == 3 and data[2] <= 4


def escaped(data: bytes) -> str:
    """The first 200 bytes in a form that is safe to log and to show."""
    return ascii(bytes(data[:200]))[2:-1]


def called(hosts: Sequence[str]) -> str:
    """The host in a Host header, without port and brackets; "" where there is none that could be one."""
    found = _HOST.match(hosts[0].strip()) if hosts else None
    return found[1].strip("[]") if found else ""


@lru_cache(maxsize=4096)
def is_loopback(address: str) -> bool:
    """Whether `address` is of this machine."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
