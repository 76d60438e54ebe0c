"""deliveries: a row per receiver and channel

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_deliveries_notification_id")),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchors.id"], name=op.f("fk_deliveries_anchor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "notification_id", "channel", "receiver", name=op.f("uq_deliveries_notification_id_channel_receiver")
        ),
        sa.UniqueConstraint("anchor_id", "channel", "receiver", name=op.f("uq_deliveries_anchor_id_channel_receiver")),
    )
    anchors = sa.text("state = 'waiting' AND anchor_id IS NOT NULL")
    op.create_index("ix_deliveries_waiting_anchors", "deliveries", ["channel"],
                    sqlite_where=anchors, postgresql_where=anchors)  # fmt: skip
    undelivered = sa.text("state IN ('refused', 'given_up')")
    op.create_index("ix_deliveries_undelivered", "deliveries", ["id"],
                    sqlite_where=undelivered, postgresql_where=undelivered)  # fmt: skip
    _keep_what_was_taken()
    for column in ("mailed_at", "posted_at"):  # no batch: SQLite would drop a table that others refer to
        op.drop_column("notifications", column)


def _keep_what_was_taken() -> None:
    """Whoever was mailed to is not mailed to again: those behind an address today, as nobody wrote down which."""
    taken = (
        "INSERT INTO deliveries (notification_id, channel, receiver, state, attempts, answer, tried_at) "
        "SELECT DISTINCT n.id, '{channel}', {receiver}, 'taken', 1, '', n.{at} FROM notifications n {people} "
        "WHERE n.{at} IS NOT NULL AND {which}"
    )
    holders = "JOIN person_roles r ON n.address = 'role:' || r.role JOIN people p ON p.id = r.person"
    customer = {"receiver": "substr(n.address, 10)", "people": "", "which": "n.address LIKE 'customer:%'"}
    person = {"receiver": "p.email", "people": "JOIN people p ON n.address = 'person:' || p.id"}
    role = {"receiver": "p.email", "people": holders}
    for each in (customer, person, role):
        op.execute(taken.format(channel="mail", at="mailed_at", **{"which": "p.email <> ''"} | each))
    op.execute(taken.format(channel="webhook", at="posted_at", receiver="'webhook'", people="", which="1 = 1"))


def downgrade() -> None:
    for column, channel in (("mailed_at", "mail"), ("posted_at", "webhook")):
        op.add_column("notifications", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
        op.execute(
            f"UPDATE notifications SET {column} = (SELECT max(tried_at) FROM deliveries d "  # noqa: S608 - our own names
            f"WHERE d.notification_id = notifications.id AND d.channel = '{channel}' AND d.state = 'taken')"
        )
    op.drop_table("deliveries")
