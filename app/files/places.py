"""Where the file server listens, and what it is called from outside."""

from collections.abc import Sequence

from app.protocol.listeners import Address

HIGHEST = 65_535


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
