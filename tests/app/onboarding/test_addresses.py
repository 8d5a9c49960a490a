"""What a technician types: the address in each maker's form, and as a code to scan."""

import pytest

from app.onboarding.addresses import address_for, only_here, url_here, variants, with_hosts
from app.onboarding.qr import modules
from app.onboarding.vendors import vendor_of, vendors


def test_the_identity_stands_behind_the_path_and_is_encoded() -> None:
    """A listener without a path gets one; spaces and bars of an identity are encoded."""
    assert address_for("ws://10.0.0.1:9220/", "NWS-03") == "ws://10.0.0.1:9220/ocpp/NWS-03"
    assert address_for("ws://10.0.0.1:9220/ocpp", "A|1") == "ws://10.0.0.1:9220/ocpp/A%7C1"


def test_every_address_is_told_as_each_that_stations_can_call() -> None:
    """Nobody can dial 0.0.0.0."""
    told = with_hosts(("ws://0.0.0.0:9220/", "wss://cpo.example:9443/"), ("192.168.1.7", "2a02::1"))
    assert told == ("ws://192.168.1.7:9220/", "wss://cpo.example:9443/")
    assert with_hosts(("ws://[::]:9220/",), ("2a02::1",)) == ("ws://[2a02::1]:9220/",)


@pytest.mark.parametrize(
    ("urls", "alone"),
    [
        (("ws://127.0.0.1:9220/",), True), (("ws://[::1]:9220/", "ws://localhost:1/"), True),
        (("ws://127.0.0.1:9220/", "wss://192.168.1.7:9443/"), False), (("ws://0.0.0.0:9220/",), False),
        (("",), False), ((), False),
    ],
)  # fmt: skip
def test_a_listener_that_only_this_machine_reaches_is_known(urls: tuple[str, ...], alone: bool) -> None:
    assert only_here(urls) == alone


def test_this_machine_calls_itself_by_its_own_name() -> None:
    """A simulated station can call neither 0.0.0.0 nor a listener with a certificate for another name."""
    assert url_here(["wss://192.168.1.7:9443/", "ws://0.0.0.0:9220/ocpp"]) == "ws://127.0.0.1:9220/"
    assert url_here(["ws://[::]:9220/"]) == "ws://[::1]:9220/"
    assert url_here(["ws://192.168.1.7:9220/"]) == "ws://192.168.1.7:9220/"
    assert url_here(["wss://127.0.0.1:1/"]) == ""


def test_the_ways_to_write_it_differ_in_identity_and_slash() -> None:
    """With and without identity, with and without slash, and in parts."""
    told = [text for _, text in variants("ws://10.0.0.1:9220/", "X1")]
    assert told[:3] == ["ws://10.0.0.1:9220/ocpp/X1", "ws://10.0.0.1:9220/ocpp/", "ws://10.0.0.1:9220/ocpp"]
    assert "9220" in told[3]


@pytest.mark.parametrize("vendor", vendors(), ids=lambda v: v.name)
def test_each_maker_gets_an_address_of_its_form(vendor: object) -> None:
    """Only those with one field for all of it have the identity in the address."""
    text = vendor.address("ws://10.0.0.1:9220/", "X1")  # type: ignore[attr-defined]
    assert text.endswith("X1") == (vendor.form == "whole")  # type: ignore[attr-defined]


def test_a_charger_that_has_told_its_maker_is_not_asked_for_it() -> None:
    """The reported vendor chooses the hints; an unknown one gets those for any."""
    assert vendor_of("Wallbox Chargers").name == "Wallbox"
    assert vendor_of("Delfin").name == vendors()[0].name


def test_a_code_is_square_and_has_its_three_corners() -> None:
    """As a scanner needs it: finder patterns in three corners."""
    code = modules("ws://192.168.40.12:9220/ocpp/NWS-03")
    assert {len(row) for row in code} == {len(code)}
    for top, left in ((0, 0), (0, len(code) - 7), (len(code) - 7, 0)):
        assert all(code[top][left + i] and code[top + 6][left + i] for i in range(7))
        assert not any(code[top + 1][left + i] for i in range(1, 6))
