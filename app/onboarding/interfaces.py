"""The addresses of this machine that a station could call, found without a window or a library for it."""

import ipaddress
import json
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass

ASKED_S = 3.0
TEST_NETS = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation (RFC 5737, RFC 3849): a route to them is looked up, nothing is sent."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to this machine.

    Attributes:
        host: the address.
        network: its interface in words, "Ethernet (eth0)"; "" where the system does not tell.
        lent_s: for how many seconds the router lends the address; None where it stays, or is not told.
    """

    host: str
    network: str = ""
    lent_s: int | None = None

    @property
    def private(self) -> bool:
        """Whether the address means something only inside a network (RFC 1918, RFC 6598, RFC 4193)."""
        return not ipaddress.ip_address(self.host).is_global


def machine_reaches() -> tuple[Reach, ...]:
    """Addresses of networks that are up, IPv4 first, the default route's before others. Asks the system,
    so neither for the window's thread nor for the core's loop."""
    found = {reach.host: reach for reach in _told_by_ip()}
    for host in (*_routed(), *_named()):
        found.setdefault(host, Reach(host))
    first = _routed()
    usable = [reach for reach in found.values() if _usable(reach.host)]
    return tuple(sorted(usable, key=lambda r: (":" in r.host, r.host not in first)))


def read_ip(said: str) -> list[Reach]:
    """What `ip -j addr` says."""
    found = []
    for interface in json.loads(said):
        name = str(interface.get("ifname", ""))
        if "UP" not in interface.get("flags", ()) or "LOOPBACK" in interface.get("flags", ()):
            continue
        for address in interface.get("addr_info", ()):
            if address.get("temporary") or address.get("deprecated"):
                continue
            life = address.get("valid_life_time")
            lent = int(life) if address.get("dynamic") and isinstance(life, int) else None
            found.append(Reach(str(address.get("local", "")), _words(name), lent))
    return found


def _told_by_ip() -> list[Reach]:
    tool = shutil.which("ip") if sys.platform == "linux" else None
    if tool is None:
        return []
    try:
        done = subprocess.run([tool, "-j", "addr"], capture_output=True, text=True, timeout=ASKED_S)
        return read_ip(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []


def _routed() -> list[str]:
    """The addresses that calls from here would come from."""
    found = []
    for family, far in TEST_NETS:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue  # no route of that family
    return found


def _named() -> list[str]:
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in told]


def _usable(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return not (
        address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    )


def _words(name: str) -> str:
    kinds = (
        (("wl",), "Wi-Fi"),
        (("ww", "ppp"), "Mobile network"),
        (("tun", "tap", "wg", "tailscale", "zt"), "Tunnel"),
        (("docker", "br-", "virbr", "veth", "vmnet"), "Network of programs on this machine"),
        (("en", "eth"), "Ethernet"),
    )
    for heads, word in kinds:
        if name.startswith(heads):
            return f"{word} ({name})"
    return f"Network ({name})"
