"""What an operator runs: migrate, demo, serve, and everything at once."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cli import log_lines, processes
from cli.clock import now
from cli.content import prepare
from cli.listening import try_address
from cli.settings import HOME
from company.file_store import FileStore
from demo import cases as demo_cases
from demo import people as demo
from demo import records as demo_records

if TYPE_CHECKING:
    from clauseflow import Product

DEMO_BEFORE = timedelta(days=150)
"""How long before now the demo's people came and its processes were deployed."""

WEB_PATIENCE = 5.0
"""Seconds a page that writes waits for SQLite's write lock; then its person reads that the database is busy."""


def migrate(product: Product, _options: argparse.Namespace) -> bool:
    """Bring the database to the newest schema."""
    with product.database() as db:
        prepare(db)
    return True


def load_demo(product: Product, options: argparse.Namespace) -> bool:
    """Load the demo people, and cases made by really running the scenarios over the last 120 days."""
    with product.database() as db, db.hurried():
        prepare(db)
        begun = now() - DEMO_BEFORE
        people = demo.load_people(db, begun)
        if people:
            product.say(f"已载入 {people} 位演示人员", f"loaded {people} demo people")
        records = demo_records.load_records(db, begun)
        if records:
            product.say(f"已载入 {records} 份业务档案", f"loaded {records} business records")
        processes.deploy_all(product, db, [], begun if people else now())
        store = FileStore.at(product.settings.files_url)
        for done in demo_cases.load_cases(db, store, product.settings.anchor_file, now(), options.size):
            if done % 10 == 0 or done == options.size:
                product.say(f"已办演示事项 {done}/{options.size}", f"demo cases {done}/{options.size}")
    return True


def serve(product: Product, _options: argparse.Namespace) -> bool:
    """Serve the web until told to stop."""
    from web import Services, create_app  # the web's dependencies load only where the web runs
    from web.server import Limits, create_server

    settings = product.settings
    try_address(settings.host, settings.port)
    log_lines.entries_too()
    with product.database(WEB_PATIENCE) as db:
        services = Services(
            db=db,
            register=product.register,
            now=now,
            secret=product.secret(),
            secure_cookies=settings.secure_cookies,
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            content=HOME,
            anchor_file=settings.anchor_file,
            tsa_roots=settings.tsa_roots,
            files=FileStore.at(settings.files_url),
        )
        # Behind proxies of ours everybody comes from their addresses.
        behind = settings.trusted_proxies > 0
        limits = Limits(per_address=Limits().connections if behind else settings.connections_per_address)
        server = create_server(create_app(services), settings.host, settings.port, settings.threads, limits=limits)
        signal.signal(signal.SIGTERM, _interrupt)
        product.say(f"循章已启动：http://{settings.host}:{settings.port}/",
                    f"Clauseflow is up: http://{settings.host}:{settings.port}/")  # fmt: skip
        try:
            server.run()
        finally:
            server.close()
    return True


def _interrupt(*_signal: Any) -> None:
    raise KeyboardInterrupt


def run(product: Product, options: argparse.Namespace) -> bool:
    """Everything at once, for a first look: migrate, demo, deploy, worker, web."""
    try_address(product.settings.host, product.settings.port)
    product.say("准备数据库……", "Preparing the database …")
    load_demo(product, options)
    with subprocess.Popen([sys.executable, str(HOME / "clauseflow.py"), "worker"], cwd=HOME, env=os.environ) as worker:  # noqa: S603
        try:
            for zh, en in demo.logins():
                product.say(zh, en)
            return serve(product, options)
        finally:
            worker.terminate()
