"""What operators do and what is wrong: more of each command, files, written-down entries, faults.

The text of this file never follows later changes of the tables: it is what revision 0003 added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, BIG, autoincrement=False, nullable=False)


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=null)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def upgrade() -> None:
    """Add columns, tables and indexes."""
    for name, default in (("operation", ""), ("wish", "{}")):
        op.add_column("command", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.add_column("command", sa.Column("batch", BIG, nullable=True))
    op.add_column("command", sa.Column("expires_ms", BIG, nullable=True))
    op.add_column("command", sa.Column("message_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("command", sa.Column("proof", sa.Text(), nullable=False, server_default=""))
    _partial("ix_command_open", "command", ["station"], "outcome IN ('queued', 'sent', 'accepted')")
    op.create_table(
        "file",
        _key("file"), _text("station"), _text("kind"), _int("asked_ms"), _int("expires_ms"),
        _text("token_hash"), _text("state"), _int("command", null=True), _text("name"), _text("path"),
        _int("bytes"), _text("sha256"), _text("peer"), _int("received_ms", null=True), _text("note"),
        sa.PrimaryKeyConstraint("file", name="pk_file"),
    )  # fmt: skip
    op.create_index("ix_file_station_asked_ms", "file", ["station", "asked_ms"], unique=False)
    op.create_table(
        "variable",
        _text("station"), _text("component"), _text("component_instance"), _key("evse"), _key("connector"),
        _text("name"), _text("instance"), _text("attribute"), sa.Column("value", sa.Text(), nullable=True),
        sa.Column("readonly", sa.Boolean(), nullable=False), _int("read_ms"), _int("changed_ms", null=True),
        sa.Column("before", sa.Text(), nullable=True), _text("detail"),
        sa.PrimaryKeyConstraint(
            "station", "component", "component_instance", "evse", "connector", "name", "instance",
            "attribute", name="pk_variable",
        ),
    )  # fmt: skip
    op.create_table(
        "entry",
        _text("kind"), _text("entry"), _key("version"), _int("at_ms"), _text("by"), _text("why"),
        _text("body"), sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "entry", "version", name="pk_entry"),
    )  # fmt: skip
    op.create_table(
        "fault",
        _key("fault"), _text("rule"), _text("code"), _text("title"), _text("station"), _text("site"),
        _int("evse", null=True), _int("connector", null=True), _text("raw"), _int("parent", null=True),
        sa.Column("safety", sa.Boolean(), nullable=False), sa.Column("latched", sa.Boolean(), nullable=False),
        _text("state"), _text("priority"), _int("onset_ms"), _int("opened_ms"),
        _int("acknowledged_ms", null=True), _int("cleared_ms", null=True), _int("closed_ms", null=True),
        _text("by"), _text("assigned"), _int("due_ms", null=True), _int("until_ms", null=True),
        _int("alarms"), _int("lost_minor", null=True), _text("currency"), _int("drivers_hit"),
        _text("recovery"), _int("recovered_ms", null=True), _text("detail"),
        sa.PrimaryKeyConstraint("fault", name="pk_fault"),
    )  # fmt: skip
    op.create_index("ix_fault_station_opened_ms", "fault", ["station", "opened_ms"], unique=False)
    op.create_index("ix_fault_opened_ms", "fault", ["opened_ms"], unique=False)
    op.create_index("ix_fault_closed_ms", "fault", ["closed_ms"], unique=False)
    _partial("ix_fault_open", "fault", ["fault"], "closed_ms IS NULL")
    op.create_table(
        "fault_event",
        _key("fault"), _key("seq"), _int("at_ms"), _text("actor_kind"), _text("actor"), _text("verb"),
        _text("from_state"), _text("to_state"), _text("text"), _text("detail"),
        sa.PrimaryKeyConstraint("fault", "seq", name="pk_fault_event"),
        sqlite_with_rowid=False,
    )  # fmt: skip
