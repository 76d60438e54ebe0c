"""notifications, who has read them, and what was sent outside

Revision ID: 0008_notifications
Revises: 0007_files
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_notifications"
down_revision = "0007_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("subject_en", sa.String(length=200), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("job_key", "address", name=op.f("uq_notifications_job_key_address")),
    )
    op.create_index(op.f("ix_notifications_address_id"), "notifications", ["address", "id"], unique=False)
    op.create_index(op.f("ix_notifications_number"), "notifications", ["number"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notification_id", sa.Integer(), nullable=True),
        sa.Column("anchor_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("receiver", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchors.id"], name=op.f("fk_deliveries_anchor_id")),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_deliveries_notification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("anchor_id", "channel", "receiver", name=op.f("uq_deliveries_anchor_id_channel_receiver")),
        sa.UniqueConstraint(
            "notification_id", "channel", "receiver", name=op.f("uq_deliveries_notification_id_channel_receiver")
        ),
    )
    op.create_index(
        "ix_deliveries_undelivered",
        "deliveries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('refused', 'given_up')"),
        postgresql_where=sa.text("state IN ('refused', 'given_up')"),
    )
    op.create_index(
        "ix_deliveries_waiting_anchors",
        "deliveries",
        ["channel"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND anchor_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'waiting' AND anchor_id IS NOT NULL"),
    )
    op.create_table(
        "notification_reads",
        sa.Column("notification_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_notification_reads_notification_id")
        ),
        sa.PrimaryKeyConstraint("notification_id", "person", name=op.f("pk_notification_reads")),
    )


def downgrade() -> None:
    for table in ("notification_reads", "deliveries", "notifications"):
        op.drop_table(table)
