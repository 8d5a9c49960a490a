"""Settings, local lists and limits: asked for again after they were written, and compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.operations import (
    ProfilePeriod,
    ReadCompositeSchedule,
    ReadConfiguration,
    ReadLocalListVersion,
    SendLocalList,
    SetProfile,
    Variable,
    WriteConfiguration,
)
from app.domain.told import ScheduleTold, SettingTold
from app.operations.configuration.naming import key_of
from app.operations.proofs.watch import Answer, Seen, Start, Watch, not_proved, nothing_to_see, proved

DAY_S = 86_400
SAME_LIMIT = 0.1
"""Limits are told with one decimal."""


class Written(Watch):
    """Reads the settings back; each has to be what was written."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, WriteConfiguration)
        self._values = start.operation.values
        self._rebooting = False
        self.look = ReadConfiguration(tuple(variable for variable, _ in self._values))

    def begin(self, answer: Answer) -> Seen | None:
        self._rebooting = "RebootRequired" in (answer.word, *answer.words)
        return super().begin(answer)

    def told(self, answer: Answer) -> Seen | None:
        settings = [s for s in answer.result or () if isinstance(s, SettingTold)]
        wrong: list[str] = []
        silent: list[str] = []
        for variable, wanted in self._values:
            found = next((s for s in settings if _same(s.variable, variable)), None)
            if found is None or not found.known:
                wrong.append(f"{variable.name} is not told")
            elif found.value is None:
                silent.append(variable.name)
            elif not equal(found.value, wanted):
                wrong.append(f"{variable.name} is {found.value or 'empty'}, not {wanted}")
        if wrong:
            later = " It asks for a reset first." if self._rebooting else ""
            return not_proved(f"Read back: {'; '.join(wrong[:3])}.{later}")
        if silent:
            return nothing_to_see(f"It keeps {', '.join(silent)} to itself, so it cannot be read back.")
        count = len(self._values)
        said = "Read back and equal" if count == 1 else f"All {count} read back and equal"
        return proved(f"{said}; it takes effect after a reset." if self._rebooting else f"{said}.")


def equal(told: str, wanted: str) -> bool:
    """Whether two texts are the same setting: case, blanks and "300.0" for "300" do not matter."""
    if told.strip().casefold() == wanted.strip().casefold():
        return True
    parts = [[p.strip().casefold() for p in text.split(",")] for text in (told, wanted)]
    if parts[0] == parts[1]:
        return True
    try:
        return float(told) == float(wanted)
    except ValueError:
        return False


def _same(told: Variable, asked: Variable) -> bool:
    # Whatever attribute is told: weak stations leave it out.
    return key_of(replace(told, attribute=asked.attribute)) == key_of(asked)


class Listed(Watch):
    """Asks for the list's version; it has to be the one that was sent."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, SendLocalList)
        self._version = start.operation.version
        self.again(start.payloads)
        self.look = ReadLocalListVersion()

    def again(self, payloads: tuple[Mapping[str, Any], ...]) -> None:
        # A long list goes in parts, and each raises the version: the last one's holds.
        last = payloads[-1] if payloads else {}
        self._version = last.get("listVersion", last.get("versionNumber", self._version))

    def told(self, answer: Answer) -> Seen | None:
        if answer.result == self._version:
            return proved(f"It holds version {self._version} of the list.")
        return not_proved(f"It holds version {answer.result} of the list, not {self._version}.")


class Limited(Watch):
    """Asks for the schedule in force; it may never allow more than the profile."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, SetProfile)
        wish = self._wish = start.operation
        self._from_ms = max(wish.start_ms or 0, wish.valid_from_ms or 0, start.sent_ms)
        ahead_s = (self._from_ms - start.sent_ms) // 1000
        self._asked_s = max(60, min(DAY_S, ahead_s + (wish.duration_s or DAY_S)))
        self.look = ReadCompositeSchedule(wish.evse, self._asked_s, wish.unit)

    def untold(self, why: str) -> Seen | None:
        return not_proved(f"It accepted the limit, but does not tell what is in force: {why}")

    def told(self, answer: Answer) -> Seen | None:
        told = answer.result
        if not isinstance(told, ScheduleTold):
            return not_proved("It accepted the limit, but does not tell what is in force.")
        wish = self._wish
        if told.unit != wish.unit:
            return not_proved(f"It tells its schedule in {told.unit}, so {wish.unit} cannot be compared.")
        begin_ms = told.start_ms or answer.at_ms
        at_ms = max(self._from_ms, begin_ms)
        limit = _limit_at(wish.periods, 0 if wish.kind == "Relative" else self._into_profile_s(at_ms))
        if (at_ms - begin_ms) / 1000 > self._asked_s:
            return nothing_to_see("It begins later than the schedule that can be asked for.")
        now = _limit_at(told.periods, (at_ms - begin_ms) / 1000)
        if limit is None:
            return not_proved("The profile sets no limit for now, so nothing can be compared.")
        if now is None or now > limit + SAME_LIMIT:
            shown = "no limit" if now is None else f"{now:g} {wish.unit}"
            return not_proved(f"It accepted {limit:g} {wish.unit}, but its schedule has {shown}.")
        return proved(f"Its schedule has {now:g} {wish.unit} in force.")

    def _into_profile_s(self, at_ms: int) -> float:
        if self._wish.kind == "Recurring" and self._wish.start_ms is not None:
            span_s = DAY_S if self._wish.recurrency == "Daily" else 7 * DAY_S
            return ((at_ms - self._wish.start_ms) / 1000) % span_s
        return (at_ms - (self._wish.start_ms or at_ms)) / 1000


def _limit_at(periods: tuple[ProfilePeriod, ...], second: float) -> float | None:
    begun = [p for p in sorted(periods, key=lambda p: p.start_s) if p.start_s <= second]
    return begun[-1].limit if begun else None
