"""The handshake's pure part: identity, login, subprotocol."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.handshake import (
    Admit,
    Refuse,
    choose,
    escaped,
    identify,
    is_loopback,
    is_tls_hello,
    login,
    password_forms,
    subprotocols,
    upgrade_fault,
)


@pytest.mark.parametrize(
    ("path", "identity", "odd", "quirk"),
    [
        ("/AB", "AB", False, ""),
        ("/ocpp/AB", "AB", False, ""),
        ("/any/prefix/1.6/AB", "AB", False, ""),
        ("/ocpp/A%42/", "AB", False, "Q04"),
        ("/AB//", "AB", False, "Q04"),
        ("//AB", "AB", False, ""),
        ("/AB?key=1", "AB", False, ""),
        ("/RDAM%7C123", "RDAM|123", False, "Q04"),
        ("/a-b_c=d+e.f@g*h", "a-b_c=d+e.f@g*h", False, ""),
        ("/" + "x" * 48, "x" * 48, False, ""),
        ("/" + "x" * 49, "x" * 49, True, ""),
        ("/Depot%20North", "Depot North", True, "Q04"),
        ("/S%C3%A4ule", "Säule", True, "Q04"),
        ("/A%2542", "A%42", True, "Q04"),
    ],
)
def test_identities(path: str, identity: str, odd: bool, quirk: str) -> None:
    """The last segment, decoded once; odd names are marked, spellings counted (Q04)."""
    assert identify(path) == (identity, odd, quirk)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("", 404),
        ("/?id=AB", 404),
        ("/%20", 404),
        ("/ocpp/%ZZ", 404),
        ("/%4", 404),
        ("/%FF%FE", 404),
        ("/A%00B", 404),
        ("/A%0D%0AB", 404),
        ("/A%1B[31m", 404),
        ("/A%2FB", 400),
        ("/A%5CB", 400),
        ("/A:B", 400),
        ("/..", 400),
        ("/../AB", 400),
        ("/ocpp/./AB", 400),
        ("/.hidden", 400),
        ("/%2E%2E", 400),
        ("/%2e%2e%2fetc", 400),
        ("/" + "x" * 300, 400),
    ],
)
def test_names_that_no_station_has(path: str, status: int) -> None:
    """Bad encoding, control characters, traversal and emptiness are refused with their cause (T4)."""
    refused = identify(path)
    assert isinstance(refused, Refuse)
    assert refused.status == status
    assert refused.cause.endswith(".")


def test_an_empty_identity_says_what_to_do() -> None:
    """The operator learns how to mend it (Q05)."""
    refused = identify("/")
    assert isinstance(refused, Refuse)
    assert "append it to the URL" in refused.cause
    assert refused.remedy == "use-identity"
    assert refused.quirk == "Q05"


@given(st.text())
def test_no_path_crashes(path: str) -> None:
    """Whatever the path, it is an identity or a refusal."""
    found = identify(path)
    if not isinstance(found, Refuse):
        assert found[0]
        assert "/" not in found[0]
        assert found[0].isprintable()


def basic(pair: bytes) -> str:
    """An Authorization header."""
    return "Basic " + base64.b64encode(pair).decode()


@pytest.mark.parametrize(
    ("header", "name", "password"),
    [
        (basic(b"AB:secret"), "AB", b"secret"),
        (basic(b"AB:se:cr:et"), "AB", b"se:cr:et"),
        (basic(b"AB:\xff\x00\x01"), "AB", b"\xff\x00\x01"),
        (basic(b"AB:"), "AB", b""),
        (basic("Säule:ü".encode()), "Säule", "ü".encode()),
        ("basic   " + base64.b64encode(b"A:b").decode(), "A", b"b"),
    ],
)
def test_logins(header: str, name: str, password: bytes) -> None:
    """Bytes, split at the first colon; the scheme in any case (Q06)."""
    assert login(header) == (name, password, "")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer x",
        "Basic !!!",
        "Basic",
        "Basic " + base64.b64encode(b"nocolon").decode(),
        basic(b"\xff:x"),
        "Basic ü",
    ],
)
def test_garbled_logins(header: str) -> None:
    """A garbled header is told apart from none, in plain words."""
    name, password, fault = login(header)
    assert name is None
    assert password is None
    assert fault.endswith(".")
    assert login(None) == (None, None, "")


def test_one_secret_in_both_forms() -> None:
    """The key's bytes and its hex text, in either case, find each other (Q06)."""
    key = bytes(range(20))
    text = key.hex().encode()
    assert key in dict((form, value) for form, value in password_forms(text)).values()
    assert {text, text.upper()} <= {value for _, value in password_forms(key)}
    assert text.upper() in {value for _, value in password_forms(text)}
    assert password_forms(b"an ordinary password")[0] == ("as sent", b"an ordinary password")
    assert password_forms(b"x" * 40) == (("as sent", b"x" * 40),)
    assert password_forms(b"short") == (("as sent", b"short"),)


@pytest.mark.parametrize(
    ("offered", "admit", "expected"),
    [
        (["ocpp1.6"], Admit(), "ocpp1.6"),
        (["ocpp2.0.1", "ocpp1.6"], Admit(), "ocpp2.0.1"),
        (["ocpp1.6", "ocpp2.1"], Admit(), "ocpp1.6"),
        (["ocpp0.1", "ocpp1.6"], Admit(), "ocpp1.6"),
        (["ocpp2.0.1", "ocpp1.6"], Admit(pinned="ocpp1.6"), "ocpp1.6"),
        (["ocpp2.0.1"], Admit(pinned="ocpp1.6"), "ocpp2.0.1"),
        ([], Admit(assume_16=True), ""),
    ],
)
def test_the_version_that_is_spoken(offered: list[str], admit: Admit, expected: str) -> None:
    """The pinned one where offered, else the first of the station's list that we know."""
    assert choose(offered, admit) == expected


@pytest.mark.parametrize("offered", [[], ["ocpp0.1"], ["ocpp2.0"], ["OCPP1.6"], ["ocpp1.5", "chat"]])
def test_no_common_version(offered: list[str]) -> None:
    """HTTP 400 with the reason; without any offer the remedy is the switch (Q02)."""
    refused = choose(offered, Admit(assume_16=bool(offered)))
    assert isinstance(refused, Refuse)
    assert refused.status == 400
    assert (refused.remedy == "assume-1.6") is (not offered)


def test_offers_are_read_from_lists_and_repeats() -> None:
    """Repeated headers and comma lists, in order; a flood of names is cut."""
    assert subprotocols(["ocpp2.0.1, ocpp1.6", "x"]) == ("ocpp2.0.1", "ocpp1.6", "x")
    assert subprotocols([]) == ()
    assert len(subprotocols([",".join("x" * 1000)])) == 32


def test_defects_are_named() -> None:
    """The operator reads what the upgrade request lacks (Q07)."""
    assert "Connection: Upgrade" in upgrade_fault("keep-alive", "websocket")
    assert "Upgrade: websocket" in upgrade_fault("", "")
    assert is_tls_hello(b"\x16\x03\x01\x02\x00")
    assert not is_tls_hello(b"GET / HTTP/1.1")
    assert escaped(b"\x16\x03\r\n'x") == "\\x16\\x03\\r\\n'x"
    assert len(escaped(b"a" * 999)) == 200


def test_loopback() -> None:
    """Addresses of this machine, in both families; names and nonsense are none."""
    assert is_loopback("127.0.0.5")
    assert is_loopback("::1")
    assert not is_loopback("192.0.2.1")
    assert not is_loopback("")
