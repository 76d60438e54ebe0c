"""The second verdict: what anchors saw is still there.

The file outside the database is the authority: every line it ever got must still be true of the histories it names,
so that neither a rolled-back case nor a rolled-back database can pass. A line whose commit failed is true, too.
Where an anchor was time-stamped, the stamp must fit its root, and says since when its histories exist at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path

from sqlalchemy import select

from engine.errors import Problem
from engine.history.access_log import check_access_log, root_of_accesses, uncovered
from engine.history.anchoring.anchors import Anchor, read_outside, root_of, roots, stored_anchors
from engine.history.anchoring.stamp_tokens import FalseStamp, Stamp
from engine.history.anchoring.stamps import read_outside_stamps, read_stamps
from engine.history.audit_log import check_audit_log, row_hash
from engine.history.chain import GENESIS
from engine.history.checks.verdict import Verdict, broken
from engine.history.entries import Entry
from engine.session import Session
from engine.tables import DOCUMENTS, entries, instances, sequences


@dataclass(frozen=True)
class Witnesses:
    """What anchors say: those of the database, and the lines kept outside (None without a file to compare)."""

    stored: Mapping[int, Anchor]
    outside: Sequence[Anchor] | None
    previous: Mapping[int, bytes]
    """Anchor id -> the root it builds on, as the database has it."""

    stamped: Mapping[bytes, tuple[int, Stamp | FalseStamp]] = field(default_factory=dict)
    """Root -> the anchor's id, and what the time-stamps kept for it say."""

    @classmethod
    def of(cls, session: Session, outside: Path | None, number: str | None = None, tsa_roots: bytes = b"") -> Witnesses:
        """All there are, or those that name one instance; `tsa_roots` (PEM) are whom time-stamps are traced to.

        Raises ValueError, KeyError, TypeError for a damaged file.
        """
        chain = roots(session)
        before = {later: root for (_, root), (later, _) in pairwise([(0, GENESIS), *chain])}
        stored = {anchor.id: anchor for anchor in stored_anchors(session, number)}
        kept = None if outside is None else read_outside(outside, number)
        ids = None if number is None else {*stored, *(anchor.id for anchor in kept or ())}
        tokens = [(anchor.id, anchor.root, anchor.stamp) for anchor in stored.values() if anchor.stamp]
        tokens += read_outside_stamps(outside, ids) if outside else []
        return cls(stored, kept, before, read_stamps(tokens, tsa_roots))

    @property
    def all(self) -> Iterator[Anchor]:
        """The anchors of the database, then those kept outside."""
        return chain(self.stored.values(), self.outside or ())

    @cached_property
    def kept(self) -> Mapping[int, Anchor]:
        """The newest line outside of each id."""
        return {anchor.id: anchor for anchor in self.outside or ()}

    @cached_property
    def faults(self) -> Mapping[int, tuple[str, str]]:
        """Anchor id -> what is wrong with an anchor of the database itself: judged once for all it covers."""
        found = {anchor.id: _problem_of(self, anchor) for anchor in self.stored.values()}
        return {anchor_id: problem for anchor_id, problem in found.items() if problem}

    @cached_property
    def seen(self) -> Mapping[str, Sequence[tuple[Anchor, int, bytes]]]:
        """Number -> the heads that any anchor saw: the anchor, seq, hash."""
        found: dict[str, list[tuple[Anchor, int, bytes]]] = {}
        for anchor in self.all:
            for number, seq, head in anchor.heads:
                found.setdefault(number, []).append((anchor, seq, head))
        return found


def check_anchors(number: str, history: Sequence[Entry], witnesses: Witnesses) -> Verdict:
    """Judge the history of one instance by what anchors saw of it; entries behind the last head are not covered."""
    by_seq = {entry.seq: entry for entry in history}
    covered = -1
    for anchor, seq, head in witnesses.seen.get(number, ()):
        entry = by_seq.get(seq)
        if entry is None:
            last = len(history) - 1
            return broken("anchors", number, seq, f"锚点 {anchor.id} 见过这条，现在只到第 {last} 条：被截断或回退",
                          f"anchor {anchor.id} saw this entry, now the last is {last}: cut or rolled back")  # fmt: skip
        if entry.hash != head:
            return broken("anchors", number, seq, f"与锚点 {anchor.id} 不符", f"differs from anchor {anchor.id}")
        # that an anchor kept outside is missing in the database is said once, by `check_all`
        problem = witnesses.faults.get(anchor.id) or _false_stamp(witnesses, anchor.root)
        if problem:
            return broken("anchors", number, seq, *problem)
        covered = max(covered, seq)
    return Verdict(True, covered) if covered >= 0 else Verdict(None, -1)


def _problem_of(witnesses: Witnesses, stored: Anchor) -> tuple[str, str] | None:
    """What is wrong with an anchor of the database: its own root, or that database and file differ."""
    if root_of(witnesses.previous[stored.id], stored.heads, stored.openings, stored.acts) != stored.root:
        return f"锚点 {stored.id} 的内容被改动", f"what anchor {stored.id} holds was changed"
    kept = witnesses.kept.get(stored.id)
    if witnesses.outside is not None and (kept is None or kept.root != stored.root):
        return f"锚点 {stored.id} 与库外留存的不符", f"anchor {stored.id} differs from what was kept outside"
    return None


def _false_stamp(witnesses: Witnesses, root: bytes) -> tuple[str, str] | None:
    anchor, stamp = witnesses.stamped.get(root, (0, None))
    if not isinstance(stamp, FalseStamp):
        return None
    return f"锚点 {anchor} 的时间戳不成立：{stamp.text('zh')}", f"the time-stamp of anchor {anchor} is false: {stamp}"


@dataclass(frozen=True, slots=True)
class Stamped:
    """An anchor's time-stamp proves that a history was there up to entry `upto` at `stamp.at`, at the latest."""

    anchor: int
    upto: int
    stamp: Stamp


def stamped(number: str, witnesses: Witnesses) -> Stamped | None:
    """How far time-stamps prove the age of a history; None when no anchor that names it has one."""
    found = [
        Stamped(anchor.id, seq, stamp)
        for anchor, seq, _ in witnesses.seen.get(number, ())
        if isinstance(stamp := witnesses.stamped.get(anchor.root, (0, None))[1], Stamp)
    ]
    return max(found, key=lambda item: item.upto, default=None)


def check_all(session: Session, witnesses: Witnesses) -> list[Problem]:
    """What no single history can tell: deleted instances, lost anchors, anchors that do not follow on one another."""
    numbers = set(session.execute(select(instances.c.number)).scalars())
    return [
        *(_deleted(number) for number in sorted((witnesses.seen.keys() | _drawn(session)) - numbers)),
        *_lost_anchors(session, witnesses),
        *_broken_anchors(witnesses),
        *check_access_log(session, {a.id: a.openings or (0, None) for a in witnesses.stored.values()}),
        *check_audit_log(session, [(a.id, *a.acts) for a in witnesses.all if a.acts]),
    ]


def _drawn(session: Session) -> set[str]:
    """Every number that was ever drawn for a case: series have no gaps."""
    of_cases = select(sequences.c.name, sequences.c.last).where(~sequences.c.name.startswith(DOCUMENTS))
    return {f"{row.name}-{number:06d}" for row in session.execute(of_cases) for number in range(1, row.last + 1)}


def _deleted(number: str) -> Problem:
    return Problem("anchors", number, f"{number} 整个被删除", f"{number} was deleted as a whole")


def _lost_anchors(session: Session, witnesses: Witnesses) -> Iterable[Problem]:
    """Lines outside that the database does not know, unless it is the last and still true: its commit failed."""
    kept = witnesses.outside or ()
    for place, anchor in enumerate(kept):
        if anchor.id in witnesses.stored or (place == len(kept) - 1 and _still_true(session, anchor)):
            continue
        yield Problem("anchors", f"anchor {anchor.id}", f"库外留存的锚点 {anchor.id} 在数据库中不存在：数据库被回退",
                      f"anchor {anchor.id}, kept outside, is not in the database: it was rolled back")  # fmt: skip


def _still_true(session: Session, anchor: Anchor) -> bool:
    if anchor.openings:
        count, root = anchor.openings
        if root_of_accesses(uncovered(session)[:count]) != root:
            return False
    if anchor.acts and row_hash(session, anchor.acts[0]) != anchor.acts[1]:
        return False
    query = select(entries.c.hash).join(instances, instances.c.id == entries.c.instance_id)
    return all(
        session.execute(query.where(instances.c.number == number, entries.c.seq == seq)).scalar() == head
        for number, seq, head in anchor.heads
    )


def _broken_anchors(witnesses: Witnesses) -> Iterable[Problem]:
    for anchor_id, fault in witnesses.faults.items():
        yield Problem("anchors", f"anchor {anchor_id}", *fault)
    known = {anchor.root for anchor in witnesses.all}
    for root, (anchor_id, _) in witnesses.stamped.items():
        problem = _false_stamp(witnesses, root)
        if problem is None and root not in known:
            problem = f"锚点 {anchor_id} 有时间戳，锚点却不在了", f"anchor {anchor_id} was time-stamped and is gone"
        if problem:
            yield Problem("stamps", f"anchor {anchor_id}", *problem)
