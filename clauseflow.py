"""The composition root and the command line: settings, database, handlers, web application, worker."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from cli import history, log_lines, operating, processes, running, verifying, working
from cli.content import process_keys
from cli.printing import print_problems
from cli.settings import HOME, Settings, whole_number
from engine.clauses import load_register
from engine.database import PATIENCE, Database
from engine.errors import ClauseflowError, Refused
from engine.lint import Surroundings
from handlers import HANDLERS

OK, FAILED, MISUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did its work, 1 when it found something wrong, 2 for misuse."""
    log_lines.set_up()
    options = _parser().parse_args(arguments)
    language = os.environ.get("CLAUSEFLOW_LANGUAGE", "zh")
    try:
        return OK if options.run(Product(Settings.from_environment(os.environ)), options) else FAILED
    except Refused as refused:
        print_problems(refused.problems, language)
        return FAILED
    except ClauseflowError as error:
        print(error.text(language), file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        return OK


class FolderUnusable(ClauseflowError):
    """The data folder cannot be made."""

    zh = "数据目录“{folder}”建不起来（{reason}），请检查 CLAUSEFLOW_VAR。"
    en = "The data folder “{folder}” cannot be made ({reason}); check CLAUSEFLOW_VAR."


class Product:
    """Everything put together once: what the commands, the web and the worker share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.register = load_register(HOME / "regulations")
        self.surroundings = Surroundings(self.register, frozenset(HANDLERS), frozenset(process_keys()))

    @contextmanager
    def database(self, patience: float = PATIENCE) -> Iterator[Database]:
        """The database; `patience` is how many seconds a writer waits for SQLite's one write lock."""
        self._make_var()
        db = Database(self.settings.database_url, patience)
        try:
            yield db
        finally:
            db.dispose()

    def secret(self) -> str:
        """The web's secret: set, or made on the first start and kept for the owner's eyes only."""
        if self.settings.secret:
            return self.settings.secret
        self._make_var()
        path = self.settings.var / "secret"
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=self.settings.var) as file:  # readable to its owner alone
                file.write(secrets.token_urlsafe(48))
                file.flush()
                with suppress(FileExistsError):  # whoever links first has made it; it is never there half written
                    os.link(file.name, path)
        return path.read_text().strip()

    def _make_var(self) -> None:
        """The data folder, for its owner alone. Raises FolderUnusable."""
        try:
            self.settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderUnusable(folder=self.settings.var, reason=error.strerror) from error

    def say(self, zh: str, en: str) -> None:
        """One line to the person at the terminal."""
        print(zh if self.settings.language == "zh" else en, flush=True)


COMMANDS = {
    "run": (running.run, "演示启动：建库、演示数据、部署、后台与网页 · everything at once, for a first look"),
    "serve": (running.serve, "启动网页 · serve the web"),
    "worker": (working.work, "启动后台 · work off due timers and jobs"),
    "migrate": (running.migrate, "升级数据库结构 · bring the database to the newest schema"),
    "administrator": (operating.administrator, "添加第一位管理员 · add the first administrator"),
    "demo": (running.load_demo, "载入演示人员与事项 · load demo people and cases"),
    "deploy": (processes.deploy, "检查并部署流程 · lint processes and put them in force"),
    "lint": (processes.lint_processes, "检查流程 · report problems of processes"),
    "scenarios": (processes.scenarios, "运行场景并统计覆盖 · run scenarios, print coverage"),
    "verify": (verifying.verify_instances, "证明历史未被改动 · prove that history was not changed"),
    "anchor": (history.anchor, "立即取锚点 · take an anchor now"),
    "rebuild": (history.rebuild_all, "由历史重建状态与待办 · make states and waits again from history"),
    "backup": (operating.backup, "备份到一个文件 · write a backup into one file"),
    "restore": (operating.restore, "从备份恢复到空数据库并证明 · restore a backup into an empty database and prove it"),
    "doctor": (operating.doctor, "检查运行环境 · check database, workers, calendar, anchors, disk"),
    "clauses": (processes.clauses, "条款与执行它的元素 · clauses and the elements that cite them"),
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
    parsers["scenarios"].add_argument(
        "--second-opinion",
        action="store_true",
        help="再由 SpiffWorkflow 自带的执行层办一遍并比较 · have SpiffWorkflow's own layer do the same, and compare",
    )
    parsers["verify"].add_argument("instance", nargs="?", metavar="INSTANCE")
    parsers["verify"].add_argument("--all", action="store_true", help="所有事项 · every case")
    parsers["verify"].add_argument(
        "--jobs", type=whole_number(64), default=1, metavar="N", help="用几个进程 · with how many processes"
    )
    parsers["administrator"].add_argument("account", metavar="ACCOUNT", help="登录用的账号 · the name to log in with")
    parsers["administrator"].add_argument("name", metavar="NAME", help="姓名 · what people call them")
    for name in ("backup", "restore"):
        parsers[name].add_argument("file", metavar="FILE")
    parsers["backup"].add_argument("--files", action="store_true", help="连同上传的文件 · with the uploaded files")
    for name in ("run", "demo"):
        parsers[name].add_argument(
            "--size", type=int, default=150, metavar="N", help="演示事项数 · number of demo cases"
        )
    parsers["clauses"].add_argument("--uncited", action="store_true", help="没有元素引用的 · those cited by none")
    for name in ("lint", "scenarios", "verify", "doctor", "clauses"):
        parsers[name].add_argument("--json", action="store_true", help="供程序读取 · for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
