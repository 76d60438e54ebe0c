"""Record histories: run what there is and keep its definitions, inputs and results as data in `tests/histories`.

`python -m tests.record_histories` records the scenarios of every process in its present version, and a walk through the
small processes of the tests. A version that is recorded already is left alone; `--again` records it anew.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.content import bundle, prepare, process_keys
from cli.scenario_runs import samples_folder, scenario_path
from cli.settings import HOME
from company.files.samples import SampleFiles
from company.files.store import FileStore
from demo import people as demo
from demo.cast import played
from engine.actor import SYSTEM
from engine.clauses import load_register
from engine.commands import (
    cancel_instance,
    correct_data,
    deploy_definition,
    move_token,
    publish_message,
    resume_instance,
    retry_job,
    suspend_instance,
)
from engine.database import Database
from engine.history import calendars
from engine.history.definitions import Deployed, by_id
from engine.history.entries import entries_of
from engine.jobs import JobError
from engine.lint import LintContext
from engine.scenarios import run_scenario
from engine.tables import definitions, instances
from handlers import HANDLERS
from tests.bench import ADMIN, Bench

FOLDER = Path(__file__).parent / "histories"
HEAD = ("seq", "kind", "at", "actor", "on_behalf_of", "revision", "input", "effects", "state_hash")


def main(arguments: list[str]) -> int:
    """Record what is not recorded yet; prints the files written."""
    again = "--again" in arguments
    with tempfile.TemporaryDirectory() as folder:
        for key in process_keys():
            with _database(folder, key) as db:
                run_scenarios(db, key)
                _write_all(db, again, key)
        with _database(folder, "small") as db:
            walk_small_processes(Bench(db))
            _write_all(db, again)
    return 0


@contextmanager
def _database(folder: str, name: str) -> Iterator[Database]:
    db = Database(f"sqlite:///{folder}/{name}.db")
    prepare(db)
    yield db
    db.dispose()


def run_scenarios(db: Database, key: str) -> None:
    """The scenarios of a process of the checkout, by the real commands."""
    if not scenario_path(key).exists():
        return
    context = LintContext(load_register(HOME / "regulations"), frozenset(HANDLERS), frozenset(process_keys()))
    file = played(key)
    demo.load_people(db, file.scenarios[0].at)
    for each in process_keys():
        deploy_definition(db, SYSTEM, file.scenarios[0].at, each, bundle(each).files, context)
    for scenario in file.scenarios:
        run_scenario(db, file, scenario, HANDLERS, samples=SampleFiles(db, FileStore(), samples_folder()))


def walk_small_processes(bench: Bench) -> None:
    """Called cases, messages, signals, jobs, timers and administrators' acts, a case or more of each."""
    bench.deploy("quote", "repair", "repair_or_stop", "storm", "sign_off", "squares", "square", "deadline", "watch",
                 "notice", "notice_or_call", "complaint", "late_order", "payment", "recall")  # fmt: skip
    bench.start("repair", amount=3)
    bench.do("offer", amount=2000)
    retry_job(bench.db, ADMIN, bench.now, bench.wait("quote_price"), "再报")
    bench.do("offer", amount=20)
    bench.do("check")
    bench.start("repair_or_stop", amount=3)
    bench.later(days=3).drain()
    bench.do("call_off")
    bench.start("squares", amount=3)
    bench.start("storm")
    bench.do("offer", amount=1)
    bench.later(hours=1).drain()
    for node in ("read", "close"):
        bench.do(node)
    _intervene(bench)
    _exchange(bench)


def _intervene(bench: Bench) -> None:
    cancelled, moved = bench.start("sign_off"), bench.start("sign_off")
    cancel_instance(bench.db, ADMIN, bench.now, cancelled.number, "撤回")
    move_token(bench.db, ADMIN, bench.now, bench.wait("sales", moved.instance_id), "finance", "转财务")
    paused = bench.start("deadline", "D1", amount=1)
    correct_data(bench.db, ADMIN, bench.now, paused.number, {"amount": 2}, "更正")
    suspend_instance(bench.db, ADMIN, bench.now, paused.number, "等待")
    resume_instance(bench.db, ADMIN, bench.later(hours=3).now, paused.number, "继续")
    bench.drain()
    bench.mail = _bounce
    bench.start("notice_or_call")
    bench.drain()


def _bounce(_job: object) -> dict[str, Any]:
    raise JobError(reason="bounced", error="BOUNCED")


def _exchange(bench: Bench) -> None:
    bench.mail = None
    bench.start("notice")
    bench.start("watch")
    bench.start("recall", "主缸")
    bench.start("late_order", "B7")
    bench.start("payment", "B7")
    bench.do("pay", subject="B7", amount=5)
    bench.do("pack")
    publish_message(bench.db, ADMIN, bench.now, "complaint received", "C1", {"subject": "异响"})
    publish_message(bench.db, ADMIN, bench.now, "payment received", "B7", {"amount": 6})
    bench.drain()


def _write_all(db: Database, again: bool, key: str | None = None) -> None:
    """Write what is recorded of every process, or of one: what it calls is recorded by scenarios of its own."""
    with db.reading() as session:
        for row_id in session.execute(select(definitions.c.id).order_by(definitions.c.id)).scalars().all():
            deployed = by_id(session, row_id)
            if key not in (None, deployed.key):
                continue
            recorded = _recorded(session, deployed)
            path = FOLDER / f"{deployed.key}.{deployed.definition.hash.hex()[:8]}.json"
            if recorded["cases"] and (again or not path.exists()):
                path.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
                print(path.name)  # noqa: T201 - a tool for the terminal


def _recorded(session: Any, deployed: Deployed) -> dict[str, Any]:
    cases, named = [], set()
    rows = select(instances.c.id, instances.c.number).where(instances.c.definition_id == deployed.id)
    for row in session.execute(rows.order_by(instances.c.id)).all():
        history = list(entries_of(session, row.id))
        named |= {found for entry in history if (found := entry.payload().get("facts", {}).get("calendar"))}
        cases.append({"number": row.number, "entries": [_entry(entry) for entry in history]})
    return {
        "process": deployed.key,
        "files": {path: content.decode() for path, content in deployed.definition.files.items()},
        "calendars": {name: calendars.content(session, name) for name in sorted(named)},
        "cases": cases,
    }


def _entry(entry: Any) -> dict[str, Any]:
    found = {name: getattr(entry, name) for name in HEAD}
    return found | {"at": entry.at.isoformat(), "state_hash": entry.state_hash.hex()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
