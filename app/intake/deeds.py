"""An operator's deed, live: journaled with who and why, then in effect; all of it or nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.ids import SessionId, StationId
from app.domain.intents import Asked, CloseSession, SetPassword
from app.domain.records import CommandRecord, EntryRecord, JournalKind, JournalRow, Record, SessionRecord
from app.intake.actions import Deed, decide_action, deed_of, session_of
from app.intake.book import Book
from app.intake.decide import Policy
from app.intake.entries import ENTRY_DEEDS, Entries, entry_of
from app.intake.quarantine import book_quarantine
from app.intake.turns import Turns
from app.sessions import close_by_hand
from app.tasks import awaited

Read = Callable[..., Awaitable[Any]]
"""Runs `fn(connection, *args)` in a reader thread."""


class FaultActs(Protocol):
    """Carries out persons' acts on faults."""

    def fields_of(self, deed: Deed) -> dict[str, Any]:
        """The deed's fields as the journal keeps them. Raises ForecourtError: there is no such fault."""

    def act(self, deed: Deed, at_ms: int) -> Sequence[Record]:
        """What has to be kept; in effect at once. Raises ForecourtError where the act may not be."""

    def kept(self, records: Sequence[Record]) -> None:
        """What `act` gave is kept."""

    def take_back(self, records: Sequence[Record]) -> None:
        """It will never be."""


class Deeds:
    """Carries out intents.

    Args:
        clock: time.
        turns: the books.
        hash_password: the form in which a password is kept; slow, so it runs in a thread.
        password_changed: told of the station whose password changed.
        policy: the operator's choices.
        session: reads one session by number from the store.
        held: reads a station's quarantined rows that are not booked yet, oldest first.
        entries: what persons wrote down.
        fault_acts: what acts on faults change.
    """

    def __init__(
        self,
        clock: Clock,
        turns: Turns,
        hash_password: Callable[[str], str],
        password_changed: Callable[[str], None],
        policy: Policy,
        session: Callable[[SessionId], Awaitable[SessionRecord | None]],
        held: Callable[[StationId], Awaitable[list[JournalRow]]],
        entries: Entries,
        fault_acts: FaultActs | None = None,
    ) -> None:
        self.clock = clock
        self.turns = turns
        self._hash_password = hash_password
        self._password_changed = password_changed
        self.policy = policy
        self._session = session
        self._held = held
        self.entries = entries
        self._fault_acts = fault_acts
        self._general = turns.general

    async def do(self, asked: Asked, in_thread: Callable[..., Awaitable[Any]]) -> Deed:
        """Carry out an intent; returns once it is on disk.

        Args:
            asked: the intent with who and why.
            in_thread: runs a slow function (hashing) off the loop.

        Raises:
            ForecourtError: it cannot be done, or not be kept; the sentence says why.
        """
        deed = await self._deed(asked, in_thread)
        if deed.intent in ENTRY_DEEDS or deed.intent == "ActOnFault":
            await self._in_general(deed)
            return deed
        book = self.turns.books.get(StationId(deed.station))
        if book is None:
            if deed.intent != "AddStation":
                raise ForecourtError(f"There is no station {deed.station}; check the identity.")
            book = self.turns.book(StationId(deed.station))
        await self._turn(book)
        try:
            records = await self._records(book, deed)
            await self._keep(book, deed, records)
        finally:
            self.turns.next(book)
        if isinstance(asked.intent, SetPassword):
            self._password_changed(deed.station)
        return deed

    async def _in_general(self, deed: Deed) -> None:
        """Carry out a deed that changes no station's row."""
        await self._turn(self._general)
        try:
            if deed.intent in ENTRY_DEEDS:
                await self._keep(self._general, deed, [entry_of(deed, self.entries, self.clock.now_ms())])
            elif self._fault_acts is None:
                raise ForecourtError("Faults are not watched here, so nothing can be done to one.")
            else:
                await self._on_fault(self._fault_acts, deed)
        finally:
            self.turns.next(self._general)

    async def _on_fault(self, faults: FaultActs, deed: Deed) -> None:
        deed = replace(deed, fields=faults.fields_of(deed))
        now = self.clock.now_ms()
        await self._settled()
        acted = faults.act(deed, now)
        try:
            await self._keep(self._general, deed, list(acted), now)
        except BaseException:
            faults.take_back(acted)
            raise
        faults.kept(acted)

    async def _settled(self) -> None:
        """What stations said before comes before what a person does about it, as in the journal."""
        free: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def come() -> None:
            if not free.done():
                free.set_result(None)

        self.turns.settled(come, general=False)
        await free

    async def _deed(self, asked: Asked, in_thread: Callable[..., Awaitable[Any]]) -> Deed:
        intent = asked.intent
        if isinstance(intent, CloseSession):
            session = await self._session(SessionId(intent.session))
            if session is None:
                raise ForecourtError(f"There is no session {intent.session}.")
            return deed_of(asked, station=session.station)
        if isinstance(intent, SetPassword) and intent.password:
            return deed_of(asked, password_hash=await in_thread(self._hash_password, intent.password))
        return deed_of(asked)

    async def _turn(self, book: Book) -> None:
        """Wait until nothing of this station is on its way, and hold up what comes next."""
        free: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def take() -> None:
            if free.done():
                return  # who asked was cancelled while it waited; the next has its turn
            book.busy = True
            free.set_result(None)

        self.turns.in_turn(book, take)
        await free

    async def _records(self, book: Book, deed: Deed) -> list[Record]:
        now = self.clock.now_ms()
        if deed.intent == "CloseSession":
            number = session_of(deed)
            session = book.sessions.by_number(number) or await self._session(number)
            assert session is not None
            closed = close_by_hand(session, book.sessions, deed.by, deed.why, now)
            if closed is None:
                raise ForecourtError(f"Session {number} is closed already.")
            return [closed]
        record = decide_action(deed, book.record, now)
        records: list[Record] = [record]
        if deed.intent in ("AdmitStation", "AddStation"):
            rows = await self._held(book.station)
            records += book_quarantine(book, record, rows, self.turns.numbers, self.policy)
        return records

    async def _keep(self, book: Book, deed: Deed, records: list[Record], at_ms: int | None = None) -> None:
        now = self.clock.now_ms() if at_ms is None else at_ms
        row = JournalRow(now, deed.station, JournalKind.ACTION, deed.text(), action=deed.intent)
        told = CommandRecord(
            self.turns.numbers.command_id(), book.station, deed.intent, deed.by, deed.why, now,
            answered_ms=now, answer="done", outcome="done",
        )  # fmt: skip
        then, kept = awaited()

        def done(error: Exception | None) -> None:
            if error is None:
                self.turns.apply(book, records, now)
                for record in records:
                    if isinstance(record, EntryRecord):
                        self.entries.apply(record)
            else:
                self.turns.not_kept(book, deed.intent, error)
            then(error)

        self.turns.submit(row, [*records, told], done)
        await kept
