"""Where new numbers come from: sessions in order, 1.6 transactions at random, never twice."""

import secrets

from app.domain.ids import SessionId, TransactionId
from app.sessions.decision import HIGHEST_ISSUED


class Numbers:
    """The counters of one history. Sessions rise by one from what the store holds."""

    def __init__(self, *, next_session: int = 1, next_command: int = 1) -> None:
        self.next_session = next_session
        self._next_command = next_command
        self.recorded: TransactionId | None = None
        """On replay: the id that was answered; given out once instead of a new one."""

    def session_id(self) -> SessionId:
        """The next session number."""
        number = self.next_session
        self.next_session += 1
        return SessionId(number)

    def transaction_id(self) -> TransactionId:
        """A random id of 1 to 2^31-1 (Q43, T5): a restored old backup does not make ids return.

        Two in a fleet's lifetime of a million sessions coincide with a chance of 1 in 4,000 each
        year; every lookup names the station as well, so even then nothing is mistaken.
        """
        recorded, self.recorded = self.recorded, None
        if recorded is not None:
            return recorded
        return TransactionId(str(secrets.randbelow(HIGHEST_ISSUED) + 1))

    def command_id(self) -> int:
        """The next command number."""
        number = self._next_command
        self._next_command += 1
        return number
