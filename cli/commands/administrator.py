"""Add the first administrator."""

from __future__ import annotations

import argparse

from cli.clock import now
from cli.command import Command
from cli.content import prepare
from cli.product import Product
from company.people.first_administrator import add_first_administrator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", metavar="ACCOUNT", help="登录用的账号 · the name to log in with")
    parser.add_argument("name", metavar="NAME", help="姓名 · what people call them")


def run(product: Product, options: argparse.Namespace) -> bool:
    """Add the first administrator to a company without one, and say the password for the first log-in."""
    with product.database() as db:
        prepare(db)
        password = add_first_administrator(db, now(), options.account, options.name)
    product.say(f"已添加管理员 {options.account}，首次登录的密码：{password}（登录后须更换）",
                f"added the administrator {options.account}; password for the first log-in: {password}")  # fmt: skip
    return True


COMMAND = Command("添加第一位管理员 · add the first administrator", run, add_arguments)
