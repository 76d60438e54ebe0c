"""Serve the web."""

from __future__ import annotations

import argparse
import signal
from typing import Any

from cli import log_lines
from cli.clock import now
from cli.command import Command
from cli.listening import try_address
from cli.product import Product
from cli.settings import HOME
from company.files.store import FileStore

WEB_PATIENCE = 5.0
"""Seconds a page that writes waits for SQLite's write lock; then its person reads that the database is busy."""


def run(product: Product, _options: argparse.Namespace) -> bool:
    """Serve the web until told to stop."""
    from web import Services, create_app  # the web's dependencies load only where the web runs
    from web.serving.server import Limits, create_server

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


COMMAND = Command("启动网页 · serve the web", run)
