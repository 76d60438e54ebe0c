"""What a finished approval of 12 entries takes in the database, proof included, by table and index.

Whole pages of a database with many such cases, less those of the same database before the first, per case. SQLite is
counted after VACUUM and as it grew; PostgreSQL after VACUUM FULL and as it grew.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

from benchmarks.approvals import ELEVEN_ENTRIES, deploy, finish, named
from benchmarks.databases import fresh
from engine.database import Database
from engine.tables import entries

CASES = 300
ENTRIES = 12


def main() -> None:
    """Print bytes per case, grown and packed, and where they go."""
    with fresh(("storage",)) as kinds:
        for kind, (db,) in kinds:
            file = deploy(db)
            scenario = named(file, ELEVEN_ENTRIES)
            empty = _packed(db)
            for _ in range(CASES):
                finish(db, file, scenario, claims_first=True)
            with db.reading() as session:
                assert session.execute(select(func.count()).select_from(entries)).scalar_one() == CASES * ENTRIES
            grown = _less(_sizes(db), empty)
            packed = _less(_packed(db), empty)
            print(f"{kind:<11} grown {sum(grown.values()):8,.0f} bytes a case   packed {sum(packed.values()):8,.0f}")
            for name, size in sorted(grown.items(), key=lambda item: -item[1]):
                if size >= 1:
                    print(f"    {name:<36} {size:8,.0f}   packed {packed.get(name, 0):8,.0f}")


def _less(sizes: dict[str, int], before: dict[str, int]) -> dict[str, float]:
    return {name: (size - before.get(name, 0)) / CASES for name, size in sizes.items()}


def _packed(db: Database) -> dict[str, int]:
    connection = db.engine.raw_connection()  # neither database takes VACUUM inside a transaction
    if db.dialect == "sqlite":
        connection.cursor().execute("VACUUM")
    else:
        connection.driver_connection.autocommit = True
        connection.cursor().execute("VACUUM FULL")
        connection.driver_connection.autocommit = False
    connection.close()
    return _sizes(db)


def _sizes(db: Database) -> dict[str, int]:
    """Bytes by table and index."""
    with db.engine.connect() as connection:
        return _sqlite(connection) if db.dialect == "sqlite" else _postgresql(connection)


def _sqlite(connection: Connection) -> dict[str, int]:
    found = connection.execute(text("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    return dict(found.all())


def _postgresql(connection: Connection) -> dict[str, int]:
    found = connection.execute(
        text(
            "SELECT relname, CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END "
            "FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
        )
    )
    return dict(found.all())
