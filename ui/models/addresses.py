"""The addresses of this machine that a station could call."""

from dataclasses import dataclass

from PySide6.QtNetwork import QNetworkInterface

from ui.models.door import choice_of

EVERYWHERE = ("0.0.0.0", "::")
LOCAL = ("127.0.0.1", "::1")
LOCAL_ONLY = "this machine only"


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to this machine: an address and the network it belongs to, in words."""

    host: str
    network: str

    @property
    def local(self) -> bool:
        """Whether only programs on this machine reach it."""
        return self.host in LOCAL


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


def typed_urls(urls: tuple[str, ...], reaches: tuple[Reach, ...]) -> tuple[str, ...]:
    """The listeners' URLs as a charger can call them: "every address" is told as each of them."""
    told: list[str] = []
    for url in urls:
        choice = choice_of(url)
        if choice is None or choice.host not in EVERYWHERE:
            told.append(url)
            continue
        scheme = url.split("://", 1)[0]
        four = choice.host == "0.0.0.0"
        mine = [reach for reach in reaches if not reach.local and (":" not in reach.host or not four)]
        hosts = [f"[{r.host}]" if ":" in r.host else r.host for r in mine] or ["127.0.0.1"]
        told += [f"{scheme}://{host}:{choice.port}/" for host in hosts]
    return tuple(dict.fromkeys(told))


def reach_words(url: str, reaches: tuple[Reach, ...]) -> str:
    """Who reaches a listener, in words."""
    choice = choice_of(url)
    if choice is None:
        return ""
    if choice.host in LOCAL or choice.host == "localhost":
        return LOCAL_ONLY
    if choice.host in EVERYWHERE:
        return "every network of this machine"
    return next(
        (reach.network for reach in reaches if reach.host == choice.host), "one address of this machine"
    )
