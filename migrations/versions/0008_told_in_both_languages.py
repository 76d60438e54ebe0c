"""notifications and appointments may be written in both languages

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    english = sa.Column("subject_en", sa.String(200), nullable=False, server_default="")
    op.add_column("notifications", english)
    for table in ("notifications", "appointments"):
        op.add_column(table, sa.Column("text_en", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("notifications", "appointments"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("text_en")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_column("subject_en")
