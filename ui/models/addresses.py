"""The addresses of this machine that a station could call."""

from dataclasses import dataclass

from PySide6.QtNetwork import QNetworkInterface

from app.onboarding.addresses import EVERYWHERE, only_here
from ui.models.door import choice_of


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to this machine: an address and the network it belongs to, in words."""

    host: str
    network: str


def machine_addresses() -> tuple[Reach, ...]:
    """Addresses of networks that are up, IPv4 first. Asks the system, so not in the GUI thread."""
    found: list[Reach] = []
    for interface in QNetworkInterface.allInterfaces():
        flags = interface.flags()
        up = QNetworkInterface.InterfaceFlag.IsUp | QNetworkInterface.InterfaceFlag.IsRunning
        if flags & up != up or flags & QNetworkInterface.InterfaceFlag.IsLoopBack:
            continue
        for entry in interface.addressEntries():
            address = entry.ip()
            if address.isLinkLocal():
                continue
            found.append(Reach(address.toString(), _kind(interface)))
    four = [reach for reach in found if ":" not in reach.host]
    six = [reach for reach in found if ":" in reach.host]
    return (*four, *six)


def _kind(interface: QNetworkInterface) -> str:
    words = {
        QNetworkInterface.InterfaceType.Ethernet: "Ethernet",
        QNetworkInterface.InterfaceType.Wifi: "Wi-Fi",
        QNetworkInterface.InterfaceType.Virtual: "Tunnel or virtual network",
        QNetworkInterface.InterfaceType.Ppp: "Mobile or dial-up network",
    }
    return f"{words.get(interface.type(), 'Network')}, {interface.humanReadableName()}"


def reach_words(url: str, reaches: tuple[Reach, ...]) -> str:
    """Who reaches a listener, in words."""
    choice = choice_of(url)
    if choice is None:
        return ""
    if only_here((url,)):
        return "this machine only"
    if choice.host in EVERYWHERE:
        return "every network of this machine"
    return next(
        (reach.network for reach in reaches if reach.host == choice.host), "one address of this machine"
    )
