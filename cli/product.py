"""The composition root: settings, database, handlers, put together once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cli.content import process_keys
from cli.settings import HOME, Settings
from engine.clauses import load_register
from engine.database import PATIENCE, Database
from engine.errors import ClauseflowError
from engine.lint import LintContext
from handlers import HANDLERS


class FolderUnusable(ClauseflowError):
    """The data folder cannot be made."""

    zh = "数据目录“{folder}”建不起来（{reason}），请检查 CLAUSEFLOW_VAR。"
    en = "The data folder “{folder}” cannot be made ({reason}); check CLAUSEFLOW_VAR."


class Product:
    """Everything put together once: what the commands, the web and the worker share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.register = load_register(HOME / "regulations")
        self.lint_context = LintContext(self.register, frozenset(HANDLERS), frozenset(process_keys()))

    @contextmanager
    def database(self, patience: float = PATIENCE) -> Iterator[Database]:
        """The database; `patience` is how many seconds a writer waits for SQLite's one write lock."""
        self._make_var()
        db = Database(self.settings.database_url, patience)
        try:
            yield db
        finally:
            db.dispose()

    def secret(self) -> str:
        """The web's secret: set, or made on the first start and kept for the owner's eyes only."""
        if self.settings.secret:
            return self.settings.secret
        self._make_var()
        path = self.settings.var / "secret"
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=self.settings.var) as file:  # readable to its owner alone
                file.write(secrets.token_urlsafe(48))
                file.flush()
                with suppress(FileExistsError):  # whoever links first has made it; it is never there half written
                    os.link(file.name, path)
        return path.read_text().strip()

    def _make_var(self) -> None:
        """The data folder, for its owner alone. Raises FolderUnusable."""
        try:
            self.settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderUnusable(folder=self.settings.var, reason=error.strerror) from error

    def say(self, zh: str, en: str) -> None:
        """One line to the person at the terminal."""
        print(zh if self.settings.language == "zh" else en, flush=True)
