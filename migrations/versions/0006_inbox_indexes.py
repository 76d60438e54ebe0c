"""tasks that somebody holds and tasks of a group have an index each

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = "closed_at IS NULL"
OLD = {
    "ix_waits_open_lane": (["kind", "lane", "due_at", "opened_at", "instance_id"], OPEN),
    "ix_waits_open_assignee": (["assignee", "due_at", "opened_at", "instance_id"], OPEN),
}
NEW = {
    "ix_waits_open_lane": (
        ["kind", "lane", "due_at", "opened_at", "instance_id", "seq", "k", "closed_at", "assignee"],
        f"{OPEN} AND assignee IS NULL",
    ),
    "ix_waits_open_assignee": (
        ["kind", "assignee", "due_at", "opened_at", "instance_id", "seq", "k", "closed_at"],
        f"{OPEN} AND assignee IS NOT NULL",
    ),
}


def upgrade() -> None:
    _replace(NEW)


def downgrade() -> None:
    _replace(OLD)


def _replace(wanted: dict[str, tuple[list[str], str]]) -> None:
    for name, (columns, where) in wanted.items():
        op.drop_index(name, table_name="waits")
        condition = sa.text(where)
        op.create_index(name, "waits", columns, sqlite_where=condition, postgresql_where=condition)
