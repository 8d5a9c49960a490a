"""Trigger: the message came. Reports: all their parts came."""

import json
from typing import Any

from app.domain.operations import (
    AskCustomerInformation,
    ReadConfiguration,
    ReadMessages,
    ReadMonitors,
    ReadProfiles,
    Trigger,
)
from app.domain.records import NoticeRecord, Record
from app.domain.told import SettingTold
from app.operations.proofs.watch import Answer, Seen, Start, Watch, nothing_to_see, proved, span
from app.protocol.orders import joined


class Came(Watch):
    """Waits for the message that was asked for."""

    LIMIT_S = 60
    MESSAGES = True

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, Trigger)
        wanted = start.operation.message
        # Certificates are triggered by what they are for; the message is the same.
        self._action = "SignCertificate" if wanted.startswith("Sign") else wanted

    def said(self, action: str, at_ms: int) -> Seen | None:
        if action != self._action or at_ms < self.start.sent_ms:
            return None
        return proved(f"{action} came {max(0, round((at_ms - self.start.sent_ms) / 1000))} s later.")

    def give_up(self) -> str:
        return f"It accepted, but no {self._action} came within {span(self.LIMIT_S)}."


SUBJECTS: dict[type, str] = {
    ReadConfiguration: "report",
    ReadMonitors: "monitoring",
    ReadProfiles: "profile",
    ReadMessages: "display",
    AskCustomerInformation: "customer",
}


class Told(Watch):
    """Waits for all parts of a report that was promised (Q75: in any order)."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._subject = SUBJECTS[type(start.operation)]
        self._request = next((p["requestId"] for p in start.payloads if "requestId" in p), None)
        self._parts: set[int] = set()
        self._notices: list[NoticeRecord] = []
        self._last: int | None = None

    def begin(self, answer: Answer) -> Seen | None:
        super().begin(answer)
        wish = self.start.operation
        if self._request is None or (isinstance(wish, AskCustomerInformation) and not wish.report):
            return nothing_to_see("")
        return self._judge()

    def gathered(self) -> tuple[SettingTold, ...]:
        found = joined(self._notices, self._request) if self._request is not None else None
        told = found.result if found is not None and self._subject == "report" else ()
        return tuple(s for s in told if isinstance(s, SettingTold))

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, NoticeRecord) or record.subject != self._subject:
            return None
        detail: dict[str, Any] = json.loads(record.detail)
        if self._request is None or detail.get("requestId") != self._request:
            return None
        self._notices.append(record)
        seq = int(detail.get("seqNo", len(self._parts)))
        self._parts.add(seq)
        if not detail.get("tbc", False):
            self._last = max(seq, self._last or 0)
        # Each part shows that the station is at it.
        self.until_ms = at_ms + self.LIMIT_S * 1000
        self.progress = f"{len(self._parts)} parts came."
        return self._judge()

    def _judge(self) -> Seen | None:
        if self._last is None or len(self._parts) < self._last + 1:
            return None
        parts = len(self._parts)
        return proved(f"All of it came, in {parts} {'part' if parts == 1 else 'parts'}.")

    def give_up(self) -> str:
        if self._parts:
            return f"{len(self._parts)} parts came, then no more for {span(self.LIMIT_S)}."
        return f"It accepted, but sent nothing within {span(self.LIMIT_S)}."
