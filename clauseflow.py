"""The command line: one table of its commands, and `main`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from cli import log_lines
from cli.command import Command
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
from cli.settings import Settings
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


COMMANDS: Mapping[str, Command] = {
    "run": run.COMMAND,
    "serve": serve.COMMAND,
    "worker": worker.COMMAND,
    "migrate": migrate.COMMAND,
    "administrator": administrator.COMMAND,
    "demo": demo.COMMAND,
    "deploy": deploy.COMMAND,
    "lint": lint.COMMAND,
    "scenarios": scenarios.COMMAND,
    "verify": verify.COMMAND,
    "anchor": anchor.COMMAND,
    "rebuild": rebuild.COMMAND,
    "backup": backup.COMMAND,
    "restore": restore.COMMAND,
    "doctor": doctor.COMMAND,
    "clauses": clauses.COMMAND,
}
"""Every command there is, in the order in which help lists them."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("clauseflow", description="循章 Clauseflow")
    commands = parser.add_subparsers(required=True, metavar="命令 command")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.help, description=command.help)
        own.set_defaults(run=command.run)
        command.add_arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
