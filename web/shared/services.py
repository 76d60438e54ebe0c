"""What the pages stand on: made once by the composition root, carried by the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app

from company.files.store import FileStore
from engine.clauses import Register
from engine.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a page may use of the outside. `content` holds processes/, forms/ and regulations/."""

    db: Database
    register: Register
    now: Callable[[], datetime]
    secret: str
    secure_cookies: bool
    content: Path
    anchor_file: Path | None = None
    tsa_roots: bytes = b""
    """Root certificates (PEM) of the time-stamp authorities that are trusted."""
    files: FileStore = field(default_factory=FileStore)
    """Where uploaded files lie; in memory unless the composition root says where."""
    public_url: str = ""
    """The address people open, such as `https://clauseflow.example.com`; empty: whatever host they ask for."""
    trusted_proxies: int = 0
    """How many proxies of ours every request passes, one after the other."""
    languages: tuple[str, ...] = ("zh", "en")


def services() -> Services:
    """The services of the running application."""
    found: Services = current_app.extensions["clauseflow"]
    return found
