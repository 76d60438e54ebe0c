"""the index of what was entered: three characters in a row, kept by each database in its own way

Revision ID: 0004_search_index
Revises: 0003_audit
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_search_index"
down_revision = "0003_audit"
branch_labels = None
depends_on = None

_SQLITE = (
    # Without content and sizes of its own: the rows that are searched are there already.
    "CREATE VIRTUAL TABLE entry_grams USING fts5(text, content='', columnsize=0, tokenize='trigram case_sensitive 1')",
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
    # Its cost says that nobody should work it out row by row where the index can answer.
    (
        "CREATE FUNCTION text_grams(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
        "COST 10000 AS $$ "
        "SELECT coalesce(array_to_tsvector(array_agg(DISTINCT gram)), '') FROM (SELECT c || lead(c) OVER whole || "
        "lead(c, 2) OVER whole AS gram FROM unnest(string_to_array($1, NULL)) WITH ORDINALITY AS one(c, place) "
        "WINDOW whole AS (ORDER BY place)) AS each_place WHERE gram IS NOT NULL $$"
    ),
    "CREATE INDEX ix_entry_texts_grams ON entry_texts USING gin (text_grams(text))",
)


def upgrade() -> None:
    connection = op.get_bind()
    _run(connection, *(_SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL))


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _run(connection, "DROP TRIGGER index_entry_text", "DROP TRIGGER forget_entry_text", "DROP TABLE entry_grams")
    else:
        _run(connection, "DROP INDEX ix_entry_texts_grams", "DROP FUNCTION text_grams(text)")


def _run(connection: sa.Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
