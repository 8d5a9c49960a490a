"""Who may connect: known stations with their password, new ones as the operator chose (decision 4)."""

import hmac
import json
import random
from collections.abc import Awaitable, Callable

from app.access.passwords import Passwords, TooBusy
from app.access.registry import PLACES, Registry
from app.domain.records import StationRecord
from app.domain.status import Admission, Registration
from app.protocol.handshake import REALM, Admit, Handshake, Refuse, password_forms

_AUTHENTICATE = (("WWW-Authenticate", REALM),)


class Door:
    """Decides on each handshake before the upgrade; identity and credentials, nothing else.

    Args:
        registry: the stations known.
        passwords: the checks.
        new_stations: "ask", "accept" or "refuse".
        connected: whether a station has an open link, so that a silent one can make room.
        registration: a station's last answer to a boot, None if there is none.
    """

    def __init__(
        self,
        registry: Registry,
        passwords: Passwords,
        new_stations: str,
        connected: Callable[[str], bool],
        registration: Callable[[str], Registration | None],
    ) -> None:
        self.registry = registry
        self.passwords = passwords
        self.new_stations = new_stations
        self._connected = connected
        self._registration = registration
        self._knocking: set[str] = set()
        """Let in to wait, and not in the registry yet."""

    def admit(self, handshake: Handshake) -> Admit | Refuse | Awaitable[Admit | Refuse]:
        """Admit or refuse; an awaitable only where a password has to be hashed."""
        record, exact = self.registry.find(handshake.identity)
        if record is None:
            return self._unknown(handshake, handshake.identity)
        if record.admission is Admission.LAPSED:
            return self._unknown(handshake, record.station)
        if record.admission is Admission.RETIRED:
            return Refuse(403, "This station was retired; bring it back in Stations to let it connect.")
        if record.admission is Admission.REFUSED:
            return Refuse(403, "This station was refused; accept it to let it connect.", "accept")
        quirks = () if exact else ("Q04",)
        if not record.password_hash:
            return self._admitted(record, quirks)
        return self._with_password(handshake, record, quirks)

    def _unknown(self, handshake: Handshake, station: str) -> Admit | Refuse:
        if self.new_stations == "refuse":
            return Refuse(401, "Unknown station, and new stations are refused.", "accept", _AUTHENTICATE)
        if handshake.odd:
            return Refuse(
                400, "The identity holds characters OCPP does not allow; add the station by hand.",
                "accept",
            )  # fmt: skip
        if self.new_stations == "accept":
            return Admit(station, registered=False)
        # A silent one makes room; one that is there does not.
        self._knocking = {name for name in self._knocking if self._connected(name)}
        waiting = {str(r.station) for r in self.registry.waiting() if self._connected(r.station)}
        waiting |= {name for name in self._knocking if self.registry.find(name)[0] is None}
        if len(waiting - {station}) >= PLACES:
            again = str(random.randint(30, 120))
            return Refuse(
                503, f"{PLACES} stations already wait to be let in; accept or refuse some.",
                headers=(("Retry-After", again),),
            )  # fmt: skip
        self._knocking.add(station)
        return Admit(station, registered=False)

    def _with_password(
        self, handshake: Handshake, record: StationRecord, quirks: tuple[str, ...]
    ) -> Admit | Refuse | Awaitable[Admit | Refuse]:
        if handshake.login_fault:
            return Refuse(401, handshake.login_fault, "set-password", _AUTHENTICATE)
        if handshake.password is None:
            return Refuse(
                401, "The station sends no password, but one is set for it.", "set-password", _AUTHENTICATE
            )
        name = handshake.username or ""
        if not (_same(name, handshake.identity) or _same(name, record.station)):
            return Refuse(
                401,
                "The user name in the login is not the identity in the URL.",
                "set-password",
                _AUTHENTICATE,
            )
        forms = password_forms(handshake.password)
        for form, key in forms:
            if self.passwords.quick(record.station, record.password_hash, (key,)):
                return self._admitted(record, quirks if form == "as sent" else (*quirks, "Q06"))
        return self._slowly(record, forms, quirks)

    async def _slowly(
        self, record: StationRecord, forms: tuple[tuple[str, bytes], ...], quirks: tuple[str, ...]
    ) -> Admit | Refuse:
        try:
            for name, key in forms:
                if await self.passwords.slow(record.station, record.password_hash, (key,)):
                    return self._admitted(record, quirks if name == "as sent" else (*quirks, "Q06"))
        except TooBusy:
            again = str(random.randint(5, 60))
            return Refuse(
                503, "Too many logins are being checked at once.", headers=(("Retry-After", again),)
            )
        return Refuse(401, "Wrong password.", "set-password", _AUTHENTICATE)

    def _admitted(self, record: StationRecord, quirks: tuple[str, ...]) -> Admit:
        settings = json.loads(record.settings)
        registration = self._registration(record.station)
        return Admit(
            station=record.station,
            pinned=settings.get("pinned", ""),
            assume_16=bool(settings.get("assume_1.6")),
            strict=bool(settings.get("strict")),
            registration=registration.value if registration is not None else "",
            quirks=quirks,
        )


def _same(username: str, identity: str) -> bool:
    return hmac.compare_digest(username.encode(), identity.encode())
