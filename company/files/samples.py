"""The sample files that scenarios and the demo hand in, taken in like the uploads of people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from company.files.attachments import keep
from company.files.store import FileStore
from engine.actor import Actor
from engine.database import Database
from engine.errors import ClauseflowError
from engine.forms import FileRef

MEGABYTES = 50


class NoSuchSample(ClauseflowError):
    """A scenario names a file that does not lie in the folder."""

    zh = "样件目录里没有“{name}”，有的是：{there}。"
    en = "There is no sample file “{name}”; there are: {there}."


class SampleFiles:
    """Keeps a file of `folder` as added by whoever acts, who must be a person of the database; once per person."""

    def __init__(self, db: Database, store: FileStore, folder: Path) -> None:
        self._db, self._store, self._folder = db, store, folder
        self._kept: dict[tuple[str, str], FileRef] = {}

    def __call__(self, by: Actor, now: datetime, name: str) -> FileRef:
        """The reference of the kept file. Raises NoSuchSample and what `keep` raises."""
        if (by.id, name) not in self._kept:
            there = {path.name: path for path in self._folder.iterdir()}
            if name not in there:
                raise NoSuchSample(name=name, there="、".join(sorted(there)))
            with there[name].open("rb") as content:
                found = keep(self._db, self._store, by, now, content, name, megabytes=MEGABYTES)
            self._kept[by.id, name] = found.reference
        return self._kept[by.id, name]
