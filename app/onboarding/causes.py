"""Why a contact was turned away, as a kind with a title: the causes are the sentences of the door."""

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cause.

    Attributes:
        key: its name in this room.
        title: what a technician reads first.
        ours: whether the cure is here (True) or at the charger.
    """

    key: str
    title: str
    ours: bool = False


_ALL = (
    Kind("waiting", "Asks to be let in", True),
    Kind("unknown", "Not in your station list", True),
    Kind("refused", "Was refused before", True),
    Kind("retired", "Was retired", True),
    Kind("wrong-password", "Wrong password", True),
    Kind("no-password", "Sends no password", True),
    Kind("login", "Login cannot be read"),
    Kind("user-name", "Login names another station"),
    Kind("no-identity", "Address has no identity"),
    Kind("bad-identity", "Identity cannot be used"),
    Kind("odd-identity", "Identity has unusual characters", True),
    Kind("no-version", "Names no OCPP version", True),
    Kind("other-version", "Speaks another version"),
    Kind("tls-to-plain", "Speaks TLS to the plain port"),
    Kind("plain-to-tls", "Speaks plain to the TLS port"),
    Kind("certificate", "Certificate not trusted"),
    Kind("tls-clock", "Takes our certificate for expired"),
    Kind("tls-old", "TLS is too old"),
    Kind("tls", "TLS failed"),
    Kind("browser", "A web page, not a charger"),
    Kind("not-websocket", "Not a WebSocket"),
    Kind("bad-request", "Request cannot be read"),
    Kind("too-large", "Request is too large"),
    Kind("blocked", "Too many failed logins", True),
    Kind("identity-used", "Two chargers use this identity", True),
    Kind("crowded", "Too many from this address"),
    Kind("door-full", "Too many wait at the door"),
    Kind("broke-off", "Broke off"),
    Kind("busy", "Forecourt was busy"),
    Kind("held-off", "Held off for a test"),
    Kind(OTHER, "Turned away"),
)
KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}

# Part of the door's sentence, and the kind it means. The first that fits wins.
_WORDS: tuple[tuple[str, str], ...] = (
    ("Unknown station", "unknown"),
    ("was refused", "refused"),
    ("was retired", "retired"),
    ("Wrong password", "wrong-password"),
    ("sends no password", "no-password"),
    ("Authorization header", "login"),
    ("user name in the login", "user-name"),
    ("sent no identity", "no-identity"),
    ("characters OCPP does not allow", "odd-identity"),
    ("does not allow", "bad-identity"),
    ("The identity", "bad-identity"),
    ("The URL holds", "bad-identity"),
    ("no Sec-WebSocket-Protocol", "no-version"),
    ("offers only", "other-version"),
    ("speaks TLS to a plain port", "tls-to-plain"),
    ("spoke plain ws://", "plain-to-tls"),
    ("did not speak TLS", "plain-to-tls"),
    ("does not trust", "certificate"),
    ("may not trust", "certificate"),
    ("for expired", "tls-clock"),
    ("older than 1.2", "tls-old"),
    ("does not accept our TLS version", "tls-old"),
    ("no cipher in common", "tls-old"),
    ("TLS failed", "tls"),
    ("web page", "browser"),
    ("A plain web request", "not-websocket"),
    ("'Connection: Upgrade'", "not-websocket"),
    ("not a GET", "not-websocket"),
    ("upgrade request is not valid", "bad-request"),
    ("not valid HTTP", "bad-request"),
    ("messages before it is let in", "bad-request"),
    ("too large", "too-large"),
    ("too many headers", "too-large"),
    ("Too many failed logins", "blocked"),
    ("Two stations use this identity", "identity-used"),
    ("connected from this address", "crowded"),
    ("callers of this address", "crowded"),
    ("already wait to be let in", "door-full"),
    ("callers wait to be let in", "door-full"),
    ("All places for connections", "door-full"),
    ("broke off", "broke-off"),
    ("not finished in time", "broke-off"),
    ("could not be checked in time", "busy"),
    ("being checked at once", "busy"),
    ("see its log", "busy"),
    ("is stopping", "busy"),
    ("Held off", "held-off"),
)


def kind_of(cause: str) -> Kind:
    """The kind of a cause as the door words it."""
    if cause == "waiting":
        return KINDS["waiting"]
    for words, key in _WORDS:
        if words in cause:
            return KINDS[key]
    return KINDS[OTHER]
