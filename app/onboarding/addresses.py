"""The address to type into a charger. Pure."""

from urllib.parse import quote, urlsplit

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
