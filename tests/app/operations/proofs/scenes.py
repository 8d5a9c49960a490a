"""A station for proofs, and the records it may tell."""

import json
from typing import Any

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.operations import Operation
from app.domain.records import (
    FileRecord,
    LinkRecord,
    NoticeRecord,
    SessionRecord,
    SessionState,
    StatusRecord,
)
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown
from app.fleet.views import ConnectorView, StationView
from app.operations.proofs.watch import Answer, Start

SENT_MS = 1_000_000
S = StationId("S")


def view(*statuses: ConnectorStatus, firmware: str = "1.0", tokens: tuple[str, ...] = ()) -> StationView:
    """A station with connectors in these states, numbered from 1."""
    plugs = tuple(
        ConnectorView(
            "S", n, 1, status, Shown.AVAILABLE, session=n if tokens[n - 1 : n] else None,
            session_token=(tokens[n - 1 : n] or ("",))[0],
        )
        for n, status in enumerate(statuses, start=1)
    )  # fmt: skip
    return StationView(
        "S", "S", "", None, None, Admission.ACCEPTED, LinkState.ONLINE, 0, 0, Shown.AVAILABLE,
        version="1.6", firmware=firmware, connectors=plugs,
    )  # fmt: skip


def start(operation: Operation, seen: StationView | None = None, **more: Any) -> Start:
    """What a proof begins with."""
    given = {"view": view(ConnectorStatus.AVAILABLE) if seen is None else seen} | more
    return Start(41, S, operation, SENT_MS, **given)


def answer(word: str = "Accepted", result: Any = None, *, at_ms: int = SENT_MS + 1_000) -> Answer:
    """The station's answer, a second later."""
    return Answer(word, at_ms, result)


def status(
    status: ConnectorStatus, evse: int = 1, at_ms: int = SENT_MS + 5_000, *, live: bool = True
) -> StatusRecord:
    """A connector's word."""
    return StatusRecord(S, evse, 1 if evse else 0, at_ms, at_ms, status, live=live)


def boot(firmware: str = "1.0", reason: str = "PowerUp", at_ms: int = SENT_MS + 4_000) -> NoticeRecord:
    """A boot's notice."""
    detail = {"vendor": "V", "model": "M", "serial": "1", "firmware": firmware}
    return NoticeRecord(S, at_ms, at_ms, "boot", reason, json.dumps(detail))


def notice(subject: str, name: str, at_ms: int = SENT_MS + 4_000, **detail: Any) -> NoticeRecord:
    """Any other notice."""
    return NoticeRecord(S, at_ms, at_ms, subject, name, json.dumps(detail))


def link(state: LinkState, at_ms: int = SENT_MS + 3_000) -> LinkRecord:
    """A point of its link."""
    return LinkRecord(S, at_ms, state)


def session(number: int = 7, state: SessionState = SessionState.OPEN, **more: Any) -> SessionRecord:
    """A session at connector 1."""
    given: dict[str, Any] = {"evse": 1, "connector": 1, "transaction": TransactionId("900")} | more
    return SessionRecord(SessionId(number), S, state=state, **given)


def file(state: str, command: int = 41, **more: Any) -> FileRecord:
    """A file it was asked for."""
    return FileRecord(1, S, "diagnostics", SENT_MS, SENT_MS + 3_600_000, "", state, command, **more)
