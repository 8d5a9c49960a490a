"""What was answered to a station in the last ten minutes, so that a repeat gets the same answer.

CONTRACTS decision 3: a repeat is the same id, action and payload within 10 minutes. Stations
restart ids at 1, so an id alone is never a key.
"""

from app.domain.records import JournalRow
from app.intake.wire import answered_payload

WINDOW_MS = 600_000
MOST = 128
AFRESH = frozenset({"BootNotification", "Heartbeat", "Authorize"})
"""A repeat of these is a new question."""


class RecentAnswers:
    """The recent answers of one station. Nothing is allocated until the first is remembered."""

    __slots__ = ("_answers",)

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], tuple[int, int, str]] | None = None

    def find(self, message_id: str, action: str, payload: str, now_ms: int) -> str | None:
        """The payload that was answered to this very call, or None."""
        if not self._answers:
            return None
        kept = self._answers.get((message_id, action))
        if kept is None or kept[0] != hash(payload) or not 0 <= now_ms - kept[1] <= WINDOW_MS:
            return None
        return kept[2]

    def remember(self, message_id: str, action: str, payload: str, at_ms: int, answer: str) -> None:
        """Keep an answer payload (JSON text). The oldest make room."""
        if self._answers is None:
            self._answers = {}
        answers = self._answers
        answers.pop((message_id, action), None)
        answers[(message_id, action)] = (hash(payload), at_ms, answer)
        if len(answers) > MOST or at_ms - next(iter(answers.values()))[1] > WINDOW_MS:
            self._expire(at_ms)

    def recall(self, row: JournalRow) -> None:
        """Remember a call that was answered before a restart; rows come oldest first."""
        payload = answered_payload(row.answer) if row.action not in AFRESH else None
        if payload is not None:
            self.remember(row.message_id, row.action, row.frame, row.at_ms, payload)

    def _expire(self, now_ms: int) -> None:
        answers = self._answers
        assert answers is not None
        while answers:
            oldest = next(iter(answers))
            if len(answers) <= MOST and now_ms - answers[oldest][1] <= WINDOW_MS:
                return
            del answers[oldest]
