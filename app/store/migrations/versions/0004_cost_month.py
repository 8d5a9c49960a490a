"""The cache of what months cost: facts once found in history, and the ledger made of them.

The text of this file never follows later changes of the tables: it is what revision 0004 added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """Add a table."""
    op.create_table(
        "cost_month",
        _text("period"), _text("zone"), _text("mark"), _int("made_ms"), _int("assumption_set"),
        _int("rules"), _bytes("facts"), _bytes("page"), _bytes("lines"),
        sa.PrimaryKeyConstraint("period", "zone", name="pk_cost_month"),
    )  # fmt: skip
