"""what an auditor holds cases against: anchors, cases that were opened, the administration log

Revision ID: 0003_audit
Revises: 0002_cases
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_audit"
down_revision = "0002_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("openings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("openings_root", sa.LargeBinary(length=32), nullable=True),
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.Column("acts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("acts_hash", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchors")),
    )
    op.create_table(
        "people_log",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_log")),
    )
    op.create_index(op.f("ix_people_log_subject_id"), "people_log", ["subject", "id"], unique=False)
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
    op.create_index(op.f("ix_openings_anchor_id"), "openings", ["anchor_id"], unique=False)
    op.create_index(op.f("ix_openings_number_id"), "openings", ["number", "id"], unique=False)
    op.create_table(
        "anchor_heads",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("anchor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchors.id"], name=op.f("fk_anchor_heads_anchor_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_anchor_heads_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "anchor_id", name=op.f("pk_anchor_heads")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_anchor_heads_anchor_id"), "anchor_heads", ["anchor_id"], unique=False)


def downgrade() -> None:
    for table in ("anchor_heads", "openings", "people_log", "anchors"):
        op.drop_table(table)
