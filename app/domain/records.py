"""What history keeps. Each record is one row of one table; the whole of a row is written at once.

Decisions turn events into records; the store commits records; the live picture is built by
applying the same records, at start from the store and afterwards as they are committed.
"""

from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from app.domain.fact import Fact
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading
from app.domain.status import Admission, ConnectorStatus, LinkState


@dataclass(frozen=True, slots=True)
class ConnectorPlan:
    """What the operator knows about a plug (import, settings). Power in W, price in major units."""

    evse: int
    connector: int
    kind: str = ""
    rated_power_w: int | None = None
    price_per_kwh: str = ""


class StationRecord(Fact, frozen=True):
    """A station as registered, and as it last introduced itself. Saved whole (upsert by station)."""

    station: StationId
    admission: Admission = Admission.ACCEPTED
    name: str = ""
    site: str = ""
    latitude: float | None = None
    longitude: float | None = None
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    iccid: str = ""
    imsi: str = ""
    meter_serial: str = ""
    meter_type: str = ""
    protocol: str = ""
    peer: str = ""
    first_seen_ms: int = 0
    last_seen_ms: int = 0
    boot_at_ms: int | None = None
    boot_reason: str = ""
    booted: bool = False
    password_hash: str = ""
    settings: str = "{}"
    """JSON of per-station switches: {"pinned": "ocpp1.6", "assume_1.6": true, ...}."""
    plan: tuple[ConnectorPlan, ...] = ()
    quirks: tuple[tuple[str, int], ...] = ()
    """Quirks seen and how often, by id ("Q23"), in the order of ids."""


class StatusRecord(Fact, frozen=True):
    """A point of a connector's status timeline. Intervals are derived: a point lasts to the next.

    Inserted; the same point twice is one. `live` False: told late, never touches the live state.
    """

    station: StationId
    evse: int
    connector: int
    at_ms: int
    received_ms: int
    status: ConnectorStatus
    error: str = ""
    vendor_error: str = ""
    info: str = ""
    live: bool = True


class LinkRecord(Fact, frozen=True):
    """A point of a station's link timeline."""

    station: StationId
    at_ms: int
    state: LinkState
    reason: str = ""


class SessionState(StrEnum):
    """What a session is. Only OPEN and INTERRUPTED may still grow."""

    OPEN = "open"
    INTERRUPTED = "interrupted"
    CLOSED = "closed"
    INFERRED = "inferred"
    REVIEW = "review"


class Flag(StrEnum):
    """What is odd about a session; several may stand together. Shown in words on its page."""

    START_UNKNOWN = "start-unknown"
    STOP_MISSING = "stop-missing"
    STOP_TWICE = "stop-twice"
    STOP_FOREIGN_ID = "stop-foreign-id"
    ORPHAN_STOP = "orphan-stop"
    CLOSED_BY_HAND = "closed-by-hand"
    CLOSED_BY_EVIDENCE = "closed-by-evidence"
    REOPENED = "reopened"
    OFFLINE = "offline"
    REPLAYED = "replayed"
    START_REPEATED = "start-repeated"
    TIME_DOUBTFUL = "time-doubtful"
    METER_BACKWARDS = "meter-backwards"
    METER_RESET = "meter-reset"
    FALSE_ZERO = "false-zero"
    UNIT_DOUBTFUL = "unit-doubtful"
    METER_MISSING = "meter-missing"
    METER_GAP = "meter-gap"
    SEQ_GAP = "seq-gap"
    TOKEN_UNKNOWN = "token-unknown"
    TOKEN_REFUSED = "token-refused"
    INTERRUPTED = "interrupted"
    SIGNED = "signed"
    EVSE_UNKNOWN = "evse-unknown"
    NO_ENERGY = "no-energy"


class SessionRecord(Fact, frozen=True):
    """A charging session as far as it is known. Saved whole (upsert by session).

    `energy_wh` is None while it cannot be proved; energy is never invented. `charging` tells
    whether energy flows ("Charging", "SuspendedEV", "SuspendedEVSE", "" unknown).
    `start_key` is the natural key of a 1.6 start (CONTRACTS decision 3), "" in 2.x.
    `settled_wh` holds segments before a meter reset; `base_wh` the register the running
    segment began at; `last_wh` its last trusted register.
    `low_wh` is a low reading that waits for the next one to be judged (decision 15).
    `last_register_ms` is the time of `last_wh` (of `base_wh` while there is no later one).
    `power_ws` is the told power summed over time since the first reading, in watt-seconds: the
    register's unit is checked against it (Q52).
    `seq_seen` is the 2.x sequence numbers seen, as ranges "0-7,9".
    `last_event_ms` is the station's own time of its newest word on the transaction.
    `stop_key` tells a repeated stop from another one (Q39), and finds a stop with a foreign id.
    """

    session: SessionId
    station: StationId
    evse: int | None
    connector: int | None
    transaction: TransactionId
    token: str = ""
    token_kind: str = ""
    started_ms: int = 0
    ended_ms: int | None = None
    received_start_ms: int = 0
    received_end_ms: int | None = None
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None
    energy_wh: int | None = None
    stop_reason: str = ""
    state: SessionState = SessionState.OPEN
    charging: str = ""
    flags: tuple[Flag, ...] = ()
    start_key: str = ""
    base_wh: int | None = None
    last_wh: int | None = None
    low_wh: int | None = None
    settled_wh: int = 0
    last_sample_ms: int | None = None
    power_w: int | None = None
    peak_power_w: int | None = None
    soc_percent: float | None = None
    seq_seen: str = ""
    alias: str = ""
    remote_start: int | None = None
    reservation: int | None = None
    closed_by: str = ""
    closed_why: str = ""
    note: str = ""
    last_register_ms: int | None = None
    power_ws: int = 0
    last_event_ms: int | None = None
    stop_key: str = ""


class ReadingRecord(Fact, frozen=True):
    """Meter readings of one instant. `session` None: meter history outside any session."""

    station: StationId
    evse: int
    connector: int
    received_ms: int
    session: SessionId | None
    reading: Reading
    trusted: bool = True


class NoticeRecord(Fact, frozen=True):
    """Anything else a station or Forecourt itself reported, searchable, never in the way."""

    station: StationId
    at_ms: int
    received_ms: int
    subject: str
    name: str
    detail: str = "{}"
    evse: int | None = None
    connector: int | None = None
    critical: bool = False


class RefusalRecord(Fact, frozen=True):
    """A contact that was turned away, grouped by identity, peer host and cause (onboarding)."""

    identity: str
    peer: str
    cause: str
    detail: str
    first_ms: int
    last_ms: int
    count: int = 1


class CommandRecord(Fact, frozen=True):
    """A call of ours to a station, or an operator's action. Saved whole (upsert by command).

    `outcome` is a word of `operations.CommandState`. `operation` is the kind of the operation
    ("Reset") and `wish` its JSON; both are empty for a message sent by hand and for deeds.
    `batch` joins what was asked for together, `expires_ms` ends the wait for the station's
    return, `proof` says in one sentence what proved it, or why it is not proved.
    """

    command: int
    station: StationId
    action: str
    asked_by: str
    reason: str
    asked_ms: int
    payload: str = "{}"
    sent_ms: int | None = None
    answered_ms: int | None = None
    answer: str = ""
    outcome: str = ""
    proved_ms: int | None = None
    operation: str = ""
    wish: str = "{}"
    batch: int | None = None
    expires_ms: int | None = None
    message_id: str = ""
    proof: str = ""


class FileRecord(Fact, frozen=True):
    """A file a station was asked to send or to fetch, over an address used once. Upsert by file.

    `token_hash` is SHA-256 of the address's secret part; `kind` is "log", "diagnostics",
    "security-log" or "firmware"; `state` is asked, receiving, received, failed, expired.
    `path` is relative to the data directory's `files`.
    """

    file: int
    station: StationId
    kind: str
    asked_ms: int
    expires_ms: int
    token_hash: str
    state: str = "asked"
    command: int | None = None
    name: str = ""
    path: str = ""
    bytes: int = 0
    sha256: str = ""
    peer: str = ""
    received_ms: int | None = None
    note: str = ""


class VariableRecord(Fact, frozen=True):
    """A setting of a station as it was last read. Upsert by all up to `attribute`.

    1.6 keys have component "". `value` None: the station keeps it to itself or has none. `detail`
    is JSON of what else it tells of the setting (unit, type, limits, allowed values).
    `before` is the value it had until it last changed, `changed_ms` when the change was read.
    """

    station: StationId
    component: str
    component_instance: str
    evse: int
    connector: int
    name: str
    instance: str
    attribute: str
    value: str | None
    readonly: bool = False
    read_ms: int = 0
    changed_ms: int | None = None
    before: str | None = None
    detail: str = "{}"


class EntryRecord(Fact, frozen=True):
    """What a person wrote down and may change later: an exclusion, a work order, a price, a rule.

    `kind` names what it is (see `app/domain/entries.py`), `entry` which; every change is a new
    version, and none is ever overwritten. `body` is JSON; `gone` marks it as taken back.
    Inserted (by kind, entry, version).
    """

    kind: str
    entry: str
    version: int
    at_ms: int
    by: str
    why: str = ""
    body: str = "{}"
    gone: bool = False


class FaultRecord(Fact, frozen=True):
    """A fault (an occurrence of an alarm) as it stands. Saved whole (upsert by fault).

    `evse`/`connector` are None where it is the station's, `station` is "" where it is a site's or
    Forecourt's own. `rule` names the file in faults/rules, `code` the vocabulary (CX001 … or ours),
    `raw` what the station said. `state` is a word of ISA-18.2 (NORM, UNACK, ACKED, RTNUN, SHLVD,
    DSUPR, OOSRV), `priority` P1, P2, P3. `onset_ms` is when the condition began, `opened_ms` when
    it was announced, `cleared_ms` when the condition ended, `closed_ms` when the fault did.
    `lost_minor` is final once closed. `detail` is JSON: the rule's `evidence`, the alarm's `kind` in
    the catalogue, and what it knows of itself (`mark`, `chattering`, `fleeting`, `suppressed`, …).
    """

    fault: int
    rule: str
    code: str
    title: str
    station: StationId
    site: str = ""
    evse: int | None = None
    connector: int | None = None
    raw: str = ""
    parent: int | None = None
    safety: bool = False
    latched: bool = False
    state: str = "UNACK"
    priority: str = "P3"
    onset_ms: int = 0
    opened_ms: int = 0
    acknowledged_ms: int | None = None
    cleared_ms: int | None = None
    closed_ms: int | None = None
    by: str = ""
    assigned: str = ""
    due_ms: int | None = None
    until_ms: int | None = None
    alarms: int = 1
    lost_minor: int | None = None
    currency: str = ""
    drivers_hit: int = 0
    recovery: str = ""
    recovered_ms: int | None = None
    detail: str = "{}"

    @property
    def over_ms(self) -> int | None:
        """When its condition ended, or else the fault itself; None while it stands."""
        return self.cleared_ms if self.cleared_ms is not None else self.closed_ms

    @property
    def confirmed(self) -> bool:
        """Whether somebody saw that a silent connector was out of use."""
        return '"confirmed":true' in self.detail.replace(" ", "")


class FaultEventRecord(Fact, frozen=True):
    """One line of a fault's history; appended, never changed. Inserted (by fault, seq).

    `actor_kind` is station, server, automatic, person or driver; `from_state` and `to_state` are
    "" where the state did not change (a note, a step of recovery).
    """

    fault: int
    seq: int
    at_ms: int
    actor_kind: str
    actor: str
    verb: str
    from_state: str = ""
    to_state: str = ""
    text: str = ""
    detail: str = "{}"


Record = (
    StationRecord | StatusRecord | LinkRecord | SessionRecord | ReadingRecord | NoticeRecord
    | RefusalRecord | CommandRecord | FileRecord | VariableRecord | EntryRecord | FaultRecord
    | FaultEventRecord
)  # fmt: skip


class JournalKind(StrEnum):
    """What a journal row tells. `action`: an operator's deed; `system`: a verdict of our clock."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    IN = "in"
    OUT = "out"
    ACTION = "action"
    SYSTEM = "system"


class JournalRow(Fact, frozen=True):
    """One row of the journal. History is a function of these (ARCHITECTURE decision 7).

    An inbound CALL and our answer are one row: `frame` as received, `answer` as (to be) sent.
    `effect` False: may expire after 30 days (decision 2). `held` True: quarantined, from a
    station that is not accepted yet (decision 4).
    """

    at_ms: int
    station: str
    kind: JournalKind
    frame: str = ""
    answer: str = ""
    subprotocol: str = ""
    action: str = ""
    message_id: str = ""
    effect: bool = True
    held: bool = False
    seq: int = 0
    """The number it was kept under; two rows that say the same are equal whatever theirs."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not JournalRow:
            return NotImplemented
        return _told(self) == _told(other)

    def __hash__(self) -> int:
        return hash(_told(self))


_told = attrgetter(*JournalRow.__struct_fields__[:-1])
