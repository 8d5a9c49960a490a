"""Everything the first Forecourt keeps.

The text of this file never follows later changes of the tables: it is what revision 0001 was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "blind",
        sa.Column("blind", BIG, autoincrement=False, nullable=False),
        sa.Column("started_ms", BIG, nullable=False),
        sa.Column("ended_ms", BIG, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("blind", name="pk_blind"),
    )
    op.create_table(
        "command",
        sa.Column("command", BIG, autoincrement=False, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_ms", BIG, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sent_ms", BIG, nullable=True),
        sa.Column("answered_ms", BIG, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("proved_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("command", name="pk_command"),
    )
    op.create_index("ix_command_station_asked_ms", "command", ["station", "asked_ms"], unique=False)
    op.create_table(
        "day_state",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("day_ms", BIG, autoincrement=False, nullable=False),
        sa.Column("evse", BIG, autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("end_ms", BIG, nullable=False),
        sa.Column("up_ms", BIG, nullable=False),
        sa.Column("down_ms", BIG, nullable=False),
        sa.Column("unmeasured_ms", BIG, nullable=False),
        sa.Column("state_ms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("station", "day_ms", "evse", "rule", name="pk_day_state"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("at_ms", BIG, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("subprotocol", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("effect", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_station_at_ms", "journal", ["station", "at_ms"], unique=False)
    op.create_table(
        "layout",
        sa.Column("layout", BIG, autoincrement=False, nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("layout", name="pk_layout"),
        sa.UniqueConstraint("channels", name="uq_layout_channels"),
    )
    op.create_table(
        "link",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("at_ms", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_link"),
        sa.UniqueConstraint("station", "at_ms", "state", name="uq_link_station_at_ms_state"),
    )
    op.create_index("ix_link_station_seq", "link", ["station", "seq"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "notice",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("at_ms", BIG, nullable=False),
        sa.Column("received_ms", BIG, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("evse", BIG, nullable=True),
        sa.Column("connector", BIG, nullable=True),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_notice"),
    )
    op.create_index(
        "ix_notice_critical",
        "notice",
        ["at_ms"],
        unique=False,
        sqlite_where=sa.text("critical IS 1"),
        postgresql_where=sa.text("critical IS 1"),
    )
    op.create_index("ix_notice_station_at_ms", "notice", ["station", "at_ms"], unique=False)
    op.create_table(
        "outlet",
        sa.Column("outlet", BIG, autoincrement=False, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("evse", BIG, nullable=False),
        sa.Column("connector", BIG, nullable=False),
        sa.PrimaryKeyConstraint("outlet", name="pk_outlet"),
        sa.UniqueConstraint("station", "evse", "connector", name="uq_outlet_station_evse_connector"),
    )
    op.create_table(
        "reading",
        sa.Column("at_ms", BIG, autoincrement=False, nullable=False),
        sa.Column("outlet", BIG, autoincrement=False, nullable=False),
        sa.Column("session", BIG, autoincrement=False, nullable=False),
        sa.Column("layout", BIG, autoincrement=False, nullable=False),
        sa.Column("received_ms", BIG, nullable=False),
        sa.Column("energy_wh", BIG, nullable=True),
        sa.Column("power_w", BIG, nullable=True),
        sa.Column("soc_percent", sa.Float(), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("samples", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("at_ms", "outlet", "session", "layout", name="pk_reading"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reading_session",
        "reading",
        ["session"],
        unique=False,
        sqlite_where=sa.text("session > 0"),
        postgresql_where=sa.text("session > 0"),
    )
    op.create_table(
        "reading_pack",
        sa.Column("session", BIG, autoincrement=False, nullable=False),
        sa.Column("first_ms", BIG, nullable=False),
        sa.Column("last_ms", BIG, nullable=False),
        sa.Column("row_count", BIG, nullable=False),
        sa.Column("plain_bytes", BIG, nullable=False),
        sa.Column("crc32", BIG, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_reading_pack"),
    )
    op.create_index("ix_reading_pack_last_ms_first_ms", "reading_pack", ["last_ms", "first_ms"], unique=False)
    op.create_table(
        "refusal",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("first_ms", BIG, nullable=False),
        sa.Column("last_ms", BIG, nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.PrimaryKeyConstraint("identity", "peer", "cause", name="pk_refusal"),
    )
    op.create_table(
        "run",
        sa.Column("run", BIG, autoincrement=False, nullable=False),
        sa.Column("started_ms", BIG, nullable=False),
        sa.Column("alive_ms", BIG, nullable=False),
        sa.Column("stopped_ms", BIG, nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_run"),
    )
    op.create_table(
        "segment",
        sa.Column("first_seq", BIG, autoincrement=False, nullable=False),
        sa.Column("effect", sa.Boolean(), nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("first_ms", BIG, nullable=False),
        sa.Column("last_ms", BIG, nullable=False),
        sa.Column("row_count", BIG, nullable=False),
        sa.Column("stations", sa.Text(), nullable=False),
        sa.Column("plain_bytes", BIG, nullable=False),
        sa.Column("crc32", BIG, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first_seq", "effect", name="pk_segment"),
    )
    op.create_table(
        "session",
        sa.Column("session", BIG, autoincrement=False, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("evse", BIG, nullable=True),
        sa.Column("connector", BIG, nullable=True),
        sa.Column("transaction", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_kind", sa.Text(), nullable=False),
        sa.Column("started_ms", BIG, nullable=False),
        sa.Column("ended_ms", BIG, nullable=True),
        sa.Column("received_start_ms", BIG, nullable=False),
        sa.Column("received_end_ms", BIG, nullable=True),
        sa.Column("meter_start_wh", BIG, nullable=True),
        sa.Column("meter_stop_wh", BIG, nullable=True),
        sa.Column("energy_wh", BIG, nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("charging", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("start_key", sa.Text(), nullable=False),
        sa.Column("base_wh", BIG, nullable=True),
        sa.Column("last_wh", BIG, nullable=True),
        sa.Column("low_wh", BIG, nullable=True),
        sa.Column("settled_wh", BIG, nullable=False),
        sa.Column("last_sample_ms", BIG, nullable=True),
        sa.Column("power_w", BIG, nullable=True),
        sa.Column("peak_power_w", BIG, nullable=True),
        sa.Column("soc_percent", sa.Float(), nullable=True),
        sa.Column("seq_seen", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("remote_start", BIG, nullable=True),
        sa.Column("reservation", BIG, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_why", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("last_register_ms", BIG, nullable=True),
        sa.Column("power_ws", BIG, nullable=False),
        sa.Column("last_event_ms", BIG, nullable=True),
        sa.Column("stop_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_session"),
    )
    op.create_index("ix_session_ended_ms", "session", ["ended_ms"], unique=False)
    op.create_index(
        "ix_session_open",
        "session",
        ["station"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'interrupted')"),
        postgresql_where=sa.text("state IN ('open', 'interrupted')"),
    )
    op.create_index(
        "ix_session_review",
        "session",
        ["station"],
        unique=False,
        sqlite_where=sa.text("state = 'review'"),
        postgresql_where=sa.text("state = 'review'"),
    )
    op.create_index(
        "ix_session_start_key",
        "session",
        ["station", "start_key"],
        unique=False,
        sqlite_where=sa.text("start_key != ''"),
        postgresql_where=sa.text("start_key != ''"),
    )
    op.create_index("ix_session_started_ms", "session", ["started_ms"], unique=False)
    op.create_index("ix_session_station_started_ms", "session", ["station", "started_ms"], unique=False)
    op.create_index("ix_session_station_transaction", "session", ["station", "transaction"], unique=False)
    op.create_index(
        "ix_session_stop_key",
        "session",
        ["station", "stop_key"],
        unique=False,
        sqlite_where=sa.text("stop_key != ''"),
        postgresql_where=sa.text("stop_key != ''"),
    )
    op.create_table(
        "station",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("admission", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("iccid", sa.Text(), nullable=False),
        sa.Column("imsi", sa.Text(), nullable=False),
        sa.Column("meter_serial", sa.Text(), nullable=False),
        sa.Column("meter_type", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("first_seen_ms", BIG, nullable=False),
        sa.Column("last_seen_ms", BIG, nullable=False),
        sa.Column("boot_at_ms", BIG, nullable=True),
        sa.Column("boot_reason", sa.Text(), nullable=False),
        sa.Column("booted", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("quirks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("station", name="pk_station"),
    )
    op.create_table(
        "status",
        sa.Column("outlet", BIG, autoincrement=False, nullable=False),
        sa.Column("at_ms", BIG, autoincrement=False, nullable=False),
        sa.Column("received_ms", BIG, autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("vendor_error", sa.Text(), nullable=False),
        sa.Column("info", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("outlet", "at_ms", "received_ms", "status", name="pk_status"),
        sqlite_with_rowid=False,
    )
