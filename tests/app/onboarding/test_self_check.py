"""The machine as a station sees it: what is in the way, and the one thing that settles it."""

import socket
from pathlib import Path

from app.onboarding.firewall import Firewall, find_firewall
from app.onboarding.interfaces import Reach, machine_reaches, read_ip
from app.onboarding.self_check import Check, Probe, State, checks, dial, look
from app.settings import Settings

LAN = Reach("192.168.40.12", "Ethernet (enp3s0)")
EVERY = ("ws://0.0.0.0:9220/",)
DIALLED = (("ws://192.168.40.12:9220/", ""),)


def of(probe: Probe, way: str = "same-network") -> dict[str, Check]:
    """The checks by key."""
    return {check.key: check for check in checks(probe, way)}


def test_a_loopback_listener_is_settled_by_listening_on_the_network() -> None:
    """Stations cannot come in; the remedy is one click."""
    found = of(Probe(("ws://127.0.0.1:9220/",), (LAN,), (("ws://127.0.0.1:9220/", ""),)))["network"]
    assert found.state is State.SETTLE
    assert found.remedy is not None
    assert found.remedy.key == "listen-network"


def test_a_listener_that_does_not_answer_blocks() -> None:
    """The address and the reason are told."""
    found = of(Probe(EVERY, (LAN,), (("ws://192.168.40.12:9220/", "refused"),)))["listens"]
    assert found.state is State.BLOCKED
    assert "192.168.40.12" in found.text
    assert "refused" in found.text


def test_a_firewall_counts_until_a_station_has_come_through_it() -> None:
    """The exact command before; afterwards the caller is the proof. A call from itself proves nothing."""
    wall = Firewall("ufw", "sudo ufw allow 9220/tcp")
    before = of(Probe(EVERY, (LAN,), DIALLED, ("127.0.0.1", "192.168.40.12"), wall))["firewall"]
    assert before.state is State.SETTLE
    assert before.command == "sudo ufw allow 9220/tcp"
    after = of(Probe(EVERY, (LAN,), DIALLED, ("192.168.40.61",), wall))["firewall"]
    assert after.state is State.PASSED
    assert "192.168.40.61" in after.text


def test_the_firewall_of_each_system_is_found_with_its_command(tmp_path: Path) -> None:
    """ufw, firewalld, Windows; none where none is on."""
    on, off = tmp_path / "on", tmp_path / "off"
    on.write_text("# ufw\nENABLED=yes\n")
    off.write_text("ENABLED=no\n")

    def silent(command: object) -> str:
        return ""

    found = find_firewall((9220, 9443), silent, on, "linux")
    assert found == Firewall("ufw", "sudo ufw allow 9220/tcp && sudo ufw allow 9443/tcp")
    assert find_firewall((9220,), silent, off, "linux") is None
    red_hat = find_firewall((9220,), lambda c: "active" if "firewalld" in c else "", off, "linux")
    assert red_hat is not None
    assert "--add-port=9220/tcp" in red_hat.command
    windows = find_firewall((9220,), lambda c: "State    ON", off, "win32")
    assert windows is not None
    assert "localport=9220" in windows.command
    assert find_firewall((9220,), lambda c: "State    OFF", off, "win32") is None


def test_addresses_are_read_with_their_network_and_how_long_they_are_lent() -> None:
    """Loopback, links that are down and temporary addresses are left out."""
    said = """[
     {"ifname":"lo","flags":["LOOPBACK","UP"],"addr_info":[{"local":"127.0.0.1"}]},
     {"ifname":"wlp2s0","flags":["UP"],"addr_info":[
       {"local":"192.168.1.7","dynamic":true,"valid_life_time":25200},
       {"local":"2a02::1","temporary":true}]},
     {"ifname":"enp3s0","flags":["BROADCAST"],"addr_info":[{"local":"10.0.0.2"}]}]"""
    assert read_ip(said) == [Reach("192.168.1.7", "Wi-Fi (wlp2s0)", 25200)]
    lent = of(Probe(EVERY, tuple(read_ip(said)), DIALLED))["lent"]
    assert lent.state is State.SETTLE
    assert "7 h" in lent.text


def test_what_the_internet_needs_is_asked_only_there() -> None:
    """Behind a router the port has to be passed on; a public address without TLS is warned of."""
    assert of(Probe(EVERY, (LAN,), DIALLED))["outside"].state is State.NOT_NEEDED
    assert "router" in of(Probe(EVERY, (LAN,), DIALLED), "internet")["outside"].text
    public = of(Probe(EVERY, (Reach("8.8.4.4"),), DIALLED), "internet")["outside"]
    assert public.state is State.SETTLE
    assert "TLS" in public.text
    assert of(Probe(EVERY, (LAN,), DIALLED), "mobile")["outside"].state is State.SETTLE


def test_a_real_listener_is_called_on_its_address(tmp_path: Path) -> None:
    """A call comes through to an open port and not to a closed one; what to settle stands first."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"ws://127.0.0.1:{server.getsockname()[1]}/"
        assert dial(url) == ""
        report = look(Settings(data_dir=tmp_path), (url,), ())
    assert dial(url) == "refused"
    states = [list(State).index(check.state) for check in report.checks]
    assert states == sorted(states)
    assert report.urls == (url,)
    assert all(not reach.host.startswith("127.") for reach in machine_reaches())


def test_what_is_said_to_be_written_down_is_written_there() -> None:
    """ "The manual says how" sent people to a book that there is not."""
    told = of(Probe(EVERY, (LAN,), DIALLED))["starts"]
    assert "the README says how" in told.text
    assert told.command in Path(__file__).parents[3].joinpath("README.md").read_text(encoding="utf-8")
