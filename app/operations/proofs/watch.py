"""What a proof is: it hears what is committed after a command left, and says once whether it worked.

"Accepted" is a station's word; a proof is what was seen of it. Each has a time limit of its own,
after which it says in one sentence what was missing. A watch holds its own small memory, looks at
no clock and sends nothing: where it wants to look, it names the operation by which to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.domain.ids import StationId
from app.domain.operations import CommandState, Operation
from app.domain.records import Record
from app.domain.told import SettingTold
from app.fleet.views import ConnectorView, StationView


@dataclass(frozen=True, slots=True)
class Seen:
    """How a proof ended, and what was seen, in one sentence."""

    state: CommandState
    sentence: str


def proved(sentence: str) -> Seen:
    """It worked."""
    return Seen(CommandState.PROVED, sentence)


def not_proved(sentence: str) -> Seen:
    """It did not, or nothing was seen of it."""
    return Seen(CommandState.NOT_PROVED, sentence)


def nothing_to_see(sentence: str) -> Seen:
    """The answer is all there is."""
    return Seen(CommandState.DONE, sentence)


@dataclass(frozen=True, slots=True)
class Start:
    """What a watch begins with.

    Attributes:
        command: its number.
        station: the station.
        operation: what was meant.
        sent_ms: when the first message left; only what came afterwards counts.
        payloads: what was sent, message by message.
        view: the station as it was when the command left; None where it was not known.
        resumed_ms: when Forecourt restarted in between, None where it did not.
        version: the version of OCPP it is said in.
    """

    command: int
    station: StationId
    operation: Operation
    sent_ms: int
    payloads: tuple[Mapping[str, Any], ...] = ()
    view: StationView | None = None
    resumed_ms: int | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A station's answer, as much of it as proofs use: its word, what it told, when."""

    word: str
    at_ms: int
    result: Any = None
    words: tuple[str, ...] = field(default_factory=tuple)
    """The word of each message, where a command is several."""


class Watch:
    """A proof under way. The defaults see nothing.

    Attributes:
        LIMIT_S: how long after the answer it is waited for; stated in the sentence that gives up.
        WITHOUT_ANSWER: whether it may be proved though the link went before the answer (Q68).
        MESSAGES: whether it has to hear every message, also those that leave no record.
        until_ms: when it gives up; set by `begin`, and put off by a watch that sees progress.
        look: what to ask the station once it accepted; None for nothing.
        progress: how far it is, in one sentence; "" for nothing to tell.
    """

    LIMIT_S: ClassVar[int] = 60
    WITHOUT_ANSWER: ClassVar[bool] = False
    MESSAGES: ClassVar[bool] = False

    def __init__(self, start: Start) -> None:
        self.start = start
        self.until_ms = start.sent_ms + self.LIMIT_S * 1000
        self.look: Operation | None = None
        self.progress = ""

    def begin(self, answer: Answer) -> Seen | None:
        """The station accepted: the limit runs from here."""
        self.until_ms = answer.at_ms + self.LIMIT_S * 1000
        return None

    def again(self, payloads: tuple[Mapping[str, Any], ...]) -> None:
        """What was refused is sent in another way; these messages count instead."""

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        """A record of this station was committed."""
        return None

    def said(self, action: str, at_ms: int) -> Seen | None:
        """The station sent a message of this action."""
        return None

    def told(self, answer: Answer) -> Seen | None:
        """The answer to `look`."""
        return None

    def untold(self, why: str) -> Seen | None:
        """`look` got no answer; `why` is the sentence."""
        return not_proved(f"It accepted, but could not be asked afterwards: {why}")

    def gathered(self) -> tuple[SettingTold, ...]:
        """The settings that came in messages of their own."""
        return ()

    def give_up(self) -> str:
        """What was missing, when the time is up."""
        return f"It accepted, but nothing was seen of it within {span(self.LIMIT_S)}."


def span(seconds: float) -> str:
    """A limit in words: "60 s", "5 minutes", "24 hours"."""
    if seconds < 120:
        return f"{round(seconds)} s"
    if seconds < 7200:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"


def kwh(energy_wh: int | None) -> str:
    """Energy as people read it."""
    return "unknown energy" if energy_wh is None else f"{energy_wh / 1000:.2f} kWh"


def plugs(
    view: StationView | None, evse: int | None = None, connector: int | None = None
) -> list[ConnectorView]:
    """The connectors an operation reaches: of the station, an EVSE, or one."""
    if view is None:
        return []
    return [
        c
        for c in view.connectors
        if c.evse > 0 and (not evse or c.evse == evse) and (connector is None or c.connector == connector)
    ]


def named(places: list[tuple[int, int]]) -> str:
    """Connectors in words: "connector 1", "connectors 1 and 2", "connectors 1, 2 and 3.2"."""
    if not places:
        return "no connector"
    several = {evse for evse, connector in places if connector > 1}
    words = [f"{e}.{c}" if e in several else str(e) for e, c in sorted(places)]
    if len(words) == 1:
        return f"connector {words[0]}"
    return f"connectors {', '.join(words[:-1])} and {words[-1]}"
