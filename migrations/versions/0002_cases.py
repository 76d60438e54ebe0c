"""cases: instances, entries and what is searched in them, waits, messages

Revision ID: 0002_cases
Revises: 0001_definitions
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_cases"
down_revision = "0001_definitions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_seq", sa.Integer(), nullable=True),
        sa.Column("parent_k", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), server_default="", nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchored_seq", sa.Integer(), server_default="-1", nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_instances_definition_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["instances.id"], name=op.f("fk_instances_parent_id")),
        sa.ForeignKeyConstraint(["root_id"], ["instances.id"], name=op.f("fk_instances_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
        sa.UniqueConstraint("number", name=op.f("uq_instances_number")),
    )
    op.create_index(op.f("ix_instances_changed_at"), "instances", ["changed_at"], unique=False)
    op.create_index(op.f("ix_instances_key_status_id"), "instances", ["key", "status", "id"], unique=False)
    op.create_index(op.f("ix_instances_parent_id"), "instances", ["parent_id"], unique=False)
    op.create_index(op.f("ix_instances_root_id"), "instances", ["root_id"], unique=False)
    op.create_index(
        "ix_instances_suspended",
        "instances",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'suspended'"),
        postgresql_where=sa.text("status = 'suspended'"),
    )
    op.create_index(
        "ix_instances_unanchored",
        "instances",
        ["id"],
        unique=False,
        sqlite_where=sa.text("seq > anchored_seq"),
        postgresql_where=sa.text("seq > anchored_seq"),
    )
    op.create_table(
        "entries",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("input_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("effects_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_entries_definition_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_entries_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_entries")),
    )
    op.create_table(
        "entry_texts",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_entry_texts_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_entry_texts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=100), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts", sa.String(length=100), nullable=True),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("k", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_messages_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    op.create_index(
        "ix_messages_topic",
        "messages",
        ["name", "correlation"],
        unique=False,
        sqlite_where=sa.text("taken_at IS NULL AND failure IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL AND failure IS NULL"),
    )
    op.create_index(
        "ix_messages_under_way",
        "messages",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("taken_at IS NULL AND failure IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL AND failure IS NULL"),
    )
    op.create_table(
        "waits",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("k", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("node_id", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=500), nullable=False),
        sa.Column("lane", sa.String(length=100), nullable=True),
        sa.Column("assignee", sa.String(length=100), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_seq", sa.Integer(), nullable=True),
        sa.Column("closed_why", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=True),
        sa.Column("correlation", sa.String(length=200), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id", "seq"], ["entries.instance_id", "entries.seq"], name=op.f("fk_waits_instance_id_seq")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_waits_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", "k", name=op.f("pk_waits")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_waits_closed_by", "waits", ["closed_by", "closed_at"], unique=False)
    op.create_index(
        "ix_waits_incident",
        "waits",
        ["opened_at"],
        unique=False,
        sqlite_where=sa.text("incident IS NOT NULL"),
        postgresql_where=sa.text("incident IS NOT NULL"),
    )
    op.create_index(
        "ix_waits_open_assignee",
        "waits",
        ["kind", "assignee", "due_at", "opened_at", "instance_id", "seq", "k", "closed_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND assignee IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND assignee IS NOT NULL"),
    )
    op.create_index(
        "ix_waits_open_due",
        "waits",
        ["kind", "due_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_waits_open_lane",
        "waits",
        ["kind", "lane", "due_at", "opened_at", "instance_id", "seq", "k", "closed_at", "assignee"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND assignee IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND assignee IS NULL"),
    )
    op.create_index(
        "ix_waits_open_topic",
        "waits",
        ["topic", "correlation"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND topic IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND topic IS NOT NULL"),
    )
    op.create_index(
        "ix_waits_ready",
        "waits",
        ["kind", "ready_at"],
        unique=False,
        sqlite_where=sa.text("ready_at IS NOT NULL"),
        postgresql_where=sa.text("ready_at IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("waits", "messages", "entry_texts", "entries", "instances"):
        op.drop_table(table)
