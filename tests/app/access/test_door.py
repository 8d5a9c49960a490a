"""The door: who is let in, by what name, and what those are told who are not."""

import inspect

import pytest

from app.access.door import Door
from app.access.passwords import Passwords, hash_password
from app.access.registry import PLACES, Registry
from app.domain.ids import StationId
from app.domain.records import StationRecord
from app.domain.status import Admission
from app.protocol.handshake import Admit, Handshake, Refuse

KEY = b"0123456789abcdef"


def knock(identity: str, password: bytes | None = None, *, odd: bool = False, name: str = "") -> Handshake:
    """A station at the door."""
    user = None if password is None else name or identity
    return Handshake(identity, f"/{identity}", "127.0.0.1", 1, False, ("ocpp1.6",), user, password, odd=odd)


class House:
    """A door with what stands behind it."""

    def __init__(self, new_stations: str = "ask") -> None:
        self.registry = Registry()
        self.there: set[str] = set()
        self.passwords = Passwords()
        self.door = Door(
            self.registry, self.passwords, new_stations, self.there.__contains__, lambda station: None
        )

    def known(self, identity: str, admission: Admission = Admission.ACCEPTED, password: bytes = b"") -> None:
        """Register a station."""
        hashed = hash_password(password.decode()) if password else ""
        self.registry.put(
            StationRecord(station=StationId(identity), admission=admission, password_hash=hashed)
        )

    async def admit(self, handshake: Handshake) -> Admit | Refuse:
        """What the door says."""
        said = self.door.admit(handshake)
        return await said if inspect.isawaitable(said) else said  # type: ignore[return-value]


@pytest.mark.parametrize(("new", "status"), [("ask", 0), ("accept", 0), ("refuse", 401)])
async def test_a_stranger_is_treated_as_the_operator_chose(new: str, status: int) -> None:
    said = await House(new).admit(knock("NEW"))
    assert (said.status if isinstance(said, Refuse) else 0) == status
    if isinstance(said, Admit):
        assert not said.registered


async def test_an_odd_name_is_let_in_only_where_it_is_registered() -> None:
    house = House("accept")
    said = await house.admit(knock("Depot North", odd=True))
    assert isinstance(said, Refuse)
    assert said.status == 400
    house.known("Depot North")
    assert isinstance(await house.admit(knock("Depot North", odd=True)), Admit)


@pytest.mark.parametrize("admission", [Admission.REFUSED, Admission.RETIRED])
async def test_who_was_refused_or_retired_is_told_so(admission: Admission) -> None:
    house = House("accept")
    house.known("OLD", admission)
    said = await house.admit(knock("OLD"))
    assert isinstance(said, Refuse)
    assert said.status == 403
    assert admission.value in said.cause


async def test_a_name_in_another_case_is_found_where_one_fits() -> None:
    house = House("refuse")
    house.known("Depot-7")
    said = await house.admit(knock("DEPOT-7"))
    assert isinstance(said, Admit)
    assert (said.station, said.quirks) == ("Depot-7", ("Q04",))
    house.known("depot-7")
    assert isinstance(await house.admit(knock("DEPOT-7")), Refuse)
    assert isinstance(await house.admit(knock("depot-7")), Admit)


@pytest.mark.parametrize(
    ("presented", "name", "status"),
    [
        (KEY, "", 0),
        (None, "", 401),
        (b"wrong-password-1", "", 401),
        (KEY, "SOMEBODY", 401),
        (KEY.hex().encode(), "", 0),
        (KEY.hex().upper().encode(), "", 0),
    ],
)
async def test_a_password_is_checked_in_every_form_stations_send(
    presented: bytes | None, name: str, status: int
) -> None:
    """The bytes or their hex digits (Q06), under the station's own name alone."""
    house = House()
    house.known("CP", password=KEY)
    for _ in range(2):  # the second time by the cheap way
        said = await house.admit(knock("CP", presented, name=name))
        assert (said.status if isinstance(said, Refuse) else 0) == status
        if isinstance(said, Admit):
            assert said.quirks == (() if presented == KEY else ("Q06",))
    house.passwords.close()


async def test_places_are_for_those_who_are_there() -> None:
    """64 silent ones keep nobody out, 64 that are there do, and who lapsed knocks like a stranger."""
    house = House()
    for number in range(PLACES):
        house.known(f"W{number}", Admission.WAITING)
    assert isinstance(await house.admit(knock("NEW")), Admit)
    house.there.update(f"W{number}" for number in range(PLACES))
    house.known("LAPSED", Admission.LAPSED)
    for name in ("OTHER", "LAPSED"):
        said = await house.admit(knock(name))
        assert isinstance(said, Refuse)
        assert said.status == 503
        assert dict(said.headers)["Retry-After"]
    house.there.discard("W0")
    said = await house.admit(knock("LAPSED"))
    assert isinstance(said, Admit)
    assert said.station == "LAPSED"


async def test_many_strangers_at_once_get_no_more_places_than_there_are() -> None:
    """Those let in a moment ago count although nothing of them is kept yet."""
    house = House()
    let_in = 0
    for number in range(PLACES + 10):
        if isinstance(await house.admit(knock(f"N{number}")), Admit):
            house.there.add(f"N{number}")
            let_in += 1
    assert let_in == PLACES


def test_the_silent_make_room_oldest_contact_first() -> None:
    house = House()
    for number in range(PLACES + 2):
        record = StationRecord(
            station=StationId(f"W{number}"), admission=Admission.WAITING, last_seen_ms=1_000 - number
        )
        house.registry.put(record)
    newest = f"W{PLACES + 1}"
    house.there.add(newest)
    assert [r.station for r in house.registry.surplus(house.there.__contains__)] == [
        f"W{PLACES}", f"W{PLACES - 1}",
    ]  # fmt: skip
