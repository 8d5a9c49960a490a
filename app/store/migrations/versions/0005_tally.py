"""The cache of what was counted in whole days and weeks of a station.

The text of this file never follows later changes of the tables: it is what revision 0005 added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add a table."""
    op.create_table(
        "tally",
        sa.Column("days", BIG, nullable=False, autoincrement=False),
        sa.Column("start_ms", BIG, nullable=False, autoincrement=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("end_ms", BIG, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("days", "start_ms", "station", "rule", name="pk_tally"),
        sqlite_with_rowid=False,
    )
