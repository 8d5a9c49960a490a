"""The whole repair behind a remedy: afterwards the charger gets in at its next try."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.access.registry import Registry
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.intents import (
    AddStation,
    AdmitStation,
    Asked,
    Intent,
    RefuseStation,
    SetPassword,
    SetStationSwitch,
)
from app.domain.operations import Operation, Trigger, Wish
from app.domain.status import Admission
from app.onboarding.contacts import Contacts

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits that cannot be taken for each other on a small display."""
LENGTH = 16
"""1.6 keys are 16 to 20 characters, 2.x passwords 16 to 40: 16 suits all."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done, and a new password to type into the charger ("" if none)."""

    sentence: str
    password: str = field(default="", repr=False)


class Server(Protocol):
    """What a repair needs of the server."""

    def forgive(self, identity: str, peer: str = "") -> None:
        """Forget failed logins of a station, and those of an address."""

    def free_identity(self, identity: str) -> bool:
        """Disconnect who holds an identity, so that another gets in."""


class Room(Protocol):
    """What a repair needs of the control room."""

    registry: Registry
    contacts: Contacts
    server: Any
    desk: Any
    configuration: Any

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""


@dataclass(frozen=True, slots=True)
class Case:
    """A charger to let in: what it calls itself, from where, and who asks."""

    room: Room
    identity: str
    peer: str
    argument: str
    by: str

    async def do(self, intent: Intent, why: str = "remedy at the door") -> None:
        """Do one part of the repair."""
        await self.room.do(Asked(intent, self.by, why))

    async def ask(self, operation: Operation) -> None:
        """Have the station do something, over the desk."""
        await self.room.desk.ask(Wish(self.identity, operation, self.by, "remedy at the door"))

    def over(self) -> None:
        """Forget what was held against it."""
        self.room.server.forgive(self.identity, self.peer)
        self.room.contacts.mended(self.identity)


def new_password() -> str:
    """A password that can be read off a screen and typed on a charger."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def typed_form(shown: bytes) -> str:
    """The password a charger shows, in the form that is kept: text, or the hex digits of a binary key."""
    try:
        return shown.decode("utf-8")
    except UnicodeDecodeError:
        return shown.hex()


async def mend(room: Room, remedy: str, identity: str, peer: str, argument: str, by: str) -> Mended:
    """Do the whole repair behind a remedy.

    Args:
        room: the control room.
        remedy: the key of a `Remedy` that is not `here`.
        identity: what the charger calls itself; for one that is in, its station.
        peer: its address.
        argument: of the remedy.
        by: who asks.

    Raises:
        ForecourtError: it cannot be done; the sentence says why.
    """
    repair = _REPAIRS.get(remedy)
    if repair is None:
        raise ForecourtError(f"Forecourt knows no remedy {remedy!r}.")
    if not identity and remedy != "ignore":
        raise ForecourtError("The charger names no identity, so it cannot be mended from here.")
    return await repair(Case(room, identity, peer, argument, by))


async def _registered(case: Case) -> str:
    """The registered name of the caller; it is registered and let in now if it was not."""
    record, _ = case.room.registry.find(case.identity)
    if record is None:
        await case.do(AddStation(case.identity))
        return case.identity
    name = str(record.station)
    if record.admission is Admission.LAPSED:
        await case.do(AddStation(name))
    elif record.admission is not Admission.ACCEPTED:
        await case.do(AdmitStation(name))
    return name


async def _accept(case: Case) -> Mended:
    name = await _registered(case)
    case.over()
    return Mended(f"{name} is let in. It introduces itself at its next try.")


async def _link(case: Case) -> Mended:
    record, _ = case.room.registry.find(case.identity)
    await case.do(SetStationSwitch(case.argument, "alias", case.identity))
    if record is not None and record.station != case.argument and record.admission is Admission.WAITING:
        await case.do(RefuseStation(str(record.station)), f"it is {case.argument}")
    case.over()
    return Mended(f"The charger that calls itself {case.identity} is {case.argument} from now on.")


async def _new_password(case: Case) -> Mended:
    name, password = await _registered(case), new_password()
    await case.do(SetPassword(name, password))
    case.over()
    return Mended(f"{name} has a new password. Enter it in the charger.", password)


async def _trust_password(case: Case) -> Mended:
    shown = case.room.contacts.secret(case.identity, case.peer)
    if shown is None:
        raise ForecourtError(f"{case.identity} has shown no password within the hour; wait for its next try.")
    name = await _registered(case)
    await case.do(SetPassword(name, typed_form(shown)), f"remedy at the door: the one that {case.peer} sends")
    case.over()
    return Mended(f"{name} gets in with the password it sends.")


async def _no_password(case: Case) -> Mended:
    name = await _registered(case)
    await case.do(SetPassword(name, ""))
    case.over()
    return Mended(f"{name} needs no password any more.")


async def _assume_16(case: Case) -> Mended:
    name = await _registered(case)
    await case.do(SetStationSwitch(name, "assume_1.6", "true"))
    case.over()
    return Mended(f"{name} is taken for OCPP 1.6 when it calls again.")


async def _free_identity(case: Case) -> Mended:
    if not case.room.server.free_identity(case.identity):
        raise ForecourtError(f"Nobody holds {case.identity} now; the charger gets in at its next try.")
    return Mended(f"The place of {case.identity} is free: the next charger that calls with it gets in.")


async def _ignore(case: Case) -> Mended:
    case.room.contacts.ignore(case.identity, case.peer)
    return Mended("It is left out until it is turned away for another cause.")


async def _set_clock(case: Case) -> Mended:
    wrong = await case.room.configuration.wrong_clocks()
    ways = next((one.mends for one in wrong if one.station == case.identity), ())
    if not ways:
        raise ForecourtError(f"The clock of {case.identity} is not wrong any more.")
    await case.ask(ways[0].operation)
    return Mended(f"{case.identity}: {ways[0].title[:1].lower()}{ways[0].title[1:]} is under way.")


async def _ask_boot(case: Case) -> Mended:
    await case.ask(Trigger("BootNotification"))
    return Mended(f"{case.identity} was asked to introduce itself.")


async def _pin(case: Case) -> Mended:
    await case.do(SetStationSwitch(case.identity, "pinned", case.argument))
    link = case.room.server.links.get(StationId(case.identity))
    if link is not None:
        link.close(1001, "it is to come back with the version that was pinned")
    return Mended(f"{case.identity} speaks {case.argument} from its next connection on.")


_REPAIRS: Mapping[str, Callable[[Case], Awaitable[Mended]]] = {
    "accept": _accept,
    "link": _link,
    "new-password": _new_password,
    "trust-password": _trust_password,
    "no-password": _no_password,
    "assume-1.6": _assume_16,
    "free-identity": _free_identity,
    "ignore": _ignore,
    "set-clock": _set_clock,
    "ask-boot": _ask_boot,
    "pin": _pin,
}
