"""openings: who looked at which case, covered by anchors

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("anchors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("openings", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("openings_root", sa.LargeBinary(length=32), nullable=True))
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("anchor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchors.id"], name=op.f("fk_openings_anchor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_anchor_id"), "openings", ["anchor_id"])
    op.create_index(op.f("ix_openings_number_id"), "openings", ["number", "id"])


def downgrade() -> None:
    op.drop_table("openings")
    with op.batch_alter_table("anchors", schema=None) as batch_op:
        batch_op.drop_column("openings_root")
        batch_op.drop_column("openings")
