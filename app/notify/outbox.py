"""What is to be told now, once a fault and rule, and never a flood. Pure, on the clock it is given."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from app.domain import forms
from app.notify.rules import Rule, Told, wants

WINDOW_MS = 600_000
AT_MOST = 6
"""Messages of one rule within ten minutes; what comes beyond goes into one that says how many."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: to which channels, about which faults; `escalated` are those nobody acted on."""

    rule: str
    channels: tuple[str, ...]
    title: str
    text: str
    faults: tuple[int, ...]
    urgent: bool = False
    escalated: frozenset[int] = frozenset()


@dataclass(slots=True)
class Outbox:
    """Remembers what was told and what waits.

    `told` holds (rule, fault, "new" or "escalated"); filled from the histories of faults at start.
    """

    told: set[tuple[str, int, str]] = field(default_factory=set)
    _waiting: dict[str, list[Told]] = field(default_factory=dict)
    _sent: dict[str, list[int]] = field(default_factory=dict)
    _digest_ms: dict[str, int] = field(default_factory=dict)

    def forget(self, held: Container[int]) -> None:
        """Forget who was told of faults that can come back no more; `held` are those that can."""
        self.told = {key for key in self.told if key[1] in held}

    def take(
        self, rules: Sequence[Rule], faults: Iterable[Told], now_ms: int, minute: int
    ) -> list[Message]:  # fmt: skip
        """The messages that are due.

        Args:
            rules: those that hold.
            faults: the open faults as they are now.
            now_ms: the time.
            minute: the minute of the local day.
        """
        standing = list(faults)
        numbers = {fault.fault for fault in standing}
        messages: list[Message] = []
        for rule in rules:
            waiting = self._waiting.setdefault(rule.id, [])
            # A fault that was over before anybody was to be told needs no message.
            waiting[:] = [fault for fault in waiting if fault.fault in numbers]
            for fault in standing:
                key = (rule.id, fault.fault, "escalated" if fault.escalated else "new")
                if key in self.told or not wants(rule, fault):
                    continue
                self.told.add(key)
                if fault.safety and rule.safety:
                    messages.append(self._one(rule, fault, now_ms))
                else:
                    waiting.append(fault)
            messages += self._due(rule, waiting, now_ms, minute)
        return messages

    def _due(self, rule: Rule, waiting: list[Told], now_ms: int, minute: int) -> list[Message]:
        since = self._digest_ms.setdefault(rule.id, now_ms)
        if rule.is_quiet(minute) or not waiting:
            return []
        if rule.digest_min:
            if now_ms - since < rule.digest_min * 60_000:
                return []
            self._digest_ms[rule.id] = now_ms
            return [self._many(rule, waiting, now_ms)]
        room = AT_MOST - len(self._lately(rule, now_ms))
        if room <= 0:
            return []
        if len(waiting) > room:
            return [self._many(rule, waiting, now_ms)]
        found = [self._one(rule, fault, now_ms) for fault in waiting]
        waiting.clear()
        return found

    def _lately(self, rule: Rule, now_ms: int) -> list[int]:
        sent = self._sent.setdefault(rule.id, [])
        sent[:] = [at for at in sent if at > now_ms - WINDOW_MS]
        return sent

    def _one(self, rule: Rule, fault: Told, now_ms: int) -> Message:
        self._lately(rule, now_ms).append(now_ms)
        title = f"{'Nobody acted: ' if fault.escalated else ''}{fault.title} – {fault.where}"
        return Message(
            rule.id, rule.channels, title, line_of(fault), (fault.fault,), fault.safety, _escalated([fault])
        )

    def _many(self, rule: Rule, waiting: list[Told], now_ms: int) -> Message:
        self._lately(rule, now_ms).append(now_ms)
        given, waiting[:] = [*waiting], []
        given.sort(key=lambda fault: (not fault.safety, fault.priority, -(fault.per_hour or 0)))
        lines = [f"{fault.title} – {fault.where}: {line_of(fault)}" for fault in given[:20]]
        if len(given) > 20:
            lines.append(f"and {len(given) - 20} more; they stand in the queue")
        count = f"{len(given)} faults" if len(given) > 1 else "1 fault"
        return Message(
            rule.id, rule.channels, count, "\n".join(lines), tuple(f.fault for f in given),
            any(f.safety for f in given), _escalated(given),
        )  # fmt: skip


def _escalated(faults: Iterable[Told]) -> frozenset[int]:
    return frozenset(fault.fault for fault in faults if fault.escalated)


def line_of(fault: Told) -> str:
    """A fault in a line: priority, money, what to do."""
    parts = ["safety" if fault.safety else fault.priority]
    if fault.per_hour is not None and fault.per_hour > 0:
        parts.append(f"losing {forms.amount(fault.per_hour, fault.currency)} an hour")
    if fault.action:
        parts.append(fault.action)
    return ", ".join(parts)
