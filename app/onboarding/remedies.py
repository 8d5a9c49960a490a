"""What mends a contact: which remedies fit a cause. The repair behind each is in `repairs`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.fleet.views import ServerView
from app.onboarding.addresses import address_for


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to click.

    Attributes:
        key: what it does.
        word: on its button.
        argument: what it needs beside the row (another station, an address).
        asks: a sentence to agree to first, "" if it can be done at once.
        here: done in the window alone (copied, shown, saved), not in the core.
    """

    key: str
    word: str
    argument: str = ""
    asks: str = ""
    here: bool = False


_SIMPLE: Mapping[str, Remedy] = {
    "certificate": Remedy("save-certificate", "Save certificate", here=True),
    "tls-clock": Remedy("check-network", "Check our clock", here=True),
    "clock": Remedy("set-clock", "Set clock now"),
    "mixed": Remedy("pin", "Pin OCPP 1.6", "ocpp1.6"),
    "silent": Remedy("ask-boot", "Ask it now"),
}
"""Kinds whose one remedy is always the same."""


def remedies_for(
    kind: str,
    identity: str,
    peer: str,
    server: ServerView,
    like: tuple[str, ...],
    *,
    sends_password: bool = False,
) -> tuple[Remedy, ...]:
    """The remedies of a cause, the main one first."""
    link = tuple(
        Remedy("link", f"Link to {name}", name, f"{identity} will be {name} from now on, with its history.")
        for name in like
    )
    match kind:
        case "waiting" | "unknown" | "odd-identity":
            return (Remedy("accept", "Add as new station"), *link[:1])
        case "path":
            return (_address(server), *link[:1])
        case "refused":
            return (Remedy("accept", "Let it in"), *link[:1])
        case "retired":
            return (Remedy("accept", "Bring it back"), *link[:1])
        case "wrong-password" | "blocked":
            own = Remedy(
                "trust-password", "Use the one it sends", "",
                f"The password that the charger at {peer} sends becomes the right one for {identity}.",
            )  # fmt: skip
            return (Remedy("new-password", "Issue new password"), *((own,) if sends_password else ()))
        case "no-password" | "login" | "user-name":
            none = Remedy(
                "no-password", "Let it in without", "",
                f"Anyone who knows the identity {identity} could then call in its name.",
            )  # fmt: skip
            return (Remedy("new-password", "Issue new password"), none)
        case "no-version":
            return (Remedy("assume-1.6", "Take it for OCPP 1.6"),) if identity else (_address(server),)
        case "no-identity" | "bad-identity" | "tls-to-plain" | "plain-to-tls" | "not-websocket":
            return (_address(server, like[0] if len(like) == 1 else identity, kind),)
        case "identity-used":
            return (
                Remedy("free-identity", "Let the other one in", "",
                       f"The charger that now holds {identity} is disconnected once."),
            )  # fmt: skip
    return (_SIMPLE.get(kind, Remedy("ignore", "Ignore")),)


def _address(server: ServerView, identity: str = "", kind: str = "") -> Remedy:
    tls = {"tls-to-plain": True, "plain-to-tls": False}.get(kind)
    fitting = [url for url in server.urls if tls is None or (urlsplit(url).scheme == "wss") is tls]
    url = (fitting or list(server.urls) or [""])[0]
    word = "Copy right address"
    if tls is True and not fitting:
        word = "Copy address without TLS"
    return Remedy("copy-address", word, address_for(url, identity) if url else "", here=True)
