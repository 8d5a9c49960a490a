"""Looks at this machine as a station would: reachable, listening, let through, on time."""

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from app.checks import Verdict, machine_checks
from app.onboarding.addresses import EVERYWHERE, only_here, with_hosts
from app.onboarding.firewall import Firewall, asked, find_firewall
from app.onboarding.interfaces import Reach, machine_reaches
from app.onboarding.remedies import Remedy
from app.protocol.handshake import is_loopback
from app.settings import Settings

CONNECT_S = 1.0
WAYS = ("same-network", "mobile", "internet")
"""How stations reach this machine: same router, private mobile network, public internet."""


class State(StrEnum):
    """How a check came out. Only BLOCKED stands in the way; SETTLE is worth a click."""

    BLOCKED = "blocked"
    SETTLE = "settle"
    PASSED = "passed"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        remedy: one click that settles it, None where there is none or nothing to do.
        command: what to enter in a terminal, "" where nothing.
    """

    key: str
    state: State
    title: str
    text: str
    remedy: Remedy | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of the machine, gathered by `look`; the checks are a function of it.

    Attributes:
        urls: the listeners.
        reaches: the machine's addresses.
        opened: per URL as a station dials it, "" where a call came through, else why not.
        callers: addresses that called within the last hour.
        firewall: the one that is on.
    """

    urls: tuple[str, ...]
    reaches: tuple[Reach, ...]
    opened: tuple[tuple[str, str], ...]
    callers: tuple[str, ...] = ()
    firewall: Firewall | None = None
    stay_awake: bool = True
    starts_itself: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All checks, those to settle first, and the addresses stations can call."""

    checks: tuple[Check, ...]
    urls: tuple[str, ...]
    reaches: tuple[Reach, ...]

    def count(self, *states: State) -> int:
        """How many checks came out so."""
        return sum(1 for check in self.checks if check.state in states)


def look(
    settings: Settings, urls: Sequence[str], callers: Iterable[str], way: str = "same-network"
) -> Report:
    """Look at everything. Takes up to some seconds: for a worker thread.

    Args:
        settings: those that hold.
        urls: where the server listens now.
        callers: addresses that have called.
        way: one of `WAYS`.
    """
    reaches = machine_reaches()
    dialled = with_hosts(tuple(urls), tuple(r.host for r in reaches))
    ports = tuple(dict.fromkeys(port for url in urls if (port := urlsplit(url).port)))
    unit = asked(("systemctl", "--user", "is-enabled", "forecourt"))
    probe = Probe(
        tuple(urls),
        reaches,
        tuple((url, dial(url)) for url in dialled),
        tuple(callers),
        find_firewall(ports),
        settings.window.stay_awake,
        unit == "enabled",
    )
    found = (*checks(probe, way), *_of_machine(settings))
    order = list(State)
    return Report(tuple(sorted(found, key=lambda c: order.index(c.state))), dialled, reaches)


def dial(url: str, connect: Callable[..., socket.socket] = socket.create_connection) -> str:
    """Call a listener as a station would, and hang up: "" where it answers, else why not."""
    parts = urlsplit(url)
    try:
        connect((parts.hostname, parts.port), timeout=CONNECT_S).close()
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return "refused" if error.errno == errno.ECONNREFUSED else (error.strerror or "unreachable")
    return ""


def checks(probe: Probe, way: str) -> tuple[Check, ...]:
    """What the probe means for the way stations come. Pure."""
    found = [_listens(probe), _network(probe), _firewall(probe)]
    lent = [reach for reach in probe.reaches if reach.lent_s is not None and ":" not in reach.host]
    if lent:
        found.append(
            Check(
                "lent",
                State.SETTLE,
                "Address may change",
                f"The router lends {lent[0].host} for {_hours(lent[0].lent_s or 0)}, then may give another.",
                Remedy("how-to-keep", "How to keep it", here=True),
            )
        )
    elif probe.reaches:
        found.append(Check("lent", State.PASSED, "Address stays", f"{probe.reaches[0].host} is not lent."))
    found.append(_awake(probe))
    found.append(_starts(probe))
    found.append(_outside(probe, way))
    return tuple(found)


def _listens(probe: Probe) -> Check:
    if not probe.urls:
        return Check(
            "listens",
            State.BLOCKED,
            "The server does not listen",
            "No station can call it now.",
            Remedy("choose-address", "Choose the address…", here=True),
        )
    ports = " and ".join(
        f"{urlsplit(u).port} {'TLS' if u.startswith('wss') else 'plain'}" for u in probe.urls
    )
    closed = [(url, why) for url, why in probe.opened if why]
    if closed:
        url, why = closed[0]
        return Check(
            "listens",
            State.BLOCKED,
            "A listener does not answer",
            f"A call to {url} ended: {why}.",
            Remedy("choose-address", "Choose the address…", here=True),
        )
    calls = len(probe.opened)
    text = f"Port {ports}. A test call came through on {'each address' if calls > 1 else 'its address'}."
    return Check("listens", State.PASSED, "Forecourt listens", text)


def _network(probe: Probe) -> Check:
    if only_here(probe.urls):
        return Check(
            "network",
            State.SETTLE,
            "Only this machine can call",
            "It listens on the loopback address.",
            Remedy("listen-network", "Listen on the network"),
        )
    if not probe.reaches:
        return Check("network", State.BLOCKED, "No network", "Connect a cable or join a Wi-Fi.")
    hosts = [urlsplit(url).hostname or "" for url in probe.urls]
    near = [reach for reach in probe.reaches if any(h in (reach.host, *EVERYWHERE) for h in hosts)]
    words = ", ".join(f"{reach.host} {reach.network}".strip() for reach in near[:3])
    return Check("network", State.PASSED, "Stations can call", f"{words or hosts[0]}.")


def _firewall(probe: Probe) -> Check:
    far = [peer for peer in probe.callers if peer and not is_loopback(peer)]
    own = {reach.host for reach in probe.reaches}
    strangers = [peer for peer in far if peer not in own]
    if strangers:
        return Check(
            "firewall", State.PASSED, "Firewall lets stations in", f"{strangers[0]} has come through."
        )
    if probe.firewall is None:
        return Check(
            "firewall",
            State.PASSED,
            "No firewall found on this machine",
            "One in the router would show once a station calls.",
        )
    return Check(
        "firewall",
        State.SETTLE,
        f"{probe.firewall.name} is on",
        "Nobody has come through it yet. This command lets stations in.",
        Remedy("copy-command", "Copy command", probe.firewall.command, here=True),
        probe.firewall.command,
    )


def _awake(probe: Probe) -> Check:
    if probe.stay_awake:
        return Check("awake", State.PASSED, "Stays awake", "Kept from sleeping while the window serves.")
    return Check(
        "awake",
        State.SETTLE,
        "Machine may sleep",
        "Stations lose their connection each time it sleeps.",
        Remedy("stay-awake", "Stay awake", here=True),
    )


def _starts(probe: Probe) -> Check:
    if probe.starts_itself:
        return Check("starts", State.PASSED, "Starts with the machine", "As a background service.")
    command = "systemctl --user enable --now forecourt"
    return Check(
        "starts",
        State.NOT_NEEDED,
        "Starts when you open it",
        "A background service can serve also after a power cut; the README says how.",
        None,
        command,
    )


def _outside(probe: Probe, way: str) -> Check:
    if way == "same-network":
        return Check(
            "outside",
            State.NOT_NEEDED,
            "Reachable from outside",
            "Only for mobile network and internet, not tested.",
        )
    if way == "mobile":
        tunnel = [r for r in probe.reaches if r.network.startswith(("Tunnel", "Mobile"))]
        if tunnel:
            return Check("outside", State.PASSED, "Tunnel stands", f"{tunnel[0].host} {tunnel[0].network}.")
        return Check("outside", State.SETTLE, "No tunnel found", "Start the tunnel of your SIM provider.")
    public = [reach for reach in probe.reaches if not reach.private]
    plain = any(url.startswith("ws://") for url in probe.urls)
    if public and plain:
        return Check(
            "outside",
            State.SETTLE,
            "Anybody can listen in",
            f"{public[0].host} is public and a listener has no TLS: use wss:// there.",
        )
    if public:
        return Check("outside", State.PASSED, "Has a public address", f"{public[0].host}, with TLS.")
    return Check(
        "outside",
        State.SETTLE,
        "Behind a router",
        "All addresses are private: have the router pass the port on to this machine.",
    )


def _of_machine(settings: Settings) -> tuple[Check, ...]:
    titles = {
        "disk": ("Room for the records", "Little room for the records"),
        "certificate": ("Certificate is good", "Certificate needs care"),
        "clock": ("Clock is right", "Clock may be wrong"),
    }
    states = {Verdict.FINE: State.PASSED, Verdict.WARNS: State.SETTLE, Verdict.BLOCKS: State.BLOCKED}
    found = []
    for one in machine_checks(settings):
        good, bad = titles.get(one.name, (one.name.capitalize(), one.name.capitalize()))
        text = one.found[:1].upper() + one.found[1:]
        if one.remedy:
            text += f". {one.remedy[:1].upper()}{one.remedy[1:]}"
        found.append(
            Check(one.name, states[one.verdict], good if one.verdict is Verdict.FINE else bad, f"{text}.")
        )
    return tuple(replace(check, text=check.text.replace("..", ".")) for check in found)


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds >= 7200 else f"{max(1, seconds // 60)} min"
