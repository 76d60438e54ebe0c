"""What a finished approval of 12 entries takes in the database, proof included, by table and index.

Whole pages of a database with many such cases, less those of the same database before the first, per case: as it grew,
and packed (VACUUM; VACUUM FULL). PostgreSQL keeps dead versions of rows until autovacuum lets their place be used
again, so it grows with a VACUUM every TIDIED cases, about as often as autovacuum would come (50 dead rows and a fifth
of the table), and is counted once it has been tidied some times.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

from benchmarks.cases.approvals import ELEVEN_ENTRIES, deploy, finish, named
from benchmarks.databases import fresh
from engine.database import Database
from engine.scenarios import ScenarioFile
from engine.scenarios.scenario_file import Scenario
from engine.tables import entries

CASES = 300
TIDIED = 50
BEFORE = 100
"""Cases that are there when growth is counted from."""
ENTRIES = 12


def main() -> None:
    """Print bytes per case, grown and packed, and where they go."""
    with fresh(("storage",)) as kinds:
        for kind, (db,) in kinds:
            file = deploy(db)
            scenario = named(file, ELEVEN_ENTRIES)
            empty = _packed(db)
            _grow(db, file, scenario, BEFORE)
            some = _sizes(db)
            _grow(db, file, scenario, CASES)
            with db.reading() as session:
                found = session.execute(select(func.count()).select_from(entries)).scalar_one()
            assert found == (BEFORE + CASES) * ENTRIES
            grown = _less(_sizes(db), some, CASES)
            packed = _less(_packed(db), empty, BEFORE + CASES)
            print(f"{kind:<11} grown {sum(grown.values()):8,.0f} bytes a case   packed {sum(packed.values()):8,.0f}")
            for name, size in sorted(grown.items(), key=lambda item: -item[1]):
                if size >= 1:
                    print(f"    {name:<36} {size:8,.0f}   packed {packed.get(name, 0):8,.0f}")


def _grow(db: Database, file: ScenarioFile, scenario: Scenario, cases: int) -> None:
    for number in range(1, cases + 1):
        finish(db, file, scenario, claims_first=True)
        if db.dialect == "postgresql" and number % TIDIED == 0:
            _tidy(db, "VACUUM")


def _less(sizes: dict[str, int], before: dict[str, int], cases: int) -> dict[str, float]:
    return {name: (size - before.get(name, 0)) / cases for name, size in sizes.items()}


def _packed(db: Database) -> dict[str, int]:
    _tidy(db, "VACUUM" if db.dialect == "sqlite" else "VACUUM FULL")
    return _sizes(db)


def _tidy(db: Database, statement: str) -> None:
    connection = db.engine.raw_connection()  # neither database takes VACUUM inside a transaction
    if db.dialect == "sqlite":
        connection.cursor().execute(statement)
    else:
        connection.driver_connection.autocommit = True
        connection.cursor().execute(statement)
        connection.driver_connection.autocommit = False
    connection.close()


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
