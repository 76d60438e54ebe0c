"""what stands beside cases and on desks: comments, document numbers, linked cases, appointments, drafts, filters

Revision ID: 0009_work
Revises: 0008_notifications
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_work"
down_revision = "0008_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.String(length=100), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("job_key", name=op.f("uq_appointments_job_key")),
    )
    op.create_index(op.f("ix_appointments_number"), "appointments", ["number"], unique=False)
    op.create_index(op.f("ix_appointments_who_at"), "appointments", ["who", "at"], unique=False)
    op.create_table(
        "document_numbers",
        sa.Column("job_key", sa.String(length=100), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_key", name=op.f("pk_document_numbers")),
        sa.UniqueConstraint("document", name=op.f("uq_document_numbers_document")),
    )
    op.create_index(op.f("ix_document_numbers_number"), "document_numbers", ["number"], unique=False)
    op.create_table(
        "linked_cases",
        sa.Column("job_key", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("opened", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_key", name=op.f("pk_linked_cases")),
        sa.UniqueConstraint("opened", name=op.f("uq_linked_cases_opened")),
    )
    op.create_index(op.f("ix_linked_cases_number"), "linked_cases", ["number"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_comments_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_number_id"), "comments", ["number", "id"], unique=False)
    op.create_table(
        "form_drafts",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_form_drafts_person")),
        sa.PrimaryKeyConstraint("person", "path", name=op.f("pk_form_drafts")),
    )
    op.create_table(
        "presence",
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_presence_person")),
        sa.PrimaryKeyConstraint("page", "person", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"], unique=False)
    op.create_table(
        "saved_filters",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("search", sa.String(length=100), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_saved_filters_person")),
        sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_saved_filters")),
    )


def downgrade() -> None:
    for table in (
        "saved_filters",
        "presence",
        "form_drafts",
        "comments",
        "linked_cases",
        "document_numbers",
        "appointments",
    ):
        op.drop_table(table)
