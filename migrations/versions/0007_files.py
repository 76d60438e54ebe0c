"""files that people add

Revision ID: 0007_files
Revises: 0006_records
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_files"
down_revision = "0006_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("picture", sa.Boolean(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachments")),
    )
    op.create_table(
        "uploads",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_uploads_person")),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_uploads_sha256")),
        sa.PrimaryKeyConstraint("sha256", "person", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_person_at"), "uploads", ["person", "at"], unique=False)


def downgrade() -> None:
    for table in ("uploads", "attachments"):
        op.drop_table(table)
