"""Everything at once, for a first look."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from cli.command import Command
from cli.commands import demo, serve
from cli.listening import try_address
from cli.product import Product
from cli.settings import HOME


def run(product: Product, options: argparse.Namespace) -> bool:
    """Everything at once, for a first look: migrate, demo, deploy, worker, web."""
    from demo.people import logins  # what is invented loads only where it is asked for

    try_address(product.settings.host, product.settings.port)
    product.say("准备数据库……", "Preparing the database …")
    demo.run(product, options)
    with subprocess.Popen([sys.executable, str(HOME / "clauseflow.py"), "worker"], cwd=HOME, env=os.environ) as worker:  # noqa: S603
        try:
            for zh, en in logins():
                product.say(zh, en)
            return serve.run(product, options)
        finally:
            worker.terminate()


COMMAND = Command(
    "演示启动：建库、演示数据、部署、后台与网页 · everything at once, for a first look", run, demo.COMMAND.add_arguments
)
