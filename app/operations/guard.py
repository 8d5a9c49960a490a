"""What speaks against a command, from what Forecourt knows of the station now; nothing is asked of it."""

from collections.abc import Callable, Iterable

from app.clock import Clock
from app.domain.ids import StationId, TransactionId
from app.domain.operations import Consequence, Operation, StopSession, Wish
from app.domain.records import FaultRecord
from app.fleet.views import ConnectorView, StationView
from app.intake.turns import Turns
from app.operations import capability
from app.operations.consequences import consequences, meaning
from app.operations.wishes import kind_of
from app.protocol.link import Link


class Guard:
    """Knows what a command would cut, and what a station cannot do.

    Args:
        clock: time.
        turns: the books and the live picture.
        links: open links by station.
    """

    def __init__(self, clock: Clock, turns: Turns, links: Callable[[StationId], Link | None]) -> None:
        self._clock = clock
        self._turns = turns
        self._links = links
        self.faults: Callable[[], Iterable[FaultRecord]] = lambda: ()
        """The faults that are open; set by who watches for them."""
        self.worth: Callable[[StationView, ConnectorView, int], str] = lambda view, plug, now_ms: ""
        """What a session comes to so far, in words; set by who knows prices."""

    def version(self, station: StationId) -> str:
        """The version a station speaks, or spoke last; "" for one that never called."""
        link = self._links(station)
        if link is not None:
            return link.version
        book = self._turns.books.get(station)
        return capability.version_of(book.record if book is not None else None)

    def can(self, station: StationId, kind: str) -> str:
        """Why this station cannot do operations of this kind; "" if it can."""
        return capability.by_version(self.version(station), kind)

    def barred(self, station: StationId, operation: Operation) -> str:
        """Why the station's admission or registration forbids it now; "" if it does not."""
        book = self._turns.books.get(station)
        if book is None:
            return ""
        admission = book.record.admission if book.record is not None else None
        return capability.by_registration(station, book.registration, admission, operation)

    def consequences(self, wish: Wish) -> tuple[Consequence, ...]:
        """What the wish would cut or meet, with the facts as of now."""
        station = StationId(wish.station)
        cannot = self.can(station, kind_of(wish.operation)) or self.barred(station, wish.operation)
        view, now_ms = self._turns.fleet.station(station), self._clock.now_ms()
        return consequences(
            self._with_session(station, wish.operation),
            view,
            now_ms,
            cannot=cannot,
            safety=self._unsafe(station),
            worth=lambda plug: self.worth(view, plug, now_ms) if view is not None else "",
        )

    def _unsafe(self, station: StationId) -> str:
        titles = [f.title for f in self.faults() if f.safety and f.station == station]
        return f"{station} has an open safety fault: {'; '.join(titles)}." if titles else ""

    def _with_session(self, station: StationId, operation: Operation) -> Operation:
        """A stop with our number of the session, where only the station's own name of it is given."""
        meant = meaning(operation)
        book = self._turns.books.get(station)
        if not isinstance(meant, StopSession) or meant.session is not None or book is None:
            return operation
        session = book.sessions.find(TransactionId(meant.transaction))
        return operation if session is None else StopSession(meant.transaction, session.session)
