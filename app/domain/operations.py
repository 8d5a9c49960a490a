"""What an operator may mean to do to a station, in one language for OCPP 1.6, 2.0.1 and 2.1.

An operation says what is meant; the version's adapter says how (`app/protocol/orders`). EVSE n is
1.6's connector n; `evse` 0 or None means the whole station, `connector` None the whole EVSE. Times
are ms UTC, power W, current A, energy Wh. A station that cannot do a thing is told so in words,
never guessed around.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, get_args

from app.domain.device_operations import (
    AskCustomerInformation as AskCustomerInformation,
)
from app.domain.device_operations import (
    ClearMessage as ClearMessage,
)
from app.domain.device_operations import (
    FetchLog as FetchLog,
)
from app.domain.device_operations import (
    ReadMessages as ReadMessages,
)
from app.domain.device_operations import (
    ReadStreams as ReadStreams,
)
from app.domain.device_operations import (
    SetStream as SetStream,
)
from app.domain.device_operations import (
    ShowMessage as ShowMessage,
)
from app.domain.device_operations import (
    TellCost as TellCost,
)
from app.domain.device_operations import (
    TransferData as TransferData,
)
from app.domain.device_operations import (
    UpdateFirmware as UpdateFirmware,
)


class CommandState(StrEnum):
    """Where a command stands. Only the first three may still change; kept as `CommandRecord.outcome`.

    QUEUED: waits for its turn or for the station's return. SENT: on the wire. ACCEPTED: the station
    agreed, its proof is awaited. DONE: accepted, and the answer itself is all there is to prove (a
    reading, a list's version). REFUSED: by the station, or by a CALLERROR. TIMED_OUT: no answer in
    time, it may have acted. LOST: the link went before the answer, it may have acted. EXPIRED: its
    wait ended, it was never sent. CANCELLED: taken back before it was sent. PROVED and NOT_PROVED:
    what was seen after ACCEPTED. UNKNOWN: Forecourt restarted in between; never sent again by itself.
    """

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    LOST = "lost"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PROVED = "proved"
    NOT_PROVED = "not proved"
    UNKNOWN = "unknown"


ENDED = frozenset(CommandState) - {CommandState.QUEUED, CommandState.SENT, CommandState.ACCEPTED}


class Urgency(StrEnum):
    """Who goes first in a station's queue."""

    SAFETY = "safety"
    PERSON = "person"
    AUTOMATIC = "automatic"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class StartSession:
    """Start a session remotely for a token; where no EVSE is named, the station chooses."""

    evse: int | None
    token: str
    token_kind: str = "Central"
    connector: int | None = None
    limit_w: int | None = None


@dataclass(frozen=True, slots=True)
class StopSession:
    """Stop a running session; `session` is our number, `transaction` what the station calls it."""

    transaction: str
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Unlock:
    """Release the plug of an EVSE."""

    evse: int
    connector: int = 1


@dataclass(frozen=True, slots=True)
class Reset:
    """Restart a station (or an EVSE, 2.x). `hard` cuts sessions; otherwise it waits for them where it can."""

    hard: bool = False
    evse: int | None = None


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """Put in or out of service: the station (`evse` None), an EVSE, or a connector (2.x).

    `at_ms` schedules it: Forecourt sends it then.
    """

    operative: bool
    evse: int | None = None
    connector: int | None = None
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Ask for a message now: "BootNotification", "Heartbeat", "StatusNotification", "MeterValues", …"""

    message: str
    evse: int | None = None
    connector: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting of a station: a 1.6 key (component ""), or a variable of a component in 2.x.

    `attribute` is Actual, Target, MinSet or MaxSet (2.x).
    """

    name: str
    component: str = ""
    evse: int | None = None
    connector: int | None = None
    component_instance: str = ""
    instance: str = ""
    attribute: str = "Actual"


@dataclass(frozen=True, slots=True)
class ReadConfiguration:
    """Read settings; none named means all (2.x: a full report, which comes in parts)."""

    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteConfiguration:
    """Write settings, in this order, each read back afterwards."""

    values: tuple[tuple[Variable, str], ...]


@dataclass(frozen=True, slots=True)
class SetMonitors:
    """Watch variables (2.x).

    Each is (variable, UpperThreshold | LowerThreshold | Delta | Periodic, value, severity 0 to 9).
    With `stream_interval_s` or `stream_values` they come as a periodic event stream (2.1).
    """

    monitors: tuple[tuple[Variable, str, float, int], ...]
    stream_interval_s: int | None = None
    stream_values: int | None = None


@dataclass(frozen=True, slots=True)
class ClearMonitors:
    """Watch no more (2.x)."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadMonitors:
    """Ask which variables are watched (2.x); none named means all. The list comes in parts."""

    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class ClearCache:
    """Forget what the station remembers of authorisations."""


@dataclass(frozen=True, slots=True)
class ReadLocalListVersion:
    """Ask which version of the local authorization list the station holds."""


@dataclass(frozen=True, slots=True)
class ListedToken:
    """An identification of the local list; `status` None removes it in a differential update."""

    token: str
    kind: str = "ISO14443"
    status: str | None = "Accepted"
    expires_ms: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class SendLocalList:
    """Send the local authorization list, whole or as a difference.

    `whole` is the list as a difference makes it: where a station refuses the difference, that is sent
    in full instead (Q70).
    """

    version: int
    tokens: tuple[ListedToken, ...]
    full: bool = True
    whole: tuple[ListedToken, ...] = ()


@dataclass(frozen=True, slots=True)
class Reserve:
    """Reserve an EVSE (None: any) for a token until `until_ms`."""

    reservation: int
    evse: int | None
    token: str
    until_ms: int
    token_kind: str = "ISO14443"


@dataclass(frozen=True, slots=True)
class CancelReservation:
    """Give a reservation back."""

    reservation: int


@dataclass(frozen=True, slots=True)
class ProfilePeriod:
    """From `start_s` seconds on, at most `limit` (unit as in the profile)."""

    start_s: int
    limit: float
    phases: int | None = None


@dataclass(frozen=True, slots=True)
class SetProfile:
    """Limit charging.

    `purpose` is Max, TxDefault or Tx; `unit` "W" or "A"; `kind` Absolute, Recurring or Relative.
    """

    profile: int
    purpose: str
    evse: int
    unit: str
    periods: tuple[ProfilePeriod, ...]
    stack_level: int = 0
    kind: str = "Absolute"
    recurrency: str = ""
    start_ms: int | None = None
    duration_s: int | None = None
    valid_from_ms: int | None = None
    valid_to_ms: int | None = None
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class ClearProfile:
    """Take limits back: one by its number, or all that fit."""

    profile: int | None = None
    evse: int | None = None
    purpose: str = ""
    stack_level: int | None = None


@dataclass(frozen=True, slots=True)
class ReadCompositeSchedule:
    """Ask what limit holds at an EVSE for the coming `duration_s`."""

    evse: int
    duration_s: int = 86_400
    unit: str = "W"


@dataclass(frozen=True, slots=True)
class ReadProfiles:
    """Ask which charging profiles are installed (2.x). They come in parts."""

    evse: int | None = None
    purpose: str = ""
    profile: int | None = None


@dataclass(frozen=True, slots=True)
class Prioritise:
    """Let a running session charge with priority, or no more (2.1)."""

    transaction: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class ReadTransaction:
    """Ask whether a transaction still runs and whether messages of it wait to be sent (2.x).

    "" asks only whether any message waits.
    """

    transaction: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Any message that the schema of the station's version allows, as written by hand."""

    action: str
    payload: Mapping[str, Any] = field(default_factory=dict)


Operation = (
    StartSession | StopSession | Unlock | Reset | SetAvailability | Trigger | ReadConfiguration
    | WriteConfiguration | SetMonitors | ClearMonitors | ReadMonitors | ClearCache
    | ReadLocalListVersion | SendLocalList | Reserve | CancelReservation | SetProfile | ClearProfile
    | ReadProfiles | ReadCompositeSchedule | Prioritise | ReadTransaction | UpdateFirmware | FetchLog
    | TransferData | ShowMessage | ClearMessage | ReadMessages | AskCustomerInformation | TellCost
    | SetStream | ReadStreams | Message
)  # fmt: skip
KINDS: Mapping[str, type[Operation]] = {kind.__name__: kind for kind in get_args(Operation)}
"""The operations by name, as in `CommandRecord.operation`."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An operation for a station, with who, why, and what to do when it is not there.

    `wait_until_ms` None refuses at once where the station is offline; otherwise the command waits
    for its return until then. `agreed` are the keys of the consequences the person has seen and
    agreed to; one that applies and is not among them refuses the command.
    """

    station: str
    operation: Operation
    by: str
    why: str = ""
    urgency: Urgency = Urgency.PERSON
    wait_until_ms: int | None = None
    agreed: tuple[str, ...] = ()
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a command would cut, with the facts, before it is sent.

    `blocks` True: it cannot be sent at all (the station cannot do it; the reason is `text`).
    `asks_why` True: a typed reason is needed.
    """

    key: str
    text: str
    blocks: bool = False
    asks_why: bool = False
    sessions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchView:
    """How work on many stations goes. `state` is running, stopping, stopped or done.

    `wave` counts from 1; `stopped_why` is the sentence that ended it early, "" else.
    """

    batch: int
    title: str
    by: str
    total: int
    proved: int = 0
    failed: int = 0
    running: int = 0
    waiting: int = 0
    wave: int = 1
    waves: int = 1
    state: str = "running"
    stopped_why: str = ""
    started_ms: int = 0
    ended_ms: int | None = None
