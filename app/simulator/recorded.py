"""What stations said, said again by simulated ones: the same words and pauses over real sockets.

Only what stations sent is said again, under identities of their own ("SIM-" and the old one), so no
real station hears or sees any of it. Times in the messages move to now; a transaction number that the
server gave then (OCPP 1.6, section 4.8) becomes the one it gives now.
"""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.simulator.link import Refused, Unanswered
from app.simulator.scripted import SimStation
from app.simulator.wire import CallFailed, stamp_millis
from app.tasks import spawn

log = logging.getLogger("forecourt.simulator")

PREFIX = "SIM-"
MOST_STATIONS = 20
LONGEST_PAUSE_S = 60.0
_TIMES = frozenset(
    ("timestamp", "currentTime", "expiryDate", "expiryDateTime", "startSchedule", "validFrom", "validTo")
)
_ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One CALL of a station: when, and what. `given` is the transaction number its answer brought."""

    at_ms: int
    action: str
    payload: dict[str, Any]
    given: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one station said, in order of time."""

    station: str
    version: str
    said: tuple[Spoken, ...]

    @property
    def identity(self) -> str:
        """Under which identity it is said again."""
        return PREFIX + self.station.removeprefix(PREFIX)


@dataclass(slots=True)
class Heard:
    """One line of a log: whose, when, a frame's text, and whether the station sent it."""

    station: str
    at_ms: int
    frame: str
    from_station: bool
    action: str = ""


def parts_of(lines: Iterable[Heard], versions: Callable[[str], str]) -> tuple[Part, ...]:
    """The stations' own CALLs out of a log, oldest first.

    Raises:
        ForecourtError: there are none, or of too many stations at once.
    """
    said: dict[str, list[Spoken]] = {}
    answers: dict[tuple[str, str], Any] = {}
    calls: list[tuple[Heard, str, Any]] = []
    for line in sorted(lines, key=lambda line: line.at_ms):
        match _parsed(line.frame):
            case [2, str(mid), str(), dict(payload)] if line.from_station:
                calls.append((line, mid, payload))
            case [3, str(mid), dict(payload)] if not line.from_station:
                answers[line.station, mid] = payload
            case _:
                continue
    for line, mid, payload in calls:
        answer = answers.get((line.station, mid), {})
        number = answer.get("transactionId") if line.action == "StartTransaction" else None
        given = number if isinstance(number, int) else None
        said.setdefault(line.station, []).append(Spoken(line.at_ms, line.action, payload, given))
    if not said:
        raise ForecourtError(
            "These messages hold nothing that a station said, so there is nothing to replay."
        )
    if len(said) > MOST_STATIONS:
        raise ForecourtError(
            f"They are of {len(said)} stations; a scenario plays at most {MOST_STATIONS}. Filter them."
        )
    return tuple(Part(name, versions(name), tuple(words)) for name, words in sorted(said.items()))


def _parsed(frame: str) -> Any:
    try:
        return json.loads(frame)
    except (ValueError, RecursionError):
        return None


class Recording:
    """A scenario that plays: one simulated station for each that is in it.

    Attributes:
        said: messages said so far; whole: of how many.
        failures: sentences about stations that could not go on.
    """

    def __init__(self, parts: Sequence[Part], url: str, clock: Clock, pace: float = 1.0) -> None:
        self.parts = tuple(parts)
        self.url = url
        self.clock = clock
        self.pace = pace
        self.said = 0
        self.whole = sum(len(part.said) for part in parts)
        self.failures: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def running(self) -> bool:
        """Whether any station still has something to say."""
        return any(not task.done() for task in self._tasks)

    def start(self) -> None:
        """Begin to play; goes on by itself."""
        first = min(part.said[0].at_ms for part in self.parts)
        self._tasks = [
            spawn(self._play(part, first), name=f"sim {part.identity} recorded") for part in self.parts
        ]

    async def stop(self) -> None:
        """Fall silent and hang up."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _play(self, part: Part, first_ms: int) -> None:
        station = SimStation(self.url, part.identity, version=part.version, clock=self.clock)
        numbers: dict[int, int] = {}
        try:
            await station.connect()
            if part.said[0].action != "BootNotification":
                await station.boot()
            before = first_ms
            for spoken in part.said:
                pause = min(LONGEST_PAUSE_S, max(0.0, (spoken.at_ms - before) / 1000 / self.pace))
                before = spoken.at_ms
                if pause:
                    await asyncio.sleep(pause)
                await self._say(station, spoken, numbers)
        except (Refused, Unanswered) as error:
            self.failures.append(f"{part.identity} could not go on: {error}.")
        finally:
            await station.close()

    async def _say(self, station: SimStation, spoken: Spoken, numbers: dict[int, int]) -> None:
        shift = self.clock.now_ms() - spoken.at_ms
        payload = moved(spoken.payload, shift)
        if isinstance(payload.get("transactionId"), int):
            payload["transactionId"] = numbers.get(payload["transactionId"], payload["transactionId"])
        try:
            answer = await station.call(spoken.action, payload)
        except CallFailed as error:
            log.info("%s: %s answered with %s", station.identity, spoken.action, error)
            answer = {}
        given = answer.get("transactionId")
        if spoken.action == "StartTransaction" and isinstance(given, int) and spoken.given is not None:
            numbers[spoken.given] = given
        self.said += 1


def moved(payload: Any, by_ms: int) -> Any:
    """The payload with its times later by `by_ms`; what is no time stays as it is."""
    if isinstance(payload, list):
        return [moved(item, by_ms) for item in payload]
    if not isinstance(payload, dict):
        return payload
    return {
        key: _later(value, by_ms) if key in _TIMES and isinstance(value, str) else moved(value, by_ms)
        for key, value in payload.items()
    }


def _later(text: str, by_ms: int) -> str:
    if not _ISO.match(text):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return stamp_millis(int(at.timestamp() * 1000) + by_ms)
