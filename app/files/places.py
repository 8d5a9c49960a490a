"""Where the file server listens, and what it is called from outside."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.errors import ForecourtError
from app.protocol.listeners import Address

HIGHEST = 65_535
EVERYWHERE = ("0.0.0.0", "::")


class Link(Protocol):
    """What is needed of a station's link."""

    @property
    def peer(self) -> str:
        """Where it comes from."""

    @property
    def local(self) -> str:
        """The address of this machine it stands on."""

    @property
    def called(self) -> str:
        """The host it has called, as it wrote it; "" if that is unknown."""

    @property
    def tls(self) -> bool:
        """Whether it is encrypted."""


def parse(text: str) -> Address:
    """Read "HOST:PORT", "http://HOST:PORT" or "https://HOST:PORT"; IPv6 in brackets.

    Raises:
        ForecourtError: the text is none of these.
    """
    scheme, _, rest = text.strip().rpartition("://")
    return Address.parse({"": "", "http": "ws://", "https": "wss://"}.get(scheme, scheme + "://") + rest)


def beside(listen: Sequence[str]) -> list[Address]:
    """The places beside the OCPP listeners: same host, same encryption, the next free port number.

    Raises:
        ForecourtError: a listener cannot be read.
    """
    ocpp = list(dict.fromkeys(Address.parse(text) for text in listen))
    taken = {address.port for address in ocpp}
    found: list[Address] = []
    for address in ocpp:
        port = address.port + 1 if address.port else 0
        while port and port in taken:
            port += 1
        port = port if port <= HIGHEST else 0
        taken.add(port)
        found.append(address._replace(port=port))
    return found


def wanted(setting: str, listen: Sequence[str]) -> list[Address]:
    """Where to listen: as the setting `files.listen` says, or beside the OCPP listeners.

    Raises:
        ForecourtError: an address cannot be read.
    """
    named = [part.strip() for part in setting.split(",") if part.strip()]
    return [parse(part) for part in named] if named else beside(listen)


def base_of(address: Address, host: str) -> str:
    """`http://HOST:PORT` as a station must type it."""
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if address.tls else 'http'}://{shown}:{address.port}"


def base_for(station: str, link: Link | None, places: Sequence[Address], public_url: str = "") -> str:
    """What stands in front of a station's addresses: a place that it can reach, encrypted as its link is.

    Args:
        station: for the words of an error.
        link: its link; None while it is away.
        places: where the file server listens.
        public_url: what the operator says stands there; it goes before all else.

    Raises:
        ForecourtError: nothing listens, or it is not known by which address the station will come.
    """
    if public_url:
        return public_url.rstrip("/")
    if not places:
        raise ForecourtError("Stations cannot bring or fetch files: nothing listens for them.")
    if link is None:
        place = places[0]
        if place.host in EVERYWHERE:
            raise ForecourtError(
                f"{station} is not connected, so it is not known by which address it will come."
            )
        return base_of(place, place.host)
    alike = [place for place in places if place.tls == link.tls] or places
    fitting = [place for place in alike if place.host in (link.local, *EVERYWHERE)]
    place = (fitting or alike)[0]
    # A certificate names a host, so an encrypted station keeps to the name it has called.
    return base_of(place, (link.called if link.tls else "") or link.local or place.host)
