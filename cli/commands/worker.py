"""The worker process: it hears the signal to stop whatever its threads do, and begins anew where too many hang."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread

from cli import log_lines
from cli.anchors.mail import mail_anchors
from cli.anchors.stamps import have_stamped
from cli.clock import now
from cli.command import Command
from cli.product import Product
from cli.settings import Settings
from engine.database import Database
from engine.worker import Worker
from handlers import handlers_with
from handlers.outside.channels import Channels

log = logging.getLogger("clauseflow.worker")

TOLD_TO_STOP = {signal.SIGTERM, signal.SIGINT}
HAS_ENDED = signal.SIGUSR1
END_SECONDS = 12.0
"""Within which a worker ends once it is told to, whatever a mail server, a handler or the database does."""


def run(product: Product, _options: argparse.Namespace) -> bool:
    """Work off due waits until told to stop.

    The work is done in a thread beside: this one waits for a signal alone. Where too many handlers hang the process
    puts a fresh one of itself in its own place, which rids it of their threads.
    """
    log_lines.entries_too()
    signal.pthread_sigmask(signal.SIG_BLOCK, {*TOLD_TO_STOP, HAS_ENDED})
    stop, orderly = Event(), list[bool]()
    with product.database() as db:
        worker = _worker(db, product.settings)
        thread = Thread(target=_until, args=(worker, stop, orderly), name="worker", daemon=True)
        thread.start()
        heard = signal.sigwait({*TOLD_TO_STOP, HAS_ENDED})
        stop.set()
        thread.join(END_SECONDS)
        if thread.is_alive():
            log.error("worker does not end worker=%s", worker.name)
            os._exit(1)
    if heard == HAS_ENDED and orderly == [False]:
        log.error("too many handlers hang, beginning anew worker=%s", worker.name)
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - ourselves
    return bool(orderly)


def _until(worker: Worker, stop: Event, orderly: list[bool]) -> None:
    try:
        orderly.append(worker.run(stop))
    finally:
        os.kill(os.getpid(), HAS_ENDED)


def _worker(db: Database, settings: Settings) -> Worker:
    channels = Channels(settings.smtp_url, settings.mail_from, settings.webhook_url)
    errands: dict[str, Callable[[], object]] = {}
    if settings.smtp_url and settings.anchor_mail:
        errands["anchor mail"] = lambda: mail_anchors(db, channels, settings.anchor_mail, now())
    if settings.tsa_url:
        errands["time-stamps"] = lambda: have_stamped(db, settings, now())
    name = f"{os.uname().nodename}:{os.getpid()}"
    return Worker(db, handlers_with(channels), now, name, settings.anchor_file, errands=errands)


COMMAND = Command("启动后台 · work off due timers and jobs", run)
