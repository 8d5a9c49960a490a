"""A range of the message log as a scenario: what simulated stations say again (`simulate --scenario FILE`).

JSON lines. The first tells of the whole, each further one is a step, in order of time:

    {"scenario": 1, "title": "...", "stations": {"VTP-05": "1.6"}}
    {"after_ms": 0,    "station": "VTP-05", "does": "connects"}
    {"after_ms": 1200, "station": "VTP-05", "does": "says", "action": "StartTransaction", "payload": {...},
     "at_ms": 1767600001200, "transaction": 41}
    {"after_ms": 3000, "station": "VTP-05", "does": "answers", "action": "Reset", "payload": {...}}
    {"after_ms": 9000, "station": "VTP-05", "does": "leaves"}

`after_ms` counts from the first step, `at_ms` is when it was said, so that times within the payload
keep their distance to the moment it is said again. `transaction` is the number the server gave
to a 1.6 start, so that later messages can name the new one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from app.domain.errors import ForecourtError, UsageError
from app.fleet.views import MessageView

SUFFIX = ".jsonl"
MOST_STEPS = 200_000


class Head(msgspec.Struct, frozen=True):
    """The first line. `stations` holds each one's version."""

    scenario: Literal[1]
    title: str
    stations: dict[str, Literal["1.6", "2.0.1", "2.1"]]


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of one station."""

    after_ms: Annotated[int, msgspec.Meta(ge=0)]
    station: str
    does: Literal["connects", "leaves", "says", "sends", "answers", "refuses"]
    action: str = ""
    payload: dict[str, Any] = {}
    at_ms: int = 0
    transaction: int | str | None = None
    code: str = ""
    """Of the error with which it refuses."""


class Recording(msgspec.Struct, frozen=True):
    """A scenario as read."""

    head: Head
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts at its own pace."""
        return self.steps[-1].after_ms / 1000 if self.steps else 0.0


def record(lines: Iterable[MessageView], versions: Mapping[str, str], title: str) -> Recording:
    """A scenario from lines of the log, of whatever order; what no station said is left out.

    A station whose version is not known is left out too, since nobody could play it.

    Raises:
        ForecourtError: nothing is left to play.
    """
    chosen = sorted(
        (line for line in lines if versions.get(line.station)), key=lambda line: (line.at_ms, line.direction)
    )
    # What was asked for is joined with its answer by station and message id.
    given = {
        (line.station, line.message_id): line
        for line in chosen
        if line.direction == "out" and line.kind == "result"
    }
    steps: list[Step] = []
    begin_ms = chosen[0].at_ms if chosen else 0
    for line in chosen:
        step = _step(line, line.at_ms - begin_ms, given)
        if step is not None:
            steps.append(step)
    if not any(step.does in ("says", "sends") for step in steps):
        raise ForecourtError(
            "No station says anything in these messages, so there is no scenario in them; widen the filter."
        )
    stations = {step.station: versions[step.station] for step in steps}
    head = msgspec.convert({"scenario": 1, "title": title, "stations": stations}, Head)
    return Recording(head, tuple(steps))


def _step(line: MessageView, after_ms: int, given: Mapping[tuple[str, str], MessageView]) -> Step | None:
    if line.direction == "link":
        what = {line.note, line.action}
        if "connected" in what:
            return Step(after_ms, line.station, "connects")
        return Step(after_ms, line.station, "leaves") if "disconnected" in what else None
    if line.direction != "in":
        return None
    frame = _frame(line.frame)
    match line.kind, frame:
        case "call", [2, str(), str(action), dict(payload), *_]:
            answer = given.get((line.station, line.message_id))
            number = _transaction(action, _frame(answer.frame)) if answer is not None else None
            return Step(after_ms, line.station, "says", action, payload, line.at_ms, number)
        case "send", [6, str(), str(action), dict(payload), *_]:
            return Step(after_ms, line.station, "sends", action, payload, line.at_ms)
        case "result", [3, str(), dict(payload), *_] if line.action:
            return Step(after_ms, line.station, "answers", line.action, payload, line.at_ms)
        case "error", [4, str(), str(code), *_] if line.action:
            return Step(after_ms, line.station, "refuses", line.action, {}, line.at_ms, code=code)
    return None


def _frame(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _transaction(action: str, frame: Any) -> int | None:
    if action != "StartTransaction":
        return None
    match frame:
        case [3, str(), {"transactionId": int(number)}, *_]:
            return number
    return None


def to_lines(recording: Recording) -> Iterator[str]:
    """The file's lines; `from_lines` reads them back."""
    yield msgspec.json.encode(recording.head).decode()
    for step in recording.steps:
        yield msgspec.json.encode(step).decode()


def write(recording: Recording, path: Path) -> None:
    """Write the file.

    Raises:
        ForecourtError: it cannot be written.
    """
    try:
        path.write_text("\n".join(to_lines(recording)) + "\n", encoding="utf-8")
    except OSError as error:
        raise ForecourtError(f"{path} cannot be written: {error.strerror}.") from None


def from_lines(lines: Iterable[str], name: str) -> Recording:
    """A scenario from its lines.

    Raises:
        UsageError: it is none; the sentence names the line.
    """
    head: Head | None = None
    steps: list[Step] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if head is None:
                head = msgspec.json.decode(line, type=Head)
                continue
            step = msgspec.json.decode(line, type=Step)
        except msgspec.MsgspecError as error:
            raise UsageError(f"Line {number} of {name} is no line of a scenario: {error}.") from None
        if step.station not in head.stations:
            raise UsageError(
                f"Line {number} of {name} tells of {step.station}, which its first line does not."
            )
        steps.append(step)
        if len(steps) > MOST_STEPS:
            raise UsageError(f"{name} has more than {MOST_STEPS} steps; cut it into several.")
    if head is None or not steps:
        raise UsageError(f"{name} holds no scenario.")
    steps.sort(key=lambda step: step.after_ms)
    return Recording(head, tuple(steps))


def read(path: Path) -> Recording:
    """A scenario from a file.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return from_lines(file, path.name)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text, so it holds no scenario.") from None
