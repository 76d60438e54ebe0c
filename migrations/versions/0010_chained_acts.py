"""the administration log is chained and covered by anchors

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from engine.history.acts import hash_of
from engine.history.chain import GENESIS
from engine.tables import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHAIN = ("previous", "hash")
LOG = sa.table(
    "people_log",
    sa.column("id"),
    sa.column("at", UtcDateTime),
    *map(sa.column, ("actor", "act", "subject", "details", *CHAIN)),
)


def upgrade() -> None:
    with op.batch_alter_table("anchors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("acts_hash", sa.LargeBinary(length=32), nullable=True))
    with op.batch_alter_table("people_log", schema=None) as batch_op:
        for name in CHAIN:
            batch_op.add_column(sa.Column(name, sa.LargeBinary(length=32), nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("people_log", schema=None) as batch_op:
        for name in CHAIN:
            batch_op.alter_column(name, existing_type=sa.LargeBinary(length=32), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("people_log", schema=None) as batch_op:
        for name in CHAIN:
            batch_op.drop_column(name)
    with op.batch_alter_table("anchors", schema=None) as batch_op:
        batch_op.drop_column("acts_hash")
        batch_op.drop_column("acts")


def _chain(connection: sa.Connection) -> None:
    """Number the rows without gaps, which a failed transaction left on PostgreSQL, and chain them as they are now."""
    previous = GENESIS
    rows = connection.execute(sa.select(LOG).order_by(LOG.c.id)).all()
    for number, row in enumerate(rows, start=1):
        covered = hash_of(number, row.at, row.actor, row.act, row.subject, row.details, previous)
        change = sa.update(LOG).where(LOG.c.id == row.id)
        connection.execute(change.values(id=number, previous=previous, hash=covered))
        previous = covered
