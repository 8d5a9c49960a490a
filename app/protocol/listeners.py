"""Addresses to listen on: how they are written, opened and shown, and how many sockets there may be."""

import contextlib
import errno
import socket
from typing import NamedTuple

from app.domain.errors import ForecourtError, PortTaken


class Address(NamedTuple):
    """Where to listen. Port 0 takes any free one."""

    host: str
    port: int
    tls: bool = False

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read "HOST:PORT", "ws://HOST:PORT" or "wss://HOST:PORT"; IPv6 in brackets.

        Raises:
            ForecourtError: the text is none of these.
        """
        rest = text.strip().rstrip("/")
        tls = rest.startswith("wss://")
        rest = rest.removeprefix("wss://").removeprefix("ws://")
        host, colon, port = rest.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65_535 or "/" in host:
            raise ForecourtError(f"'{text}' is no address to listen on; write HOST:PORT, as 127.0.0.1:9220.")
        return cls(host.strip("[]") or "0.0.0.0", int(port), tls)

    def url(self) -> str:
        """What stations dial."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'wss' if self.tls else 'ws'}://{host}:{self.port}/"


def bind(address: Address, backlog: int) -> socket.socket:
    """A listening socket.

    Raises:
        PortTaken: the address is in use, needs more rights, or is not of this machine.
    """
    where = f"{address.host}:{address.port}"
    try:
        family, _, _, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as exc:
        raise PortTaken(f"{where} is no address of this machine.") from exc
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(place)
        sock.listen(backlog)
    except OSError as exc:
        sock.close()
        if exc.errno == errno.EADDRINUSE:
            raise PortTaken(f"{where} is in use by another program; choose another port.") from exc
        if exc.errno == errno.EACCES:
            raise PortTaken(f"{where} needs administrator rights; choose a port above 1023.") from exc
        raise PortTaken(f"{where} is no address of this machine.") from exc
    sock.setblocking(False)
    return sock


def room_for_sockets(spare: int) -> int:
    """Raise the limit of open files to what the system allows; how many sockets then fit. 0: unknown."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = 1 << 20
    if soft < hard:
        with contextlib.suppress(ValueError, OSError):  # some systems name a limit they do not allow
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, soft - spare if soft > 2 * spare else soft // 2)
