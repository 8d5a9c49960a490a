"""What pages over a long past need: energy parted at midnights, and sessions with flags found at once.

The text of this file never follows later changes of the tables: it is what revision 0002 added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table and the index."""
    op.create_table(
        "session_part",
        sa.Column("session", BIG, autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("edge_ms", BIG, autoincrement=False, nullable=False),
        sa.Column("after_wh", BIG, nullable=False),
        sa.PrimaryKeyConstraint("session", "zone", "edge_ms", name="pk_session_part"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_session_flagged",
        "session",
        ["started_ms"],
        unique=False,
        sqlite_where=sa.text("flags != ''"),
        postgresql_where=sa.text("flags != ''"),
    )
