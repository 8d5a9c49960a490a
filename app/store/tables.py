"""Every table, as SQLAlchemy Core metadata that means the same in SQLite and PostgreSQL.

Times are `*_ms` (UTC milliseconds), energy is Wh, power is W. Rows that come by the million carry
numbers from small dictionaries (`outlet`, `layout`) instead of texts: a busy year of 100 stations
has to fit in 2 GB. Those and `status` are clustered by their key (WITHOUT ROWID in SQLite), which
saves the second tree an index would need.

What is truth: journal, segment, and what follows from them (station, status, link, session,
reading, reading_pack, notice, command, refusal, entry, file, variable, fault, fault_event); run and
blind tell when nobody was looking.
`day_state`, `session_part`, `cost_month` and `tally` are caches that may be dropped at any time.
"""

from sqlalchemy import Boolean, Column, Float, Index, LargeBinary, Table, Text, UniqueConstraint

from app.store.column_kinds import flag as _flag
from app.store.column_kinds import key as _key
from app.store.column_kinds import metadata as metadata
from app.store.column_kinds import ms as _ms
from app.store.column_kinds import partial as _partial
from app.store.column_kinds import text as _text
from app.store.column_kinds import whole as _int

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Alembic revisions this program knows, oldest first; the last is what it writes."""

OPEN_STATES = ("open", "interrupted")
"""Session states that may still grow; `ix_session_open` holds exactly these."""

OPEN_COMMANDS = ("queued", "sent", "accepted")
"""States a command may still leave; `ix_command_open` holds exactly these."""

journal = Table(
    "journal",
    metadata,
    _key("seq"),
    _ms("at_ms"),
    _text("station"),
    _text("kind"),
    _text("frame"),
    _text("answer"),
    _text("subprotocol"),
    _text("action"),
    _text("message_id"),
    _flag("effect"),
    _flag("held"),
    # One index serves a station's log, its answers of the last ten minutes and its quarantine.
    Index("ix_journal_station_at_ms", "station", "at_ms"),
)

segment = Table(
    "segment",
    metadata,
    _key("first_seq"),
    Column("effect", Boolean, primary_key=True, nullable=False),
    _int("last_seq", null=False),
    _ms("first_ms"),
    _ms("last_ms"),
    _int("row_count", null=False),
    _text("stations"),
    _int("plain_bytes", null=False),
    _int("crc32", null=False),
    Column("packed", LargeBinary, nullable=False),
)

station = Table(
    "station",
    metadata,
    Column("station", Text, primary_key=True),
    _text("admission"),
    _text("name"),
    _text("site"),
    Column("latitude", Float),
    Column("longitude", Float),
    _text("vendor"),
    _text("model"),
    _text("serial"),
    _text("firmware"),
    _text("iccid"),
    _text("imsi"),
    _text("meter_serial"),
    _text("meter_type"),
    _text("protocol"),
    _text("peer"),
    _ms("first_seen_ms"),
    _ms("last_seen_ms"),
    _ms("boot_at_ms", null=True),
    _text("boot_reason"),
    _flag("booted"),
    _text("password_hash"),
    _text("settings"),
    _text("plan"),
    _text("quirks"),
)

outlet = Table(
    "outlet",
    metadata,
    _key("outlet"),
    _text("station"),
    _int("evse", null=False),
    _int("connector", null=False),
    UniqueConstraint("station", "evse", "connector"),
)

status = Table(
    "status",
    metadata,
    _key("outlet"),
    _key("at_ms"),
    # Told apart by receipt and word: within one second a connector may go there and back.
    _key("received_ms"),
    Column("status", Text, primary_key=True),
    _text("error"),
    _text("vendor_error"),
    _text("info"),
    _flag("live"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    _key("seq"),
    _text("station"),
    _ms("at_ms"),
    _text("state"),
    _text("reason"),
    UniqueConstraint("station", "at_ms", "state"),
    Index("ix_link_station_seq", "station", "seq"),
)

session = Table(
    "session",
    metadata,
    _key("session"),
    _text("station"),
    _int("evse"),
    _int("connector"),
    _text("transaction"),
    _text("token"),
    _text("token_kind"),
    _ms("started_ms"),
    _ms("ended_ms", null=True),
    _ms("received_start_ms"),
    _ms("received_end_ms", null=True),
    _int("meter_start_wh"),
    _int("meter_stop_wh"),
    _int("energy_wh"),
    _text("stop_reason"),
    _text("state"),
    _text("charging"),
    _text("flags"),
    _text("start_key"),
    _int("base_wh"),
    _int("last_wh"),
    _int("low_wh"),
    _int("settled_wh", null=False),
    _ms("last_sample_ms", null=True),
    _int("power_w"),
    _int("peak_power_w"),
    Column("soc_percent", Float),
    _text("seq_seen"),
    _text("alias"),
    _int("remote_start"),
    _int("reservation"),
    _text("closed_by"),
    _text("closed_why"),
    _text("note"),
    _ms("last_register_ms", null=True),
    _int("power_ws", null=False),
    _ms("last_event_ms", null=True),
    _text("stop_key"),
    Index("ix_session_started_ms", "started_ms"),
    Index("ix_session_ended_ms", "ended_ms"),
    Index("ix_session_station_started_ms", "station", "started_ms"),
    Index("ix_session_station_transaction", "station", "transaction"),
)


_partial("ix_session_start_key", session, session.c.start_key != "", "station", "start_key")
_partial("ix_session_stop_key", session, session.c.stop_key != "", "station", "stop_key")
_partial("ix_session_open", session, session.c.state.in_(OPEN_STATES), "station")
_partial("ix_session_review", session, session.c.state == "review", "station")
_partial("ix_session_flagged", session, session.c.flags != "", "started_ms")

layout = Table(
    "layout",
    metadata,
    _key("layout"),
    # JSON: [context, signed, [[measurand, unit, phase, location, context], …]]
    _text("channels"),
    UniqueConstraint("channels"),
)

reading = Table(
    "reading",
    metadata,
    # Time first: new rows go to the end of the tree, and a span of time is one run of pages.
    _key("at_ms"),
    _key("outlet"),
    _key("session"),
    _key("layout"),
    _ms("received_ms"),
    _int("energy_wh"),
    _int("power_w"),
    Column("soc_percent", Float),
    _flag("trusted"),
    # msgpack array of the texts the station sent, in the order of the layout's channels
    Column("samples", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_partial("ix_reading_session", reading, reading.c.session > 0, "session")

reading_pack = Table(
    "reading_pack",
    metadata,
    # The readings of one closed session; `reading` holds those of the last days and of no session.
    _key("session"),
    _ms("first_ms"),
    _ms("last_ms"),
    _int("row_count", null=False),
    _int("plain_bytes", null=False),
    _int("crc32", null=False),
    Column("packed", LargeBinary, nullable=False),
    Index("ix_reading_pack_last_ms_first_ms", "last_ms", "first_ms"),
)

notice = Table(
    "notice",
    metadata,
    _key("seq"),
    _text("station"),
    _ms("at_ms"),
    _ms("received_ms"),
    _text("subject"),
    _text("name"),
    _text("detail"),
    _int("evse"),
    _int("connector"),
    _flag("critical"),
    Index("ix_notice_station_at_ms", "station", "at_ms"),
)
_partial("ix_notice_critical", notice, notice.c.critical.is_(True), "at_ms")

refusal = Table(
    "refusal",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("peer", Text, primary_key=True),
    Column("cause", Text, primary_key=True),
    _text("detail"),
    _ms("first_ms"),
    _ms("last_ms"),
    _int("count", null=False),
)

command = Table(
    "command",
    metadata,
    _key("command"),
    _text("station"),
    _text("action"),
    _text("asked_by"),
    _text("reason"),
    _ms("asked_ms"),
    _text("payload"),
    _ms("sent_ms", null=True),
    _ms("answered_ms", null=True),
    _text("answer"),
    _text("outcome"),
    _ms("proved_ms", null=True),
    Column("operation", Text, nullable=False, server_default=""),
    Column("wish", Text, nullable=False, server_default="{}"),
    _int("batch"),
    _ms("expires_ms", null=True),
    Column("message_id", Text, nullable=False, server_default=""),
    Column("proof", Text, nullable=False, server_default=""),
    Index("ix_command_station_asked_ms", "station", "asked_ms"),
)

file = Table(
    "file",
    metadata,
    _key("file"),
    *map(_text, ("station", "kind")),
    *map(_ms, ("asked_ms", "expires_ms")),
    *map(_text, ("token_hash", "state")),
    _int("command"),
    *map(_text, ("name", "path")),
    _int("bytes", null=False),
    *map(_text, ("sha256", "peer")),
    _ms("received_ms", null=True),
    _text("note"),
    Index("ix_file_station_asked_ms", "station", "asked_ms"),
)

variable = Table(
    "variable",
    metadata,
    *(Column(name, Text, primary_key=True) for name in ("station", "component", "component_instance")),
    *map(_key, ("evse", "connector")),
    *(Column(name, Text, primary_key=True) for name in ("name", "instance", "attribute")),
    Column("value", Text),
    _flag("readonly"),
    _ms("read_ms"),
    _ms("changed_ms", null=True),
    Column("before", Text),
    _text("detail"),
)

entry = Table(
    "entry",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("entry", Text, primary_key=True),
    _key("version"),
    _ms("at_ms"),
    _text("by"),
    _text("why"),
    _text("body"),
    _flag("gone"),
)

fault = Table(
    "fault",
    metadata,
    _key("fault"),
    *map(_text, ("rule", "code", "title", "station", "site")),
    *map(_int, ("evse", "connector")),
    _text("raw"),
    _int("parent"),
    *map(_flag, ("safety", "latched")),
    *map(_text, ("state", "priority")),
    *map(_ms, ("onset_ms", "opened_ms")),
    *(_ms(name, null=True) for name in ("acknowledged_ms", "cleared_ms", "closed_ms")),
    *map(_text, ("by", "assigned")),
    *(_ms(name, null=True) for name in ("due_ms", "until_ms")),
    _int("alarms", null=False),
    _int("lost_minor"),
    _text("currency"),
    _int("drivers_hit", null=False),
    _text("recovery"),
    _ms("recovered_ms", null=True),
    _text("detail"),
    Index("ix_fault_station_opened_ms", "station", "opened_ms"),
    Index("ix_fault_opened_ms", "opened_ms"),
    Index("ix_fault_closed_ms", "closed_ms"),
)

fault_event = Table(
    "fault_event",
    metadata,
    _key("fault"),
    _key("seq"),
    _ms("at_ms"),
    _text("actor_kind"),
    _text("actor"),
    _text("verb"),
    _text("from_state"),
    _text("to_state"),
    _text("text"),
    _text("detail"),
    sqlite_with_rowid=False,
)
_partial("ix_command_open", command, command.c.outcome.in_(OPEN_COMMANDS), "station")
_partial("ix_fault_open", fault, fault.c.closed_ms.is_(None), "fault")

run = Table(
    "run",
    metadata,
    _key("run"),
    _ms("started_ms"),
    _ms("alive_ms"),
    _ms("stopped_ms", null=True),
    _text("version"),
)

blind = Table(
    "blind",
    metadata,
    _key("blind"),
    _ms("started_ms"),
    _ms("ended_ms"),
    _text("cause"),
)

day_state = Table(
    "day_state",
    metadata,
    Column("station", Text, primary_key=True),
    _key("day_ms"),
    _key("evse"),
    Column("rule", Text, primary_key=True),
    _ms("end_ms"),
    _ms("up_ms"),
    _ms("down_ms"),
    _ms("unmeasured_ms"),
    # JSON: {state: ms}; EVSE 0 is the station as a whole, its worst EVSE at each instant
    _text("state_ms"),
    sqlite_with_rowid=False,
)

session_part = Table(
    "session_part",
    metadata,
    _key("session"),
    Column("zone", Text, primary_key=True),
    _key("edge_ms"),
    _int("after_wh", null=False),
    sqlite_with_rowid=False,
)

cost_month = Table(
    "cost_month",
    metadata,
    *(Column(name, Text, primary_key=True) for name in ("period", "zone")),
    # What history and entries were like when it was made; another mark means it is made anew.
    _text("mark"),
    _ms("made_ms"),
    *(_int(name, null=False) for name in ("assumption_set", "rules")),
    # zstd of msgpack: what happened; the ledger without its evidence; the evidence
    *(Column(name, LargeBinary, nullable=False) for name in ("facts", "page", "lines")),
)

tally = Table(
    "tally",
    metadata,
    # 1 or 7: a day or a week from Monday on; they come first, as a page reads one run of weeks
    *map(_key, ("days", "start_ms")),
    *(Column(name, Text, primary_key=True) for name in ("station", "rule")),
    _ms("end_ms"),
    # msgpack: counts
    Column("packed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value"))

HISTORY = (station, status, link, session, reading, notice, refusal, command, entry)
"""What `verify` compares: the tables that must follow from the journal."""
