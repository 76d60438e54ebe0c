"""what was entered is searched in rows of its own, in plain form; resting cases have an index

Revision ID: 0015
Revises: 0014
"""

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.values import decode, format_number

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_RESTING = "status = 'suspended'"
_PAGE = 500
"""Cases whose entries are read at once."""


def upgrade() -> None:
    op.create_table(
        "entry_texts",
        sa.Column("instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_entry_texts_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_entry_texts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_instances_suspended",
        "instances",
        ["id"],
        sqlite_where=sa.text(_RESTING),
        postgresql_where=sa.text(_RESTING),
    )
    connection = op.get_bind()
    _fill(connection)
    for table, column in (("records", "search"), ("record_fields", "said")):
        _make_plain(connection, table, column)


def downgrade() -> None:
    op.drop_index("ix_instances_suspended", table_name="instances")
    op.drop_table("entry_texts")


def _fill(connection: sa.Connection) -> None:
    last = connection.execute(sa.text("select max(id) from instances")).scalar() or 0
    read = sa.text("select instance_id, entries.seq, kind, input, title, title_en from entries "
                   "join instances on instances.id = instance_id "
                   "where instance_id > :after and instance_id <= :until")  # fmt: skip
    add = sa.text("insert into entry_texts (instance_id, seq, text) values (:instance_id, :seq, :text)")
    for after in range(0, last, _PAGE):
        found = connection.execute(read, {"after": after, "until": after + _PAGE})
        rows = [
            {"instance_id": row.instance_id, "seq": row.seq, "text": text}
            for row in found
            if (text := _searched(_found_by(row)))
        ]
        if rows:
            connection.execute(add, rows)


def _found_by(row: Any) -> Iterator[Any]:
    if row.seq == 0:
        yield from (row.title, row.title_en)
    if row.kind != "job_failed":
        yield from decode(row.input).get("values", {}).values()


def _make_plain(connection: sa.Connection, table: str, column: str) -> None:
    """Texts with another plain form than their own, as full-width digits."""
    found = connection.execute(sa.text(f"select distinct {column} from {table}")).scalars().all()  # noqa: S608
    change = sa.text(f"update {table} set {column} = :plain where {column} = :text")  # noqa: S608
    rows = [{"text": text, "plain": _plain(text)} for text in found if _plain(text) != text]
    if rows:
        connection.execute(change, rows)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _searched(values: Iterable[Any]) -> str:
    return _plain("\n".join(dict.fromkeys(filter(None, _said(values)))))[:20_000]


def _said(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Decimal):
            yield format_number(value)
        elif isinstance(value, dict):
            yield from _said([value["name"]] if "sha256" in value and "name" in value else value.values())
        elif isinstance(value, list):
            yield from _said(value)
