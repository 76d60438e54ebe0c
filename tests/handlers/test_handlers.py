"""The table of handlers."""

from __future__ import annotations

from pathlib import Path

from engine.worker import Handler
from handlers import HANDLERS
from tests.product import ROOT


def test_every_handler_has_a_file_of_its_name() -> None:
    parts = {"__init__", "channels", "given"}
    files = {Path(path).stem for path in (ROOT / "handlers").glob("*.py")} - parts

    assert files == set(HANDLERS)
    assert all(isinstance(handler, Handler) for handler in HANDLERS.values())
