"""single fields of records can be asked for and sorted by

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.values import decode

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fields = op.create_table(
        "record_fields",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("sort", sa.String(length=200), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "field", name=op.f("pk_record_fields")),
    )
    op.create_index(op.f("ix_record_fields_kind_field_sort"), "record_fields", ["kind", "field", "sort"])
    rows = list(_stored(op.get_bind()))
    if rows:
        op.bulk_insert(fields, rows)


def downgrade() -> None:
    op.drop_index(op.f("ix_record_fields_kind_field_sort"), table_name="record_fields")
    op.drop_table("record_fields")


def _stored(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """The texts of records as they are stored; saving a record adds its numbers, dates and the words of its choices."""
    for kind, key, body in connection.execute(sa.text("select kind, key, body from records")):
        for field, value in decode(bytes(body)).items():
            if isinstance(value, str) and value:
                text = " ".join(value.lower().split())[:200]
                yield {"kind": kind, "key": key, "field": field, "sort": text, "said": f"\n{text}\n"}
