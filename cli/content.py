"""The content of a checkout: processes with their decisions and forms, as definitions."""

from __future__ import annotations

from pathlib import Path

import migrations
from cli.clock import now
from cli.settings import HOME
from company.calendar.seed import ensure_calendar
from engine.bpmn import Definition
from engine.database import Database
from engine.errors import ClauseflowError


class NoDiagram(ClauseflowError):
    """A path on the command line that is no diagram and holds none."""

    zh = "“{path}”不是 .bpmn 文件，也不是含有 .bpmn 文件的目录。"
    en = "“{path}” is neither a .bpmn file nor a folder with .bpmn files."


def prepare(db: Database) -> None:
    """Bring a database to the newest schema, with a working calendar in force."""
    migrations.upgrade(db)
    ensure_calendar(db, now())


def process_keys(root: Path = HOME) -> list[str]:
    """The keys of the processes in a checkout."""
    return sorted(path.stem for path in (root / "processes").glob("*.bpmn"))


def bundle(key: str, root: Path = HOME) -> Definition:
    """The files of a process in a checkout, as one definition."""
    paths = [root / "processes" / f"{key}.bpmn", root / "processes" / f"{key}.dmn"]
    paths += sorted((root / "forms" / key).glob("*.form"))
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.exists()}
    return Definition(key, files)


def diagrams_at(paths: list[str]) -> list[tuple[str, Path]]:
    """The processes that command-line paths mean: a diagram, or a folder of diagrams."""
    found: list[tuple[str, Path]] = []
    for text in paths or [str(HOME / "processes")]:
        path = Path(text).resolve()
        files = sorted(path.glob("*.bpmn")) if path.is_dir() else [path]
        if not files or not all(file.is_file() and file.suffix == ".bpmn" for file in files):
            raise NoDiagram(path=text)
        found += [(file.stem, file.parent.parent) for file in files]
    return found
