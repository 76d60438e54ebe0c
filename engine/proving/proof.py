"""The proof of a whole database: page after page of cases, in one process or several.

Every page is read in a transaction of its own, so that long proving holds up neither writers nor their clean-up.
Histories only grow: what the witnesses named before is still there in every page that is read later.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from sqlalchemy import select

from engine.database import Database
from engine.errors import Problem
from engine.history.checks.anchor_check import Witnesses, check_all
from engine.proving.reexecute import Report, prove
from engine.tables import instances

PAGE = 20
"""Cases read in one transaction; whoever interrupts waits for at most a page of each process."""


class Proof:
    """The proof of everything there is now. `problems` are what no single history can tell, see `check_all`.

    `outside` and `tsa_roots` as in `reexecute.verify`. Raises ValueError, KeyError, TypeError for a damaged file.
    """

    def __init__(self, db: Database, outside: Path | None = None, tsa_roots: bytes = b"") -> None:
        self._db, self._outside, self._tsa_roots = db, outside, tsa_roots
        with db.reading() as session:
            self._witnesses = Witnesses.of(session, outside, tsa_roots=tsa_roots)
            self.problems: Sequence[Problem] = check_all(session, self._witnesses)
            self._ids = session.execute(select(instances.c.id).order_by(instances.c.id)).scalars().all()

    @property
    def cases(self) -> int:
        """How many reports there will be."""
        return len(self._ids)

    def reports(self, jobs: int = 1) -> Iterator[Report]:
        """The proof of every instance, in order, as it is made; `jobs` is how many processes make it."""
        pages = [self._ids[start : start + PAGE] for start in range(0, len(self._ids), PAGE)]
        if jobs == 1:
            for page in pages:
                yield from _proven(self._db, self._witnesses, page)
            return
        given = (self._db.url, self._outside, self._tsa_roots)
        with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, given) as pool:
            for proven in pool.map(_prove_page, pages):
                yield from proven


def verify_all(
    db: Database, outside: Path | None = None, tsa_roots: bytes = b""
) -> tuple[list[Report], Sequence[Problem]]:
    """The proof of everything at once, for databases whose reports fit into memory."""
    proof = Proof(db, outside, tsa_roots)
    return list(proof.reports()), proof.problems


def _proven(db: Database, witnesses: Witnesses, ids: Sequence[int]) -> list[Report]:
    with db.reading() as session:
        rows = session.execute(select(instances).where(instances.c.id.in_(ids)).order_by(instances.c.id)).all()
        return [prove(session, row, witnesses) for row in rows]


_prove: partial[list[Report]]
"""What a process of its own proves pages with: set by `_begin`."""


def _begin(url: str, outside: Path | None, tsa_roots: bytes) -> None:
    global _prove
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the first process ends the others
    Thread(target=_end_with_parent, daemon=True).start()
    db = Database(url)
    with db.reading() as session:
        _prove = partial(_proven, db, Witnesses.of(session, outside, tsa_roots=tsa_roots))


def _prove_page(ids: Sequence[int]) -> list[Report]:
    return _prove(ids)


def _end_with_parent() -> None:
    """A process that is killed cannot tell its pool: nobody would ever take its results."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
