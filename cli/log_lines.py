"""Log lines: one per event, `time level logger words name=value ...`, on standard error for whatever collects them."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from typing_extensions import override

ENTRIES = "clauseflow.entries"
"""The logger that writes a line for every committed entry, with instance, entry and actor."""

QUIET = ("spiff", "alembic")


class OneLine(logging.Formatter):
    """UTC, and no message can pass for two lines; only a traceback follows on lines of its own."""

    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        return super().formatMessage(record)


def set_up() -> None:
    """Log to standard error; entries stay quiet until `entries_too`, since loading a demo makes hundreds."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in (*QUIET, ENTRIES):
        logging.getLogger(name).setLevel(logging.WARNING)


def entries_too() -> None:
    """From now on every committed entry is a line."""
    logging.getLogger(ENTRIES).setLevel(logging.INFO)
