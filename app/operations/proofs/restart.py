"""Reset: the station went away or booted again, and its connectors are as they were (Q68)."""

import json

from app.domain.operations import Reset
from app.domain.records import LinkRecord, NoticeRecord, Record, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.operations.proofs.watch import Answer, Seen, Start, Watch, named, plugs, proved, span

SCHEDULED_S = 86_400
"""A reset that waits for running sessions is waited for a day."""
BY_RESET = frozenset({"RemoteReset", "ScheduledReset"})
"""Reasons of a 2.x boot that can only be ours."""
_BROKEN = (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)


class Restart(Watch):
    """Waits for a boot and for each connector's status after it."""

    LIMIT_S = 300
    WITHOUT_ANSWER = True

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, Reset)
        self._evse = start.operation.evse
        self._before = {
            (c.evse, c.connector): c.status
            for c in plugs(start.view, self._evse)
            if c.status is not ConnectorStatus.UNKNOWN
        }
        self._since: dict[tuple[int, int], ConnectorStatus] = {}
        self._gone = self._back = self._doubtful = False
        self._booted_ms: int | None = None
        self._limit_s = self.LIMIT_S

    def begin(self, answer: Answer) -> Seen | None:
        if answer.word == "Scheduled":
            self._limit_s = SCHEDULED_S
            self.progress = "It resets once nobody charges any more."
        self.until_ms = answer.at_ms + self._limit_s * 1000
        return self._judge(answer.at_ms)

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if isinstance(record, LinkRecord):
            self._linked(record)
        elif isinstance(record, NoticeRecord) and record.subject == "boot":
            self._boot(record, at_ms)
        elif isinstance(record, StatusRecord) and record.live and (self._evse or self._booted_ms is not None):
            if record.evse > 0 and (not self._evse or record.evse == self._evse):
                self._since[record.evse, record.connector] = record.status
        else:
            return None
        return self._judge(at_ms)

    def _linked(self, record: LinkRecord) -> None:
        if record.state is LinkState.OFFLINE and self.start.resumed_ms is None:
            self._gone = True
        elif record.state is LinkState.ONLINE and self._gone:
            self._back = True

    def _boot(self, record: NoticeRecord, at_ms: int) -> None:
        resumed = self.start.resumed_ms
        if record.received_ms < self.start.sent_ms or _loop(record):
            return
        if resumed is not None and record.received_ms >= resumed and record.name not in BY_RESET:
            # Our own restart cut its link; some stations boot for that alone.
            self._doubtful = True
            return
        self._booted_ms = at_ms
        self._since.clear()
        # Statuses follow a boot; they get their own time, however long the reset itself was waited for.
        self.until_ms = max(min(self.until_ms, at_ms + self.LIMIT_S * 1000), at_ms + 60_000)
        self.progress = "It booted; the status of its connectors is awaited."

    def _judge(self, at_ms: int) -> Seen | None:
        if self._evse:
            told = self._since
            if not told or any(status in _BROKEN for status in told.values()):
                return None
            return proved(f"EVSE {self._evse} told its status again: {_words(told)}.")
        if self._booted_ms is None or self._missing() or self._broken():
            return None
        after_s = max(0, round((self._booted_ms - self.start.sent_ms) / 1000))
        if not self._before:
            return proved(f"It restarted and booted {after_s} s after the command.")
        return proved(f"It restarted and booted after {after_s} s; {_words(self._since)}.")

    def _missing(self) -> list[tuple[int, int]]:
        return [place for place in self._before if place not in self._since]

    def _broken(self) -> list[tuple[int, int]]:
        """Connectors that came back worse than they went."""
        return [p for p, now in self._since.items() if now in _BROKEN and now is not self._before.get(p)]

    def give_up(self) -> str:
        limit = span(self._limit_s)
        if self._evse:
            return f"It accepted, but EVSE {self._evse} told no usable status within {limit}."
        if self._booted_ms is not None:
            if missing := self._missing():
                verb = "has" if len(missing) == 1 else "have"
                return f"It booted, but {named(missing)} {verb} told no status since."
            broken = self._broken()
            return f"It booted, but {_words({p: self._since[p] for p in broken})} since."
        if self._doubtful:
            return "Forecourt restarted in between and the station booted afterwards; why was not seen."
        if self._back:
            return "It went away and came back, but told no boot."
        if self._gone:
            return f"It went away and did not boot again within {limit}."
        return f"It accepted, but neither went away nor booted within {limit}."


def _loop(record: NoticeRecord) -> bool:
    """A boot's notice tells who booted; the notice of a boot loop does not."""
    return "model" not in json.loads(record.detail)


def _words(statuses: dict[tuple[int, int], ConnectorStatus]) -> str:
    kinds: dict[ConnectorStatus, list[tuple[int, int]]] = {}
    for place, status in statuses.items():
        kinds.setdefault(status, []).append(place)
    said = [
        f"{named(places)} {'is' if len(places) == 1 else 'are'} {status.value}"
        for status, places in kinds.items()
    ]
    return ", ".join(said)
