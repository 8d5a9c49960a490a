"""Texts, limits, monitors and streams: the station is asked what it holds since (2.x), and it is compared.

Its answer comes at once ("nothing fits"), or in messages of their own afterwards. OCPP 1.6 has no way
to ask, so there the answer to the command is all there is, and the log says so.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from app.domain.operations import (
    ClearMessage,
    ClearMonitors,
    ClearProfile,
    Operation,
    ReadMessages,
    ReadMonitors,
    ReadProfiles,
    ReadStreams,
    SetMonitors,
    SetStream,
    ShowMessage,
    Variable,
)
from app.domain.records import NoticeRecord, Record
from app.domain.told import MonitorTold
from app.operations.proofs.watch import Answer, Seen, Start, Watch, not_proved, nothing_to_see, proved, span
from app.protocol.orders import joined

NOTHING = ("NoProfiles", "Unknown", "EmptyResultSet")
"""A station's words for "nothing fits"."""
EXTERNAL = "ChargingStationExternalConstraints"
"""Limits of others, which nobody can clear by a message."""


class ToldAfter(Watch, ABC):
    """Asks after the answer, waits for all parts of what the station tells, then compares once."""

    LIMIT_S = 120
    SUBJECT: ClassVar[str] = ""

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._notices: list[NoticeRecord] = []
        self.look = self.asks() if start.version != "1.6" else None

    @abstractmethod
    def asks(self) -> Operation:
        """What to ask."""

    @abstractmethod
    def compare(self, rows: Iterable[Any]) -> Seen:
        """What the station holds against what was meant."""

    def begin(self, answer: Answer) -> Seen | None:
        super().begin(answer)
        if self.look is None:
            return nothing_to_see("The station agreed; OCPP 1.6 has no way to ask what it holds now.")
        return None

    def told(self, answer: Answer) -> Seen | None:
        self.until_ms = answer.at_ms + self.LIMIT_S * 1000
        if answer.word.split(" ")[0] in NOTHING:
            return self.compare(())
        return self._judge()

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, NoticeRecord) or record.subject != self.SUBJECT:
            return None
        self._notices.append(record)
        return self._judge()

    def _judge(self) -> Seen | None:
        found = joined(self._notices, self.start.command)
        return self.compare(found.result) if found is not None and found.complete else None

    def give_up(self) -> str:
        return f"It accepted, but did not tell what it holds within {span(self.LIMIT_S)}."


class LimitsGone(ToldAfter):
    """No charging profile that was to be cleared is installed any more."""

    SUBJECT = "profile"

    def asks(self) -> Operation:
        wish = self.start.operation
        assert isinstance(wish, ClearProfile)
        return ReadProfiles(wish.evse, wish.purpose, wish.profile)

    def compare(self, rows: Iterable[Any]) -> Seen:
        left = sorted(str(row.get("id")) for row in rows if self._meant(row))
        if left:
            return not_proved(f"It accepted, but still has {_count(left, 'profile')} {', '.join(left[:5])}.")
        return proved("It was asked again: no such charging profile is installed any more.")

    def _meant(self, row: Mapping[str, Any]) -> bool:
        wish = self.start.operation
        assert isinstance(wish, ClearProfile)
        return (
            wish.profile in (None, row.get("id"))
            and wish.stack_level in (None, row.get("stackLevel"))
            and wish.evse in (None, row.get("evseId"))
            and row.get("chargingProfilePurpose") != EXTERNAL
        )


class Shown(ToldAfter):
    """The station holds the text for its display."""

    SUBJECT = "display"

    def asks(self) -> Operation:
        assert isinstance(self.start.operation, ShowMessage)
        return ReadMessages((self.start.operation.message,))

    def compare(self, rows: Iterable[Any]) -> Seen:
        wish = self.start.operation
        assert isinstance(wish, ShowMessage)
        found = [_content(row) for row in rows if row.get("id") == wish.message]
        if not found:
            return not_proved(f"It accepted, but holds no text {wish.message} for its display.")
        if wish.text not in found:
            return not_proved(f"It accepted, but its text {wish.message} is “{found[0]}”.")
        return proved(f"It was asked again: it holds text {wish.message} for its display, word for word.")


class TextGone(ToldAfter):
    """The station holds the text no more."""

    SUBJECT = "display"

    def asks(self) -> Operation:
        assert isinstance(self.start.operation, ClearMessage)
        return ReadMessages((self.start.operation.message,))

    def compare(self, rows: Iterable[Any]) -> Seen:
        wish = self.start.operation
        assert isinstance(wish, ClearMessage)
        if any(row.get("id") == wish.message for row in rows):
            return not_proved(f"It accepted, but still holds text {wish.message}.")
        return proved(f"It was asked again: it holds no text {wish.message} any more.")


class Monitored(ToldAfter):
    """Every monitor that was set is told."""

    SUBJECT = "monitoring"

    def asks(self) -> Operation:
        assert isinstance(self.start.operation, SetMonitors)
        return ReadMonitors(tuple(dict.fromkeys(m[0] for m in self.start.operation.monitors)))

    def compare(self, rows: Iterable[Any]) -> Seen:
        assert isinstance(self.start.operation, SetMonitors)
        wanted = self.start.operation.monitors
        told = [row for row in rows if isinstance(row, MonitorTold)]
        lacking = [v.name for v, kind, value, _ in wanted if not any(_is(t, v, kind, value) for t in told)]
        if lacking:
            return not_proved(f"It accepted, but does not watch {', '.join(lacking[:3])} that way.")
        return proved(f"It was asked again: it watches {', '.join(v.name for v, *_ in wanted[:3])}.")


class Unmonitored(ToldAfter):
    """None of the monitors that were cleared is told."""

    SUBJECT = "monitoring"

    def asks(self) -> Operation:
        return ReadMonitors()

    def compare(self, rows: Iterable[Any]) -> Seen:
        wish = self.start.operation
        gone = wish.ids if isinstance(wish, ClearMonitors) else (getattr(wish, "monitor", 0),)
        left = [str(n) for n in gone if any(isinstance(r, MonitorTold) and r.monitor == n for r in rows)]
        if left:
            return not_proved(f"It accepted, but still has {_count(left, 'monitor')} {', '.join(left)}.")
        return proved("It was asked again: nothing is watched by that number any more.")


class Streamed(Watch):
    """The stream that was adjusted has the new pace (2.1)."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self.look = ReadStreams()

    def told(self, answer: Answer) -> Seen | None:
        wish = self.start.operation
        assert isinstance(wish, SetStream)
        rows = answer.result if isinstance(answer.result, list) else []
        found = next((row for row in rows if isinstance(row, dict) and row.get("id") == wish.stream), None)
        if found is None:
            return not_proved(f"It accepted, but tells no open stream {wish.stream}.")
        pace = found.get("params") or {}
        wanted = {"interval": wish.interval_s, "values": wish.values}
        wrong = [f"{k} {pace.get(k)}" for k, v in wanted.items() if v is not None and pace.get(k) != v]
        if wrong:
            return not_proved(f"It accepted, but stream {wish.stream} has {' and '.join(wrong)}.")
        return proved(f"It was asked again: stream {wish.stream} has the new pace.")


def stream_proof(start: Start) -> Watch:
    """A stream is closed by clearing its monitor, and adjusted by itself."""
    assert isinstance(start.operation, SetStream)
    return Streamed(start) if start.operation.open else Unmonitored(start)


def _content(row: Mapping[str, Any]) -> str:
    message = row.get("message")
    return str(message.get("content", "")) if isinstance(message, dict) else ""


def _is(told: MonitorTold, variable: Variable, kind: str, value: float) -> bool:
    same = (
        told.variable.name.casefold() == variable.name.casefold()
        and told.variable.component.casefold() == variable.component.casefold()
        and (told.variable.evse or 0) == (variable.evse or 0)
    )
    return same and told.kind == kind and told.value is not None and math.isclose(told.value, value)


def _count(left: list[str], what: str) -> str:
    return what if len(left) == 1 else f"{what}s"
