"""The composition root and the command line: settings, database, handlers, web application, worker."""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import migrations
from company import demo
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.clauses import load_register
from engine.commands import Deployment, deploy_definition, rebuild
from engine.database import Database
from engine.errors import ClauseflowError, Problem, Refused
from engine.history.anchors import take_anchor
from engine.lint import Surroundings, lint
from engine.queries import instance_numbers
from engine.reexecute import Report, verify
from engine.scenarios import Coverage, Outcome, read_scenarios, run_scenario
from engine.worker import Worker
from handlers import HANDLERS
from settings import HOME, Settings

OK, FAILED, MISUSED = 0, 1, 2
log = logging.getLogger("clauseflow")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did its work, 1 when it found something wrong, 2 for misuse."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("spiff").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    options = _parser().parse_args(arguments)
    language = os.environ.get("CLAUSEFLOW_LANGUAGE", "zh")
    try:
        code: int = options.run(Product(Settings.from_environment(os.environ)), options)
        return code
    except Refused as refused:
        _print_problems(refused.problems, language)
        return FAILED
    except ClauseflowError as error:
        print(error.text(language), file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        return OK


class Product:
    """Everything put together once: what the commands, the web and the worker share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.register = load_register(HOME / "regulations")
        self.surroundings = Surroundings(self.register, frozenset(HANDLERS), frozenset(process_keys()))

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The migrated database."""
        self.settings.var.mkdir(parents=True, exist_ok=True)
        db = Database(self.settings.database_url)
        try:
            yield db
        finally:
            db.dispose()

    def secret(self) -> str:
        """The web's secret: set, or made on the first start and kept for the owner's eyes only."""
        if self.settings.secret:
            return self.settings.secret
        self.settings.var.mkdir(parents=True, exist_ok=True)
        path = self.settings.var / "secret"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()

    def say(self, zh: str, en: str) -> None:
        """One line to the person at the terminal."""
        print(zh if self.settings.language == "zh" else en, flush=True)


def now() -> datetime:
    """The one clock of the product; everything below takes the time as an argument."""
    return datetime.now(UTC)


def process_keys() -> list[str]:
    """The keys of the processes in the checkout."""
    return sorted(path.stem for path in (HOME / "processes").glob("*.bpmn"))


def bundle(key: str, root: Path = HOME) -> Definition:
    """The files of a process in a checkout, as one definition."""
    paths = [root / "processes" / f"{key}.bpmn", root / "processes" / f"{key}.dmn"]
    paths += sorted((root / "forms" / key).glob("*.form"))
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.exists()}
    return Definition(key, files)


def _keys(paths: list[str]) -> list[tuple[str, Path]]:
    """The processes that command-line paths mean: a diagram, or a folder of diagrams."""
    found: list[tuple[str, Path]] = []
    for text in paths or [str(HOME / "processes")]:
        path = Path(text).resolve()
        files = sorted(path.glob("*.bpmn")) if path.is_dir() else [path]
        if not files or not all(file.is_file() and file.suffix == ".bpmn" for file in files):
            raise NoDiagram(path=text)
        found += [(file.stem, file.parent.parent) for file in files]
    return found


class NoDiagram(ClauseflowError):
    """A path on the command line that is no diagram and holds none."""

    zh = "“{path}”不是 .bpmn 文件，也不是含有 .bpmn 文件的目录。"
    en = "“{path}” is neither a .bpmn file nor a folder with .bpmn files."


def migrate(product: Product, _options: argparse.Namespace) -> int:
    """Bring the database to the newest schema."""
    with product.database() as db:
        migrations.upgrade(db)
    return OK


def deploy(product: Product, options: argparse.Namespace) -> int:
    """Lint processes and put them in force."""
    with product.database() as db:
        for key, root in _keys(options.paths):
            definition = bundle(key, root)
            done = deploy_definition(db, SYSTEM, now(), key, definition.files, product.surroundings)
            _print_problems(done.warnings, product.settings.language)
            _print_deployment(product, done)
    return OK


def _print_deployment(product: Product, done: Deployment) -> None:
    if done.changed:
        product.say(f"已部署 {done.key} 第 {done.version} 版", f"deployed {done.key} version {done.version}")
    else:
        product.say(f"{done.key} 第 {done.version} 版已在用", f"{done.key} version {done.version} is in force already")


def lint_processes(product: Product, options: argparse.Namespace) -> int:
    """Report every problem of diagrams, decisions and forms; 1 when one of them is an error."""
    found = [problem for key, root in _keys(options.paths) for problem in lint(bundle(key, root), product.surroundings)]
    if options.json:
        print(json.dumps([_problem_value(problem) for problem in found], ensure_ascii=False))
    else:
        _print_problems(found, product.settings.language)
    return FAILED if any(problem.severity == "error" for problem in found) else OK


def scenarios(product: Product, options: argparse.Namespace) -> int:
    """Run the scenarios of one process or all; 1 when one departs or a node or flow is never passed."""
    failed = False
    report = []
    for key in [options.process] if options.process else process_keys():
        outcomes, coverage = run_scenarios(product, key)
        failed = failed or not coverage.complete or not all(outcome.ok for outcome in outcomes)
        report.append(_scenario_value(key, outcomes, coverage))
        if not options.json:
            _print_scenarios(product, key, outcomes, coverage)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    return FAILED if failed else OK


def run_scenarios(product: Product, key: str, db: Database | None = None) -> tuple[list[Outcome], Coverage]:
    """Deploy a process into a database of its own (or `db`) and run its scenarios there."""
    path = HOME / "processes" / f"{key}.scenarios.yaml"
    if not path.exists():
        raise NoDiagram(path=str(path.relative_to(HOME)))
    file = read_scenarios(path.read_bytes(), path.name)
    definition = bundle(key)
    with tempfile.TemporaryDirectory() as folder:
        own = db or Database(f"sqlite:///{folder}/scenarios.db")
        if db is None:
            migrations.upgrade(own)
        deploy_definition(own, SYSTEM, now(), key, definition.files, product.surroundings)
        outcomes = [run_scenario(own, file, scenario, HANDLERS) for scenario in file.scenarios]
        if db is None:
            own.dispose()
    return outcomes, Coverage.of(definition.diagram, (outcome.path for outcome in outcomes))


def _print_scenarios(product: Product, key: str, outcomes: list[Outcome], coverage: Coverage) -> None:
    zh = product.settings.language == "zh"
    for outcome in outcomes:
        print(f"{'✓' if outcome.ok else '✗'} {outcome.scenario.name if zh else outcome.scenario.name_en}")
        for problem in outcome.problems:
            print(f"    {problem.located(product.settings.language)}")
    nodes, flows = coverage.nodes, coverage.flows
    passed = f"{len(nodes & coverage.passed)}/{len(nodes)}", f"{len(flows & coverage.passed)}/{len(flows)}"
    product.say(f"{key}：{len(outcomes)} 个场景，节点 {passed[0]}，顺序流 {passed[1]}",
                f"{key}: {len(outcomes)} scenarios, nodes {passed[0]}, sequence flows {passed[1]}")  # fmt: skip
    if not coverage.complete:
        product.say(f"从未经过：{', '.join(coverage.missing())}", f"never passed: {', '.join(coverage.missing())}")


def _scenario_value(key: str, outcomes: list[Outcome], coverage: Coverage) -> dict[str, Any]:
    return {
        "process": key,
        "scenarios": [
            {"name": o.scenario.name, "ok": o.ok, "problems": [_problem_value(p) for p in o.problems]} for o in outcomes
        ],
        "missing": coverage.missing(),
    }


def verify_instances(product: Product, options: argparse.Namespace) -> int:
    """Prove one instance or all; 1 when anything is broken."""
    if bool(options.instance) == options.all:
        product.say("请给出一个编号，或 --all", "give one number, or --all")
        return MISUSED
    with product.database() as db, db.reading() as session:
        numbers = [options.instance] if options.instance else instance_numbers(session)
        reports = [verify(session, number, product.settings.anchor_file) for number in numbers]
    if options.json:
        print(json.dumps([_report_value(report) for report in reports], ensure_ascii=False))
    else:
        _print_reports(product, reports)
    return OK if all(report.ok for report in reports) else FAILED


def _print_reports(product: Product, reports: list[Report]) -> None:
    for report in reports:
        for verdict in (report.chain, report.anchors, report.reexecution):
            if verdict.problem:
                print(verdict.problem.text(product.settings.language))
    proven = sum(report.ok for report in reports)
    entries = sum(report.entries for report in reports)
    product.say(f"{proven}/{len(reports)} 个事项、共 {entries} 条记录通过证明",
                f"{proven}/{len(reports)} cases proven, {entries} entries in all")  # fmt: skip


def _report_value(report: Report) -> dict[str, Any]:
    verdicts = {name: getattr(report, name) for name in ("chain", "anchors", "reexecution")}
    return {"number": report.number, "entries": report.entries, "ok": report.ok} | {
        name: {"ok": v.ok, "upto": v.upto, "problem": v.problem and _problem_value(v.problem)}
        for name, v in verdicts.items()
    }


def rebuild_all(product: Product, _options: argparse.Namespace) -> int:
    """Make every state and wait again from the entries."""
    with product.database() as db:
        with db.reading() as session:
            numbers = instance_numbers(session)
        for number in numbers:
            rebuild(db, number)
    product.say(f"已由历史重建 {len(numbers)} 个事项", f"rebuilt {len(numbers)} cases from history")
    return OK


def clauses(product: Product, options: argparse.Namespace) -> int:
    """List the clauses of the processes in the checkout with the elements that cite them; 1 when one is uncited."""
    rows = []
    for key in process_keys():
        diagram = bundle(key).diagram
        cited: dict[str, list[str]] = {}
        for element, ids in [(key, diagram.clauses), *((i.id, i.clauses) for i in (*diagram.nodes.values(), *diagram.flows.values()))]:
            for clause_id in ids:
                cited.setdefault(clause_id, []).append(element)
        wanted = {clause.id for clause in product.register.naming(key)}
        rows += [{"process": key, "clause": c, "elements": cited.get(c, [])} for c in sorted(wanted | cited.keys())]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            clause = product.register.clause(row["clause"])
            text = clause.words(product.settings.language)[:40] if clause else "?"
            print(f"{row['process']}  {row['clause']:<7} {', '.join(row['elements']) or '—'}  {text}")
    return FAILED if any(not row["elements"] for row in rows) else OK


def anchor(product: Product, _options: argparse.Namespace) -> int:
    """Take an anchor now."""
    with product.database() as db:
        taken = take_anchor(db, now(), product.settings.anchor_file)
    if taken:
        product.say(f"锚点 {taken.id}：{taken.root.hex()}（{taken.heads} 个事项）",
                    f"anchor {taken.id}: {taken.root.hex()} ({taken.heads} cases)")  # fmt: skip
    else:
        product.say("自上个锚点以来没有变化", "nothing changed since the last anchor")
    return OK


def load_demo(product: Product, options: argparse.Namespace) -> int:
    """Load the demo people, and cases made by really running the scenarios over the last 120 days."""
    with product.database() as db:
        migrations.upgrade(db)
        people = demo.load_people(db, now())
        if people:
            product.say(f"已载入 {people} 位演示人员", f"loaded {people} demo people")
    return OK


def serve(product: Product, _options: argparse.Namespace) -> int:
    """Serve the web until told to stop."""
    import waitress  # the web's dependencies load only where the web runs

    from web import Services, create_app

    settings = product.settings
    with product.database() as db:
        services = Services(
            db=db,
            register=product.register,
            now=now,
            secret=product.secret(),
            secure_cookies=settings.secure_cookies,
            content=HOME,
            anchor_file=settings.anchor_file,
        )
        server = waitress.create_server(create_app(services), host=settings.host, port=settings.port,
                                        threads=settings.threads, ident="clauseflow")  # fmt: skip
        signal.signal(signal.SIGTERM, _interrupt)
        product.say(f"循章已启动：http://{settings.host}:{settings.port}/",
                    f"Clauseflow is up: http://{settings.host}:{settings.port}/")  # fmt: skip
        try:
            server.run()
        finally:
            server.close()
    return OK


def _interrupt(*_signal: Any) -> None:
    raise KeyboardInterrupt


def work(product: Product, _options: argparse.Namespace) -> int:
    """Work off due waits until told to stop."""
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with product.database() as db:
        Worker(db, HANDLERS, now, f"{os.uname().nodename}:{os.getpid()}", product.settings.anchor_file).run(stop)
    return OK


def run(product: Product, options: argparse.Namespace) -> int:
    """Everything at once, for a first look: migrate, demo, deploy, worker, web."""
    product.say("准备数据库……", "Preparing the database …")
    load_demo(product, options)
    options.paths = []
    deploy(product, options)
    with subprocess.Popen([sys.executable, "-m", "clauseflow", "worker"], cwd=HOME, env=os.environ) as worker:  # noqa: S603
        try:
            for zh, en in demo.logins():
                product.say(zh, en)
            return serve(product, options)
        finally:
            worker.terminate()


def _print_problems(problems: Sequence[Problem], language: str) -> None:
    for problem in problems:
        mark = {"error": ("错误", "error"), "warning": ("警告", "warning")}[problem.severity][language != "zh"]
        print(f"{mark} {problem.located(language)}  ({problem.rule})", file=sys.stderr)


def _problem_value(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "where": problem.where,
        "zh": problem.zh,
        "en": problem.en,
    }


COMMANDS = {
    "run": (run, "演示启动：建库、演示数据、部署、后台与网页 · everything at once, for a first look"),
    "serve": (serve, "启动网页 · serve the web"),
    "worker": (work, "启动后台 · work off due timers and jobs"),
    "migrate": (migrate, "升级数据库结构 · bring the database to the newest schema"),
    "demo": (load_demo, "载入演示人员与事项 · load demo people and cases"),
    "deploy": (deploy, "检查并部署流程 · lint processes and put them in force"),
    "lint": (lint_processes, "检查流程 · report problems of processes"),
    "scenarios": (scenarios, "运行场景并统计覆盖 · run scenarios, print coverage"),
    "verify": (verify_instances, "证明历史未被改动 · prove that history was not changed"),
    "anchor": (anchor, "立即取锚点 · take an anchor now"),
    "rebuild": (rebuild_all, "由历史重建状态与待办 · make states and waits again from history"),
    "clauses": (clauses, "条款与执行它的元素 · clauses and the elements that cite them"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("clauseflow", description="循章 Clauseflow")
    commands = parser.add_subparsers(required=True, metavar="命令 command")
    parsers = {}
    for name, (function, text) in COMMANDS.items():
        parsers[name] = commands.add_parser(name, help=text, description=text)
        parsers[name].set_defaults(run=function)
    for name in ("deploy", "lint"):
        parsers[name].add_argument("paths", nargs="*" if name == "lint" else "+", metavar="PATH")
    parsers["scenarios"].add_argument("process", nargs="?", metavar="PROCESS")
    parsers["verify"].add_argument("instance", nargs="?", metavar="INSTANCE")
    parsers["verify"].add_argument("--all", action="store_true", help="所有事项 · every case")
    for name in ("lint", "scenarios", "verify", "clauses"):
        parsers[name].add_argument("--json", action="store_true", help="供程序读取 · for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
