"""A recorded past through the same decisions, without sockets: replay, verify, a demo's history.

Time is the log's. Ids are those that were answered at the time. Nothing is answered or sent.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.ids import SessionId, StationId
from app.domain.records import EntryRecord, JournalKind, JournalRow, LinkRecord, Record, SessionRecord
from app.domain.redaction import redacted
from app.domain.status import Admission, LinkState
from app.intake.actions import Deed, decide_action, read_deed, session_of
from app.intake.book import Book
from app.intake.decide import Policy, Verdict, introduced, provisional, verdict_on
from app.intake.entries import ENTRY_DEEDS, Entries, entry_of
from app.intake.ghosts import end_ghosts
from app.intake.ids import Numbers
from app.intake.links import come, contested, go, lapsed, marked, shows
from app.intake.quarantine import book_quarantine
from app.intake.sealing import sealed
from app.intake.turns import Writes
from app.intake.wire import answered_transaction
from app.protocol.core import Inbound, LinkCore, Rejected
from app.protocol.frames import OcppError, encode_error, encode_result
from app.protocol.routing import understand
from app.protocol.stamps import ClockWatch, learn
from app.protocol.versions import SUBPROTOCOL, VERSION_OF
from app.sessions import Lookup, close_by_hand, needed

log = logging.getLogger("forecourt.replay")


class HearsFaults(Protocol):
    """What finds faults in what is booked."""

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was booked."""

    def act(self, deed: Deed, at_ms: int) -> Sequence[Record]:
        """A person's act on a fault; what is to be kept."""

    def keep(self) -> None:
        """Hand what was found to the writer."""


class Replay:
    """Books a log, row by row, in the order of its rows.

    Args:
        writer: an inline writer; `flush()` it in the end.
        books: memory by station, as loaded from the store the log is booked into.
        numbers: new ids.
        policy: the operator's choices.
        find: looks a session up in that store, flushed.
        find_session: the same by its number.
        reload: reads books and numbers afresh, as a start of the server does; None where the log
            never tells of one.
        faults: what finds faults on the log's clock; None finds none.
    """

    def __init__(
        self,
        writer: Writes,
        books: dict[StationId, Book],
        numbers: Numbers,
        policy: Policy,
        find: Callable[[Lookup], SessionRecord | None],
        find_session: Callable[[SessionId], SessionRecord | None],
        reload: Callable[[], tuple[dict[StationId, Book], Numbers]] | None = None,
        faults: HearsFaults | None = None,
    ) -> None:
        self.writer = writer
        self.books = books
        self.numbers = numbers
        self.policy = policy
        self.rows = 0
        self.refused = 0
        self._find = find
        self._find_session = find_session
        self._reload = reload
        self._faults = faults
        self.entries = Entries()
        self._cores: dict[str, LinkCore] = {}
        self._held: dict[str, list[JournalRow]] = {}

    # -- rows of a recorded log --------------------------------------------------------------

    def connected(
        self, station: str, at_ms: int, subprotocol: str, peer: str = "", *,
        admission: Admission = Admission.ACCEPTED, tls: bool = False, last_live_ms: int | None = None,
        quirks: tuple[str, ...] = (), fresh: bool = False,
    ) -> None:  # fmt: skip
        """A link was made. `last_live_ms` as recorded, else by the rows of this station so far.

        `fresh`: it was the first since the program started, which knew less of the station by then.
        """
        book = self._book(station)
        if fresh:
            book.forget()
        book.link_begins(at_ms)
        if last_live_ms is not None:
            book.last_live_ms = last_live_ms
        version = VERSION_OF.get(subprotocol, "1.6")
        book.version = version
        self._cores[station] = LinkCore(version)
        told = come(
            book, SUBPROTOCOL[version], peer, at_ms, admission, tls=tls, quirks=quirks, fresh=fresh
        )  # fmt: skip
        self._keep(book, *told)

    def disconnected(self, station: str, at_ms: int, reason: str = "", since_ms: int | None = None) -> None:
        """A link was lost, at the latest at `at_ms`."""
        book = self._book(station)
        self._cores.pop(station, None)
        self._keep(book, *go(book, reason, since_ms if since_ms is not None else at_ms, at_ms))

    def received(self, station: str, at_ms: int, frame: str, answer: str = "") -> None:
        """A frame of a station, with the answer it got ("" if none is recorded)."""
        self.rows += 1
        core = self._cores.get(station)
        if core is None:
            self.connected(station, at_ms, self._subprotocol(station))
            core = self._cores[station]
        book = self.books[StationId(station)]
        book.last_heard_ms = at_ms
        out = core.receive(frame, at_ms)
        if type(out) is not Inbound:
            self.refused += 1
            known = book.record is not None and book.record.admission is Admission.ACCEPTED
            odd = out.quirk if type(out) is Rejected and known else ""
            records = marked(book, (odd,)) if odd else ()
            self._note(book, at_ms, redacted(frame), answer, core.version, records=records)
            return
        out = sealed(out)
        core.answered(out.message_id)
        if book.record is not None and book.record.admission is not Admission.ACCEPTED:
            self._quarantine(book, core, out, answer)
        else:
            self._book_message(book, core.version, out, answer)

    def sent(self, station: str, at_ms: int, frame: str) -> None:
        """A CALL of the server: kept for the message log, with no effect of its own."""
        book = self._book(station)
        row = JournalRow(at_ms, book.station, JournalKind.OUT, redacted(frame), effect=False)
        self.writer.submit((row,), ())

    def finish(self) -> None:
        """Commit what is left.

        Raises:
            CannotRecord: the disk does not take it.
        """
        self.writer.flush()

    # -- rows of our own journal ---------------------------------------------------------------

    def journal(self, row: JournalRow) -> None:
        """Book one row of our own journal again (verify)."""
        match row.kind:
            case JournalKind.CONNECTED:
                facts = msgspec.json.decode(row.frame)
                self.connected(
                    row.station, row.at_ms, row.subprotocol, facts.get("peer", ""),
                    admission=Admission(facts.get("admission", "accepted")),
                    tls=bool(facts.get("tls")), last_live_ms=facts.get("last_live_ms"),
                    quirks=tuple(facts.get("quirks", ())), fresh=bool(facts.get("fresh")),
                )  # fmt: skip
            case JournalKind.DISCONNECTED:
                facts = msgspec.json.decode(row.frame)
                self.disconnected(row.station, row.at_ms, facts.get("reason", ""), facts.get("since_ms"))
            case JournalKind.IN if row.held:
                self._held.setdefault(row.station, []).append(row)
                self._introduce(row)
                self.writer.submit((row,), ())
            case JournalKind.IN if row.effect:
                if row.station not in self._cores:
                    self._cores[row.station] = LinkCore(VERSION_OF.get(row.subprotocol, "1.6"))
                    self._book(row.station)
                self.received(row.station, row.at_ms, row.frame, row.answer)
            case JournalKind.ACTION:
                self.deed(read_deed(row.station, row.frame), row.at_ms)
            case JournalKind.SYSTEM:
                self._system(row)
            case _:
                self.writer.submit((row,), ())

    def deed(self, deed: Deed, at_ms: int) -> None:
        """Book an operator's deed."""
        row = JournalRow(at_ms, deed.station, JournalKind.ACTION, deed.text(), action=deed.intent)
        if deed.intent == "CloseSession":
            self._close_by_hand(deed, row, at_ms)
            return
        if deed.intent in ENTRY_DEEDS:
            record = entry_of(deed, self.entries, at_ms)
            self.writer.submit((row,), (record,))
            self.entries.apply(record)
            self._hear((record,), at_ms)
            return
        if deed.intent == "ActOnFault":
            self._act_on_fault(deed, row, at_ms)
            return
        book = self._book(deed.station)
        changed_row = decide_action(deed, book.record, at_ms)
        records: list[Record] = [changed_row]
        if deed.intent in ("AdmitStation", "AddStation"):
            held = self._held.pop(deed.station, [])
            records += book_quarantine(book, changed_row, held, self.numbers, self.policy)
        self._keep(book, row, tuple(records))

    def _act_on_fault(self, deed: Deed, row: JournalRow, at_ms: int) -> None:
        records: Sequence[Record] = ()
        if self._faults is not None:
            try:
                records = self._faults.act(deed, at_ms)
            except ForecourtError as error:
                # What a newer version of the rules no longer finds, nobody can have acted on.
                log.info("an act on a fault has no fault in this replay: %s", error)
        self.writer.submit((row,), records)
        for record in records:
            if isinstance(record, EntryRecord):
                self.entries.apply(record)
        self._hear(records, at_ms)

    def _close_by_hand(self, deed: Deed, row: JournalRow, at_ms: int) -> None:
        book = self._book(deed.station)
        session = book.sessions.by_number(session_of(deed)) or self._find_session(session_of(deed))
        closed = close_by_hand(session, book.sessions, deed.by, deed.why, at_ms) if session else None
        self._keep(book, row, (closed,) if closed is not None else ())

    # -- one message -------------------------------------------------------------------------

    def _book_message(self, book: Book, version: str, inbound: Inbound, answer: str) -> None:
        at_ms = inbound.received_ms
        stored = book.recent.find(inbound.message_id, inbound.action, inbound.text, at_ms)
        if stored is not None:
            self._note(book, at_ms, inbound.text, answer, version, inbound)
            return
        try:
            reception = understand(version, inbound.action, inbound.payload, book.context(at_ms))
        except OcppError as error:
            refusal = encode_error(version, inbound.message_id, error.code, error.text).decode()
            self._note(book, at_ms, inbound.text, answer or refusal, version, inbound)
            return
        found = None
        for event in reception.events:
            lookup = needed(event, book.sessions)
            if lookup is not None:
                found = self._find(lookup)
                break
        if inbound.action == "StartTransaction":
            self.numbers.recorded = answered_transaction(answer)
        verdict = verdict_on(book, reception, at_ms, inbound.quirks, self.numbers, self.policy, found)
        self.numbers.recorded = None
        payload = msgspec.json.encode(verdict.answer).decode()
        if not answer and not inbound.send:
            answer = encode_result(inbound.message_id, verdict.answer).decode()
        row = _in_row(book, inbound, answer, version, effect=reception.effect or bool(verdict.records))
        self.writer.submit((row,), verdict.records)
        for record in verdict.records:
            book.apply(record)
        self._hear(verdict.records, at_ms)
        if reception.said_ms is not None:
            book.watch = learn(book.watch, reception.said_ms, at_ms)
        if reception.repeatable and not inbound.send:
            book.recent.remember(inbound.message_id, inbound.action, inbound.text, at_ms, payload)

    def _quarantine(self, book: Book, core: LinkCore, inbound: Inbound, answer: str) -> None:
        context = book.context(inbound.received_ms)
        reception = understand(core.version, inbound.action, inbound.payload, context)
        records: tuple[Record, ...] = ()
        if book.record is not None:
            row = introduced(book.record, reception.events)
            records = (row,) if row is not book.record else ()
        verdict: Verdict = provisional(
            reception, inbound.received_ms, self.numbers.transaction_id, self.policy
        )
        text = answer or encode_result(inbound.message_id, verdict.answer).decode()
        kept = changed(_in_row(book, inbound, text, core.version, effect=True), held=True)
        self._held.setdefault(book.station, []).append(kept)
        self._keep(book, kept, records)

    def _introduce(self, row: JournalRow) -> None:
        """A quarantined boot changed how the waiting station looks; nothing else."""
        book = self._book(row.station)
        if row.action != "BootNotification" or book.record is None:
            return
        out = LinkCore(VERSION_OF.get(row.subprotocol, "1.6")).receive(row.frame, row.at_ms)
        if type(out) is Inbound:
            reception = understand(
                VERSION_OF.get(row.subprotocol, "1.6"), out.action, out.payload,
                book.context(row.at_ms),
            )  # fmt: skip
            record = introduced(book.record, reception.events)
            if record is not book.record:
                book.apply(record)
                self.writer.submit((), (record,))
                self._hear((record,), row.at_ms)

    def _system(self, row: JournalRow) -> None:
        facts = msgspec.json.decode(row.frame)
        if row.action == "link":
            record = LinkRecord(
                StationId(row.station), row.at_ms, LinkState(facts["link"]), facts.get("reason", "")
            )
            self._keep(self._book(row.station), row, (record,))
        elif row.action == "identity":
            why = msgspec.json.decode(row.frame)["why"]
            self._keep(self._book(row.station), *contested(StationId(row.station), why, row.at_ms))
        elif row.action == "lapsed":
            book = self._book(row.station)
            if book.record is not None:
                self._keep(book, *lapsed(book.record, row.at_ms))
        elif row.action == "ghosts":
            self.ghosts(row)
        elif row.action == "quirk":
            book = self._book(row.station)
            self._keep(book, *shows(book, facts["quirk"], facts["why"], row.at_ms))
        elif row.action == "numbers":
            self.numbers.next_session = facts["next_session"]
            self.writer.submit((row,), ())
        elif row.action == "started" and self._reload is not None:
            self.writer.submit((row,), ())
            self.books, self.numbers = self._reload()
            for book in self.books.values():
                book.watch = ClockWatch()
        else:
            self.writer.submit((row,), ())

    def ghosts(self, row: JournalRow) -> None:
        """Sessions that our clock found to be over by evidence (Q40)."""
        book = self._book(row.station)
        self._keep(book, row, end_ghosts(book, row.at_ms))

    # -- shared ------------------------------------------------------------------------------

    def _book(self, station: str) -> Book:
        book = self.books.get(StationId(station))
        if book is None:
            book = self.books[StationId(station)] = Book(StationId(station))
        return book

    def _subprotocol(self, station: str) -> str:
        record = self._book(station).record
        return record.protocol if record is not None and record.protocol else "ocpp1.6"

    def _keep(self, book: Book, row: JournalRow, records: tuple[Record, ...]) -> None:
        self.writer.submit((row,), records)
        for record in records:
            book.apply(record)
        self._hear(records, row.at_ms)

    def _hear(self, records: Sequence[Record], at_ms: int) -> None:
        faults = self._faults
        if faults is not None and records:
            for record in records:
                faults.hear(record, at_ms)
            faults.keep()

    def _note(
        self, book: Book, at_ms: int, frame: str, answer: str, version: str, inbound: Inbound | None = None,
        records: tuple[Record, ...] = (),
    ) -> None:  # fmt: skip
        action, message_id = (inbound.action, inbound.message_id) if inbound is not None else ("", "")
        row = JournalRow(
            at_ms,
            book.station,
            JournalKind.IN,
            frame,
            answer,
            SUBPROTOCOL[version],
            action,
            message_id,
            bool(records),
        )
        self._keep(book, row, records)


def _in_row(book: Book, inbound: Inbound, answer: str, version: str, *, effect: bool) -> JournalRow:
    return JournalRow(
        inbound.received_ms, book.station, JournalKind.IN, inbound.text, answer, SUBPROTOCOL[version],
        inbound.action, inbound.message_id, effect,
    )  # fmt: skip
