"""One thing at a time for each station: what is on its way to the disk holds up what comes next.

Memory and the live picture are changed here alone, and only by what is committed.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow, LinkRecord, Record, SessionRecord, StationRecord
from app.fleet import Fleet
from app.intake.book import Book
from app.intake.ids import Numbers
from app.intake.links import text_of

log = logging.getLogger("forecourt.intake")

Kept = Callable[[Exception | None], None]
Heard = Callable[[Record, int], None]


class Listener(Protocol):
    """Who follows up what was committed."""

    @property
    def hears(self) -> tuple[type, ...]:
        """The types of the records it wants."""

    def hear(self, record: Record, at_ms: int) -> None:
        """Hear a committed record and the time it is taken in, ms UTC."""


class Writes(Protocol):
    """What the intake needs of a writer."""

    @property
    def depth(self) -> int:
        """Messages not yet committed."""

    def submit(
        self, journal: Sequence[JournalRow], records: Sequence[Record] = (), done: Kept | None = None
    ) -> None:
        """Hand in rows and records to be kept together."""

    def flush(self, timeout_s: float = 60) -> None:
        """Wait until what was handed in is kept."""


class Turns:
    """The books of all stations, and the one way they change.

    Args:
        writer: where history goes.
        fleet: the live picture.
        books: memory by station; filled at start, grown as stations call.
        numbers: new ids.
        known: told of every station row that was committed.
    """

    def __init__(
        self,
        writer: Writes,
        fleet: Fleet,
        books: dict[StationId, Book],
        numbers: Numbers,
        known: Callable[[StationRecord], None],
    ) -> None:
        self.writer = writer
        self.fleet = fleet
        self.books = books
        self.general = Book(StationId(""))
        """The turn of deeds that concern no station."""
        self.numbers = numbers
        self._keeping = 0
        self._hearing: dict[type, tuple[Heard, ...]] = {}
        """Who is told of a committed record, by its type: most records are nobody's."""
        self._known = known
        self._gap = False

    def book(self, station: StationId) -> Book:
        """The book of a station, made where there is none."""
        book = self.books.get(station)
        if book is None:
            book = self.books[station] = Book(station)
        return book

    def in_turn(self, book: Book, deed: Callable[[], None]) -> None:
        """Run `deed` when nothing of this station is on its way. It may set `busy`."""
        if book.busy or book.waiting:
            if book.waiting is None:
                book.waiting = deque()
            book.waiting.append(deed)
        else:
            deed()

    def next(self, book: Book) -> None:
        """What was on its way is done: go on with the station's next deed, if one waits."""
        book.busy = False
        waiting = book.waiting
        while waiting and not book.busy:
            waiting.popleft()()

    def submit(self, row: JournalRow, records: Sequence[Record] = (), done: Kept | None = None) -> None:
        """Hand in a journal row with its effects."""
        if self._gap:
            self._gap = False
            self._mark_gap(row.at_ms, records)
        self.writer.submit((row,), records, done)

    def commit(
        self, book: Book, row: JournalRow, records: Sequence[Record], at_ms: int, then: Kept | None = None
    ) -> None:
        """Keep `row` and `records`, then take them in; the station's next waits until then."""
        book.busy = True

        def kept(error: Exception | None) -> None:
            if error is None:
                self.apply(book, records, at_ms)
            else:
                self.not_kept(book, row.action or row.kind.value, error)
                for record in records:
                    # The picture shows a link as it is, even where the disk cannot keep it.
                    if isinstance(record, LinkRecord):
                        self.fleet.apply(record, at_ms)
            if then is not None:
                then(error)
            self.next(book)

        self.submit(row, records, kept)

    def apply(self, book: Book, records: Sequence[Record], at_ms: int) -> None:
        """Take in what is committed."""
        for record in records:
            book.apply(record)
            self.fleet.apply(record, at_ms)
            if type(record) is StationRecord:
                self._known(record)
            self.tell(record, at_ms)

    def keep(self, record: Record, at_ms: int, then: Kept | None = None) -> None:
        """Keep a record that follows from no station's word (a command, a file, a fault), then tell of it."""
        self._keeping += 1

        def kept(error: Exception | None) -> None:
            self._keeping -= 1
            if error is None:
                self.tell(record, at_ms)
            if then is not None:
                then(error)

        self.writer.submit((), (record,), kept)

    def settled(self, then: Callable[[], None], *, general: bool = True) -> None:
        """Call `then` once all that is on its way now is taken in: at once, where nothing is.

        Args:
            then: what waits for it.
            general: also for the deeds that concern no station; one of those cannot wait for itself.
        """
        books = [book for book in self.books.values() if book.busy or book.waiting]
        if general and (self.general.busy or self.general.waiting):
            books.append(self.general)
        left = len(books) + bool(self._keeping)

        def came(error: Exception | None = None) -> None:
            nonlocal left
            left -= 1
            if not left:
                try:
                    then()
                except Exception:
                    # A station whose turn it is must not wait for what others did with it.
                    log.exception("what waited for records to be taken in failed")

        if not left:
            then()
            return
        if self._keeping:
            self.writer.submit((), (), came)
        for book in books:
            self.in_turn(book, came)

    def listen(self, listener: Listener) -> None:
        """Have it told of every record it wants, once that is committed and taken in."""
        for kind in listener.hears:
            self._hearing[kind] = (*self._hearing.get(kind, ()), listener.hear)

    def tell(self, record: Record, at_ms: int) -> None:
        """Tell those who listen of a committed record; one who fails does not keep it from the others."""
        for hear in self._hearing.get(type(record), ()):
            try:
                hear(record, at_ms)
            except Exception:
                log.exception("a record of %s could not be followed up", type(record).__name__)

    def not_kept(self, book: Book, what: str, error: Exception) -> None:
        """A commit failed: the numbers it drew are gone, which replay has to be told."""
        self._gap = True
        log.warning("station %s: %s was not kept, so it is not answered: %s", book.station, what, error)

    def _mark_gap(self, at_ms: int, records: Sequence[Record]) -> None:
        drawn = [r.session for r in records if isinstance(r, SessionRecord)]
        facts = {"next_session": min([*drawn, self.numbers.next_session])}
        mark = JournalRow(at_ms, "", JournalKind.SYSTEM, text_of(facts), action="numbers")
        self.writer.submit((mark,), (), None)


def tell_kept(outcomes: Sequence[tuple[Kept, Exception | None]]) -> None:
    """Tell those whose rows are on disk, or not; one that fails keeps the news from none of the others."""
    for done, error in outcomes:
        try:
            done(error)
        except Exception:
            log.exception("a committed message could not be taken in")
