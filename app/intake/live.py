"""The order of one live message: understand, decide, commit, apply, answer.

Each station's messages are taken one after the other; stations do not wait for each other, and
the writer commits whatever has gathered. Nothing is applied or answered before it is on disk, so a
commit that fails leaves memory as it was, and the station, unanswered, tells it again (decision 9).
"""

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from app.clock import Clock
from app.domain.fact import Fact
from app.domain.ids import StationId
from app.domain.reception import Reception
from app.domain.records import JournalKind, JournalRow, Record, SessionRecord
from app.domain.redaction import may_hold_secret, redacted
from app.domain.status import Admission, Registration
from app.fleet.views import MessageView
from app.intake.arrivals import Arrivals
from app.intake.book import Book
from app.intake.decide import Policy, Verdict, introduced, provisional, verdict_on
from app.intake.links import marked, text_of
from app.intake.messages import MessageFeed, kind_of
from app.intake.sealing import sealed
from app.intake.turns import Turns
from app.protocol.calls import Settled
from app.protocol.core import Inbound, Noted, Rejected
from app.protocol.frames import OcppError, encode_error
from app.protocol.link import Link
from app.protocol.routing import understand
from app.protocol.stamps import learn
from app.protocol.versions import SUBPROTOCOL
from app.sessions import Lookup, needed

log = logging.getLogger("forecourt.intake")

PAUSE_AT = 32
"""Messages of one station that may wait before its socket is read no further."""

Finder = Callable[[Lookup, Callable[[SessionRecord | None, Exception | None], None]], None]

_encode = msgspec.json.Encoder().encode


class _Pending(Fact, frozen=True):
    """One message on its way to the disk; called once when it is there, or never will be."""

    intake: "Intake"
    book: Book
    link: Link
    inbound: Inbound
    reception: Reception
    verdict: Verdict
    payload: bytes
    answer: bytes

    def __call__(self, error: Exception | None) -> None:
        self.intake.committed(self, error)


class Intake:
    """Takes what stations say; the inbox of the server. Everything runs on the core's loop.

    Args:
        clock: time.
        turns: the books and the one way they change.
        arrivals: the coming and going of links.
        policy: the operator's choices.
        find: looks a session up in the store, off the loop.
        feed: the live message log.
    """

    def __init__(
        self,
        clock: Clock,
        turns: Turns,
        arrivals: Arrivals,
        policy: Policy,
        find: Finder,
        feed: MessageFeed,
    ) -> None:
        self.clock = clock
        self.turns = turns
        self.arrivals = arrivals
        self.policy = policy
        self.messages = 0
        self.late: Callable[[StationId, str, str, int], None] = lambda station, message_id, answer, at: None
        """Told of an answer that came after its call was given up: station, id, what it says, when (Q31)."""
        self._books = turns.books
        self._find = find
        self._feed = feed

    # -- what the server tells -------------------------------------------------------------

    def connected(self, link: Link) -> None:
        """A station's link is open and admitted."""
        self._show_link(link, "connected", {"peer": link.peer, "tls": link.tls, "version": link.version})
        self.arrivals.connected(link)

    def disconnected(self, link: Link, reason: str) -> None:
        """A station's link is gone."""
        self._show_link(link, "disconnected", {"reason": reason})
        self.arrivals.disconnected(link, reason, link.heard_ms)

    def heard(self, link: Link, now_ms: int) -> None:
        """A ping or a pong."""
        self.arrivals.heard(self._books[link.station], now_ms)

    def message(self, link: Link, inbound: Inbound) -> None:
        """A station's CALL or SEND."""
        self.messages += 1
        if may_hold_secret(inbound.text):
            inbound = sealed(inbound)
        book = self._books[link.station]
        self.arrivals.spoke(book, inbound.received_ms)
        if self._feed.watchers and self._feed.watched(link.station):
            self._show(inbound.received_ms, link, "in", inbound.text, inbound.action, inbound.message_id)
        if not book.busy:
            self._begin(book, link, inbound)
            return
        if book.waiting is None:
            book.waiting = deque()
        book.waiting.append(partial(self._go_on, book, link, inbound))
        if len(book.waiting) >= PAUSE_AT:
            link.pause()

    def rejected(self, link: Link, out: Rejected | Noted, now_ms: int) -> None:
        """A frame that went no further: kept in the journal without effect, and shown."""
        self.messages += 1
        self.arrivals.heard(self._books[link.station], now_ms)
        reply, action, message_id = "", "", ""
        if isinstance(out, Rejected):
            reply = out.reply.decode() if out.reply else ""
            action, message_id = out.action, (out.message_id or "")[:255]
        text = redacted(out.text)
        odd = out.quirk if isinstance(out, Rejected) else ""
        self._note(link, now_ms, text, reply, action, message_id, odd)
        if self._feed.watched(link.station):
            self._show(now_ms, link, "in", text, action, message_id, note=out.why)
            if reply:
                self._show(now_ms, link, "out", reply, action, message_id, note=out.why)

    def call_sent(self, link: Link, message_id: str, action: str, frame: bytes) -> None:
        """A CALL of ours went out."""
        now, text = self.clock.now_ms(), redacted(frame.decode())
        row = JournalRow(
            now, link.station, JournalKind.OUT, text, "", SUBPROTOCOL[link.version], action, message_id
        )
        self.turns.submit(row)
        if self._feed.watched(link.station):
            self._show(now, link, "out", text, action, message_id)

    def call_answered(self, link: Link, text: str, settled: Settled, now_ms: int) -> None:
        """A station answered a CALL of ours, or sent what claims to be an answer."""
        self.arrivals.heard(self._books[link.station], now_ms)
        message_id = settled.outcome.message_id if settled.outcome is not None else ""
        if settled.late_id:
            self.late(link.station, settled.late_id, settled.note.rpartition(": ")[2], now_ms)
        text = redacted(text)
        self._note(link, now_ms, text, "", settled.action, message_id)
        if self._feed.watched(link.station):
            trip = settled.outcome.round_trip_ms if settled.outcome is not None else None
            self._show(
                now_ms, link, "in", text, settled.action, message_id, latency_ms=trip, note=settled.note
            )

    # -- one message -----------------------------------------------------------------------

    def _go_on(self, book: Book, link: Link, inbound: Inbound) -> None:
        if book.waiting is not None and len(book.waiting) <= PAUSE_AT // 2:
            link.resume()
        self._begin(book, link, inbound)

    def _begin(self, book: Book, link: Link, inbound: Inbound) -> None:
        now = inbound.received_ms
        if not inbound.send:
            stored = book.recent.find(inbound.message_id, inbound.action, inbound.text, now)
            if stored is not None:
                self._finish(book, link, inbound, _result(inbound.message_id, stored.encode()), effect=False)
                return
        context = book.context(now)
        try:
            reception = understand(link.version, inbound.action, inbound.payload, context)
        except OcppError as error:
            self._refuse(book, link, inbound, error.code, error.text)
            return
        except Exception:
            log.exception("station %s: %s could not be understood", book.station, inbound.action)
            self._refuse(book, link, inbound, "InternalError", "Forecourt could not read this message")
            return
        if book.record is None or book.record.admission is not Admission.ACCEPTED:
            self._quarantine(book, link, inbound, reception)
            return
        for event in reception.events:
            lookup = needed(event, book.sessions)
            if lookup is not None:
                book.busy = True
                self._find(lookup, partial(self._found, book, link, inbound, reception))
                return
        self._decide(book, link, inbound, reception, None)

    def _found(
        self, book: Book, link: Link, inbound: Inbound, reception: Reception,
        found: SessionRecord | None, error: Exception | None,
    ) -> None:  # fmt: skip
        if error is not None:
            self.turns.not_kept(book, inbound.action, error)
            self._unanswered(link, inbound)
            self.turns.next(book)
            return
        self._decide(book, link, inbound, reception, found)

    def _decide(
        self, book: Book, link: Link, inbound: Inbound, reception: Reception, found: SessionRecord | None
    ) -> None:
        try:
            verdict = verdict_on(
                book, reception, inbound.received_ms, inbound.quirks, self.turns.numbers, self.policy, found
            )
        except Exception:
            log.exception("station %s: %s could not be decided", book.station, inbound.action)
            self._refuse(book, link, inbound, "InternalError", "Forecourt could not use this message")
            return
        self._commit(book, link, inbound, reception, verdict, held=False)

    def _quarantine(self, book: Book, link: Link, inbound: Inbound, reception: Reception) -> None:
        verdict = provisional(reception, inbound.received_ms, self.turns.numbers.transaction_id, self.policy)
        records: tuple[Record, ...] = ()
        if book.record is not None:
            row = introduced(book.record, reception.events)
            records = (row,) if row is not book.record else ()
        verdict = Verdict(verdict.answer, records, verdict.registration)
        self._commit(book, link, inbound, reception, verdict, held=True)

    def _commit(
        self, book: Book, link: Link, inbound: Inbound, reception: Reception, verdict: Verdict, *, held: bool
    ) -> None:
        payload = _encode(verdict.answer)
        answer = b"" if inbound.send else _result(inbound.message_id, payload)
        if not verdict.records and not held and not reception.durable:
            self._finish(book, link, inbound, answer, effect=reception.effect)
            return
        book.busy = True
        # A heartbeat that had to be repaired counts a quirk, so its row may not expire either.
        effect = reception.effect or held or bool(verdict.records)
        row = JournalRow(
            inbound.received_ms, book.station, JournalKind.IN, inbound.text, answer.decode(),
            SUBPROTOCOL[link.version], inbound.action, inbound.message_id, effect, held,
        )  # fmt: skip
        pending = _Pending(self, book, link, inbound, reception, verdict, payload, answer)
        self.turns.submit(row, verdict.records, pending)

    def committed(self, pending: _Pending, error: Exception | None) -> None:
        """A message is on disk, or never will be."""
        book, link, inbound = pending.book, pending.link, pending.inbound
        if error is not None:
            self.turns.not_kept(book, inbound.action, error)
            self._unanswered(link, inbound)
            self.turns.next(book)
            return
        self.turns.apply(book, pending.verdict.records, inbound.received_ms)
        if book.record is not None and book.record.admission is Admission.WAITING:
            self.turns.fleet.held(book.station, 1)
        reception = pending.reception
        if reception.said_ms is not None:
            self._learn(book, reception.said_ms, inbound.received_ms)
        if pending.verdict.registration is not None:
            self._registered(book, link, pending.verdict.registration)
        if pending.answer:
            if reception.repeatable:
                book.recent.remember(
                    inbound.message_id, inbound.action, inbound.text, inbound.received_ms,
                    pending.payload.decode(),
                )  # fmt: skip
            self._send(link, inbound, pending.answer)
        self.turns.next(book)

    def _learn(self, book: Book, said_ms: int, received_ms: int) -> None:
        before = book.watch.skew_ms
        book.watch = learn(book.watch, said_ms, received_ms)
        if book.watch.skew_ms != before:
            self.turns.fleet.skew(book.station, book.watch.skew_ms)

    def _registered(self, book: Book, link: Link, registration: Registration) -> None:
        book.registration = registration
        link.core.registration = registration
        link.boot_answered()

    def _refuse(self, book: Book, link: Link, inbound: Inbound, code: str, text: str) -> None:
        self._finish(
            book, link, inbound, encode_error(link.version, inbound.message_id, code, text), effect=False
        )

    def _finish(self, book: Book, link: Link, inbound: Inbound, answer: bytes, *, effect: bool) -> None:
        """Answer now; the journal row follows without being waited for."""
        if inbound.send:
            answer = b""
        row = JournalRow(
            inbound.received_ms, book.station, JournalKind.IN, inbound.text, answer.decode(),
            SUBPROTOCOL[link.version], inbound.action, inbound.message_id, effect,
        )  # fmt: skip
        self.turns.submit(row)
        if answer:
            self._send(link, inbound, answer)
        self.turns.next(book)

    def _send(self, link: Link, inbound: Inbound, answer: bytes) -> None:
        link.answer(inbound.message_id, answer)
        if self._feed.watchers and self._feed.watched(link.station):
            now = self.clock.now_ms()
            self._show(
                now, link, "out", answer.decode(), inbound.action, inbound.message_id,
                latency_ms=now - inbound.received_ms,
            )  # fmt: skip

    def _unanswered(self, link: Link, inbound: Inbound) -> None:
        if not inbound.send:
            link.unanswered(inbound.message_id)

    def _note(
        self, link: Link, at_ms: int, frame: str, answer: str, action: str, message_id: str, odd: str = ""
    ) -> None:
        """Keep a frame that went no further; where it shows a quirk, that is counted with it."""
        book = self._books[link.station]
        counts = bool(odd) and book.record is not None and book.record.admission is Admission.ACCEPTED
        row = JournalRow(
            at_ms, link.station, JournalKind.IN, frame, answer, SUBPROTOCOL[link.version], action,
            message_id, effect=counts,
        )  # fmt: skip
        if not counts:
            self.turns.submit(row)
            return
        self.turns.in_turn(book, lambda: self._count(book, link, row, odd))
        if book.waiting is not None and len(book.waiting) >= PAUSE_AT:
            link.pause()

    def _count(self, book: Book, link: Link, row: JournalRow, odd: str) -> None:
        if book.waiting is not None and len(book.waiting) <= PAUSE_AT // 2:
            link.resume()
        self.turns.commit(book, row, marked(book, (odd,)), row.at_ms)

    def _show_link(self, link: Link, word: str, facts: dict[str, Any]) -> None:
        """Show the coming or going of a link, as the kept log does."""
        if self._feed.watched(link.station):
            self._feed.publish(
                MessageView(
                    self.clock.now_ms(), link.station, "link", "", "", "note", text_of(facts), note=word
                )
            )

    def _show(
        self, at_ms: int, link: Link, direction: str, frame: str, action: str, message_id: str,
        *, latency_ms: int | None = None, note: str = "",
    ) -> None:  # fmt: skip
        self._feed.publish(
            MessageView(
                at_ms, link.station, direction, action, message_id, kind_of(frame), frame, latency_ms, note
            )
        )


def _result(message_id: str, payload: bytes) -> bytes:
    """A CALLRESULT around a payload that is encoded already."""
    return _encode((3, message_id, msgspec.Raw(payload)))
