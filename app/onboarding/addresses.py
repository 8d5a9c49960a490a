"""The address to type into a charger. Pure."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from app.protocol.handshake import is_loopback

EVERYWHERE = ("0.0.0.0", "::")


def address_for(url: str, identity: str = "") -> str:
    """A listener's URL with the path and, where known, the identity behind it (1.6J section 3.1.1)."""
    base = url if url.endswith("/") else f"{url}/"
    if urlsplit(base).path == "/":
        base += "ocpp/"
    return base + quote(identity, safe="") if identity else base


def with_hosts(urls: tuple[str, ...], hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Listeners' URLs as a charger can call them: "every address" is told as each of `hosts`."""
    told: list[str] = []
    for url in urls:
        parts = urlsplit(url)
        if parts.hostname not in EVERYWHERE:
            told.append(url)
            continue
        fitting = [h for h in hosts if ":" not in h or parts.hostname == "::"] or ["127.0.0.1"]
        told += [f"{parts.scheme}://{_bracketed(host)}:{parts.port}/" for host in fitting]
    return tuple(dict.fromkeys(told))


def only_here(urls: Sequence[str]) -> bool:
    """Whether nobody but this machine reaches listeners with these URLs; False where there is none."""
    hosts = [urlsplit(url).hostname or "" for url in urls]
    return bool(hosts) and all(is_loopback(host) or host == "localhost" for host in hosts)


def url_here(urls: Sequence[str]) -> str:
    """The first listener without TLS, as this machine itself calls it; "" where there is none."""
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "ws":
            host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(parts.hostname or "", parts.hostname or "")
            return f"ws://{_bracketed(host)}:{parts.port}/"
    return ""


def variants(url: str, identity: str) -> tuple[tuple[str, str], ...]:
    """Ways in which chargers want the address, each with when to use it; the usual one first."""
    whole, base = address_for(url, identity), address_for(url)
    parts = urlsplit(base)
    return (
        ("The charger has one field for all of it", whole),
        ("The charger adds its identity by itself", base),
        ("As above, and it adds the slash too", base.rstrip("/")),
        ("Separate fields: host, port, path", f"{parts.hostname}   {parts.port}   {parts.path}"),
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
