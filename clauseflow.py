"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from cli import log_lines
from cli.commands import (
    administrator,
    anchor,
    backup,
    clauses,
    demo,
    deploy,
    doctor,
    lint,
    migrate,
    rebuild,
    restore,
    run,
    scenarios,
    serve,
    verify,
    worker,
)
from cli.printing import print_problems
from cli.product import Product
from cli.settings import Settings, whole_number
from engine.errors import ClauseflowError, Refused

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


COMMANDS = {
    "run": (run.run, "演示启动：建库、演示数据、部署、后台与网页 · everything at once, for a first look"),
    "serve": (serve.run, "启动网页 · serve the web"),
    "worker": (worker.run, "启动后台 · work off due timers and jobs"),
    "migrate": (migrate.run, "升级数据库结构 · bring the database to the newest schema"),
    "administrator": (administrator.run, "添加第一位管理员 · add the first administrator"),
    "demo": (demo.run, "载入演示人员与事项 · load demo people and cases"),
    "deploy": (deploy.run, "检查并部署流程 · lint processes and put them in force"),
    "lint": (lint.run, "检查流程 · report problems of processes"),
    "scenarios": (scenarios.run, "运行场景并统计覆盖 · run scenarios, print coverage"),
    "verify": (verify.run, "证明历史未被改动 · prove that history was not changed"),
    "anchor": (anchor.run, "立即取锚点 · take an anchor now"),
    "rebuild": (rebuild.run, "由历史重建状态与待办 · make states and waits again from history"),
    "backup": (backup.run, "备份到一个文件 · write a backup into one file"),
    "restore": (restore.run, "从备份恢复到空数据库并证明 · restore a backup into an empty database and prove it"),
    "doctor": (doctor.run, "检查运行环境 · check database, workers, calendar, anchors, disk"),
    "clauses": (clauses.run, "条款与执行它的元素 · clauses and the elements that cite them"),
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
