"""Listening addresses: how they are read, opened and shown."""

import pytest

from app.domain.errors import ForecourtError, PortTaken
from app.protocol.listeners import Address, bind, room_for_sockets


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9220", Address("127.0.0.1", 9220)),
        ("ws://127.0.0.1:0/", Address("127.0.0.1", 0)),
        ("wss://0.0.0.0:9221", Address("0.0.0.0", 9221, tls=True)),
        ("[::1]:9220", Address("::1", 9220)),
        (":9220", Address("0.0.0.0", 9220)),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    """HOST:PORT, with ws:// or wss:// in front."""
    assert Address.parse(text) == address


@pytest.mark.parametrize("text", ["", "9220", "localhost", "a:b", "h:99999", "http://h:1", "h:1/path"])
def test_what_is_no_address(text: str) -> None:
    """One sentence that shows how it is written."""
    with pytest.raises(ForecourtError, match="HOST:PORT"):
        Address.parse(text)


def test_a_taken_port_is_named() -> None:
    """The sentence names the address; the socket is not leaked."""
    sock = bind(Address("127.0.0.1", 0), 5)
    port = sock.getsockname()[1]
    assert Address("127.0.0.1", port).url() == f"ws://127.0.0.1:{port}/"
    with pytest.raises(PortTaken, match=f"127.0.0.1:{port} is in use"):
        bind(Address("127.0.0.1", port), 5)
    sock.close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_another_machine(host: str) -> None:
    """One sentence, no traceback."""
    with pytest.raises(PortTaken, match="no address of this machine"):
        bind(Address(host, 0), 5)


def test_ipv6_urls_have_brackets() -> None:
    """So that they can be typed as they are shown."""
    assert Address("::1", 9220, tls=True).url() == "wss://[::1]:9220/"


def test_room_for_sockets() -> None:
    """The limit of open files is raised; some are kept back."""
    assert room_for_sockets(16) >= 16
