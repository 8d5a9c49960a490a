"""What deciding takes and gives: new ids, what memory lacks, and the records that follow."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.fact import Fact
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import NoticeRecord, ReadingRecord, SessionRecord

HIGHEST_ISSUED = 2**31 - 1


class Issue(Protocol):
    """Where new ids come from. On replay it yields the recorded ones."""

    def session_id(self) -> SessionId:
        """The next number, never reused."""

    def transaction_id(self) -> TransactionId:
        """A random integer of 1 to 2^31-1 as text, unique in the fleet for ever (Q43, T5)."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a decision needs of the store: a session of `station` by the first key that fits one.

    In the order start, stop, transaction; of several, the newest. `transaction` is a session's own,
    never an alias: an alias holds only while its session grows. Empty keys fit nothing.
    """

    station: StationId
    start_key: str = ""
    transaction: TransactionId | None = None
    stop_key: str = ""


class Decision(Fact, frozen=True):
    """What follows from an event.

    `records` are committed as they are, in order. `transaction` answers a 1.6 start. `session` is
    the session concerned. `repeated`: nothing new, the same answer is due. `concurrent`: the token
    has another session that truly runs on this station. `quirks` are counted once each.
    """

    records: tuple[SessionRecord | ReadingRecord | NoticeRecord, ...] = ()
    transaction: TransactionId | None = None
    session: SessionId | None = None
    repeated: bool = False
    concurrent: bool = False
    quirks: tuple[str, ...] = ()


NOTHING = Decision()


def issueable(transaction: TransactionId | None) -> bool:
    """Whether a 1.6 id may be one of ours: a whole number of 1 to 2^31-1 (Q37, Q43)."""
    return transaction is not None and transaction.isdecimal() and 0 < int(transaction) <= HIGHEST_ISSUED
