"""A command of the command line: what it says of itself, what it takes, what it does."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from cli.product import Product


def _nothing(_parser: ArgumentParser) -> None:
    """Most commands take no arguments."""


@dataclass(frozen=True, slots=True)
class Command:
    """`run` returns whether everything was found as it should be; `add_arguments` adds to the command's own parser."""

    help: str
    run: Callable[[Product, Namespace], bool]
    add_arguments: Callable[[ArgumentParser], None] = _nothing


def add_json(parser: ArgumentParser) -> None:
    """`--json`, for commands that print something a program may read."""
    parser.add_argument("--json", action="store_true", help="供程序读取 · for programs")
