"""Which firewall stands before this machine, and the exact command that lets stations through."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

UFW = Path("/etc/ufw/ufw.conf")
ASKED_S = 3.0


@dataclass(frozen=True, slots=True)
class Firewall:
    """A firewall that is on. `command` lets the ports in."""

    name: str
    command: str


Ask = Callable[[Sequence[str]], str]
"""Runs a command and returns what it says, "" where it cannot be run."""


def asked(command: Sequence[str]) -> str:
    """What a command of the system says; "" where there is none, it fails or takes too long."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(list(command), capture_output=True, text=True, timeout=ASKED_S)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def find_firewall(
    ports: Sequence[int], ask: Ask = asked, ufw: Path = UFW, platform: str = sys.platform
) -> Firewall | None:
    """The firewall that is on, None where none is known to be.

    Args:
        ports: those that stations call.
        ask: runs a command.
        ufw: the settings of ufw, which everybody may read.
        platform: as `sys.platform`.
    """
    if platform == "win32":
        if "ON" not in ask(("netsh", "advfirewall", "show", "currentprofile", "state")).upper().split():
            return None
        joined = ",".join(str(port) for port in ports)
        rule = "netsh advfirewall firewall add rule name=Forecourt dir=in action=allow protocol=TCP"
        return Firewall("Windows Firewall", f"{rule} localport={joined}")
    if platform == "darwin":
        tool = "/usr/libexec/ApplicationFirewall/socketfilterfw"
        if "enabled" not in ask((tool, "--getglobalstate")).lower():
            return None
        return Firewall("macOS firewall", f"sudo {tool} --unblockapp {sys.executable}")
    if _ufw_is_on(ufw):
        return Firewall("ufw", " && ".join(f"sudo ufw allow {port}/tcp" for port in ports))
    if ask(("systemctl", "is-active", "firewalld")) == "active":
        opened = " ".join(f"--add-port={port}/tcp" for port in ports)
        return Firewall("firewalld", f"sudo firewall-cmd --permanent {opened} && sudo firewall-cmd --reload")
    return None


def _ufw_is_on(path: Path) -> bool:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return False
    return any(line.replace(" ", "").lower() == "enabled=yes" for line in lines)
