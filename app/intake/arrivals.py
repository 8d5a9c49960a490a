"""The coming and going of links, live: who is there, since when, and what our own clock says of it."""

from collections.abc import Callable
from functools import partial

from app.clock import Clock
from app.domain.records import StationRecord
from app.domain.status import Admission, LinkState
from app.intake.book import Book
from app.intake.links import come, go, judged, lapsed
from app.intake.turns import Turns
from app.protocol.link import Link
from app.protocol.versions import SUBPROTOCOL


class Arrivals:
    """Keeps link timelines.

    Args:
        clock: time.
        turns: the books.
        surplus: those who wait in silence and must make room, once more wait than there are places.
        ask_new: whether an unknown station waits to be let in (else it is accepted).
        heartbeat_s: the interval stations are told.
    """

    def __init__(
        self,
        clock: Clock,
        turns: Turns,
        surplus: Callable[[], list[StationRecord]],
        *,
        ask_new: bool,
        heartbeat_s: int,
    ) -> None:
        self.clock = clock
        self.turns = turns
        self.surplus = surplus
        self.ask_new = ask_new
        self.heartbeat_s = heartbeat_s

    def connected(self, link: Link) -> None:
        """A station's link is open and admitted."""
        book = self.turns.book(link.station)
        now = self.clock.now_ms()
        fresh = book.fresh
        book.link_begins(now)
        book.version = link.version
        book.doubtful = False
        self.turns.fleet.link_meta(
            link.station, version=link.version, tls=link.tls, peer=link.peer, heartbeat_s=self.heartbeat_s
        )
        self.turns.in_turn(book, lambda: self._introduce(book, link, now, fresh=fresh))

    def disconnected(self, link: Link, reason: str, since_ms: int) -> None:
        """A station's link is gone; `since_ms` is the last that was heard of it."""
        book = self.turns.books.get(link.station)
        if book is not None:
            self.turns.in_turn(book, lambda: self._gone(book, reason, since_ms))

    def heard(self, book: Book, now_ms: int) -> None:
        """Any frame or pong of a station."""
        book.last_heard_ms = now_ms
        if book.doubtful:
            self.judge(book, LinkState.ONLINE, now_ms, "heard again")
        self.turns.fleet.heard(book.station, now_ms)

    def spoke(self, book: Book, now_ms: int) -> None:
        """A message of a station, not only a pong."""
        book.last_heard_ms = now_ms
        if book.doubtful:
            self.judge(book, LinkState.ONLINE, now_ms, "heard again")
        self.turns.fleet.spoke(book.station, now_ms)

    def judge(self, book: Book, state: LinkState, now_ms: int, reason: str) -> None:
        """Keep that a link became doubtful, or sound again, by our own clock."""
        book.doubtful = state is LinkState.DOUBTFUL
        self.turns.in_turn(
            book, lambda: self.turns.commit(book, *judged(book.station, state, reason, now_ms), now_ms)
        )

    def _introduce(self, book: Book, link: Link, now: int, *, fresh: bool) -> None:
        new = Admission.WAITING if self.ask_new else Admission.ACCEPTED
        row, records = come(
            book,
            SUBPROTOCOL[link.version],
            link.peer,
            now,
            new,
            tls=link.tls,
            quirks=link.quirks,
            fresh=fresh,
        )
        waited = book.record is not None and book.record.admission is Admission.WAITING
        self.turns.commit(book, row, records, now, None if waited else self._make_room)

    def _make_room(self, error: Exception | None) -> None:
        """One more may wait now: the oldest silent ones give up their places."""
        if error is None:
            for record in self.surplus():
                book = self.turns.book(record.station)
                self.turns.in_turn(book, partial(self._lapse, book))

    def _lapse(self, book: Book) -> None:
        record = book.record
        if record is not None and any(other.station == book.station for other in self.surplus()):
            now = self.clock.now_ms()
            self.turns.commit(book, *lapsed(record, now), now)

    def _gone(self, book: Book, reason: str, since_ms: int) -> None:
        now = self.clock.now_ms()
        book.doubtful = False
        row, records = go(book, reason, since_ms, now)
        self.turns.commit(book, row, records, now)
