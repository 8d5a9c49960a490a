"""Sessions that our own clock finds to be over by evidence (Q40); the same live and on replay."""

from app.domain.records import Record
from app.intake.book import Book
from app.intake.links import marked
from app.sessions import close_ghosts


def end_ghosts(book: Book, now_ms: int) -> tuple[Record, ...]:
    """The sessions of a station that end now, and its row with that counted."""
    decision = close_ghosts(book.sessions, now_ms)
    return (*decision.records, *marked(book, decision.quirks)) if decision.records else ()
