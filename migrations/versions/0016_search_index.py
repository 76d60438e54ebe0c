"""what was entered is found by an index of three characters in a row, the case's number too

Revision ID: 0016
Revises: 0015
"""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PAGE = 500
"""Cases whose texts are read at once."""
_GAP = "\x1f"
_WIDE = re.compile(r"[^\x00-\x7f]+")

_SQLITE = (
    # Without content and sizes of its own: the rows that are searched are there already.
    "CREATE VIRTUAL TABLE entry_grams USING fts5(text, content='', columnsize=0, tokenize='trigram case_sensitive 1')",
    "INSERT INTO entry_grams (rowid, text) SELECT instance_id << 20 | seq, text FROM entry_texts",
    (
        "CREATE TRIGGER index_entry_text AFTER INSERT ON entry_texts BEGIN INSERT INTO entry_grams (rowid, text) "
        "VALUES (new.instance_id << 20 | new.seq, new.text); END"
    ),
    (
        "CREATE TRIGGER forget_entry_text AFTER DELETE ON entry_texts BEGIN INSERT INTO entry_grams "
        "(entry_grams, rowid, text) VALUES ('delete', old.instance_id << 20 | old.seq, old.text); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE FUNCTION text_grams(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ "
        "SELECT coalesce(array_to_tsvector(array_agg(DISTINCT gram)), '') FROM (SELECT c || lead(c) OVER whole || "
        "lead(c, 2) OVER whole AS gram FROM unnest(string_to_array($1, NULL)) WITH ORDINALITY AS one(c, place) "
        "WINDOW whole AS (ORDER BY place)) AS each_place WHERE gram IS NOT NULL $$"
    ),
    "CREATE INDEX ix_entry_texts_grams ON entry_texts USING gin (text_grams(text))",
)


def upgrade() -> None:
    connection = op.get_bind()
    _write_again(connection)
    _run(connection, *(_SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL))


def downgrade() -> None:
    """Texts stay spaced, and the revision before finds Latin words only, until a case is made again."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _run(connection, "DROP TRIGGER index_entry_text", "DROP TRIGGER forget_entry_text", "DROP TABLE entry_grams")
    else:
        _run(connection, "DROP INDEX ix_entry_texts_grams", "DROP FUNCTION text_grams(text)")


def _run(connection: sa.Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _write_again(connection: sa.Connection) -> None:
    last = connection.execute(sa.text("select max(id) from instances")).scalar() or 0
    read = sa.text("select id, number, entry_texts.seq, text from instances "
                   "left join entry_texts on instance_id = id "
                   "where id > :after and id <= :until order by id, entry_texts.seq")  # fmt: skip
    clear = sa.text("delete from entry_texts where instance_id > :after and instance_id <= :until")
    add = sa.text("insert into entry_texts (instance_id, seq, text) values (:id, :seq, :text)")
    for after in range(0, last, _PAGE):
        place = {"after": after, "until": after + _PAGE}
        rows = connection.execute(read, place).all()
        connection.execute(clear, place)
        again = _again(rows)
        if again:
            connection.execute(add, again)


def _again(rows: Any) -> list[dict[str, Any]]:
    """Every text spaced, and the number of each case before the first."""
    texts: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        texts.setdefault((row.id, 0), [row.number.casefold()])
        if row.seq is not None:
            texts.setdefault((row.id, row.seq), []).append(row.text)
    return [{"id": case, "seq": seq, "text": _spaced("\n".join(found))} for (case, seq), found in texts.items()]


def _spaced(text: str) -> str:
    return _WIDE.sub(lambda found: _GAP + _GAP.join(found[0]) + _GAP, text)
