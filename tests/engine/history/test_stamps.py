"""Time-stamps of anchors: asked of a real authority, kept beside the anchor and outside, and held against its root."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from engine.commands import correct_data
from engine.history.anchoring.anchors import read_outside, take_anchor
from engine.history.anchoring.stamp_tokens import FalseStamp, new_token, read_token
from engine.history.anchoring.stamps import AT_ONCE, read_outside_stamps, stamp_anchors, unstamped
from engine.proving.proof import verify_all
from engine.proving.reexecute import Report, verify
from engine.tables import anchor_heads, anchors
from tests.bench import ADMIN, Bench
from tests.servers import Authority

ROOT = bytes(range(32))


@pytest.fixture
def outside(bench: Bench, tmp_path: Path) -> Path:
    """One case under two anchors, at entries 0 and 1."""
    path = tmp_path / "outside" / "anchors.jsonl"
    bench.deploy("deadline").start("deadline")
    take_anchor(bench.db, bench.now, path)
    correct_data(bench.db, ADMIN, bench.later(hours=1).now, number(bench), {"amount": 2}, "更正")
    take_anchor(bench.db, bench.now, path)
    return path


def number(bench: Bench) -> str:
    return next(iter(bench.status()))


def proven(bench: Bench, outside: Path | None, authority: Authority) -> Report:
    with bench.db.reading() as session:
        one = verify(session, number(bench), outside, authority.root)
    (all_,), problems = verify_all(bench.db, outside, authority.root)
    assert one.stamped == all_.stamped
    assert one.ok == all_.ok == (problems == [])
    return one


def said(bench: Bench, outside: Path | None, authority: Authority) -> list[str]:
    """What `verify --all` says in Chinese."""
    reports, problems = verify_all(bench.db, outside, authority.root)
    return [*(p.zh for p in problems), *(r.anchors.problem.zh for r in reports if r.anchors.problem)]


def test_every_anchor_gets_a_stamp_that_is_kept_in_both_places(
    bench: Bench, outside: Path, authority: Authority
) -> None:
    assert stamp_anchors(bench.db, outside, authority.root, authority.answer) == 2
    assert stamp_anchors(bench.db, outside, authority.root, authority.answer) == 0

    with bench.db.reading() as session:
        stored = session.execute(select(anchors.c.id, anchors.c.root, anchors.c.stamp).order_by(anchors.c.id)).all()
    assert sorted(read_outside_stamps(outside)) == [tuple(row) for row in stored]
    assert [anchor.id for anchor in read_outside(outside)] == [1, 2], "lines of stamps are no anchors"
    assert [tuple(row) for row in stored[1:]] == list(read_outside_stamps(outside, {2}))


def test_verify_says_since_when_the_history_was_there_and_who_signed_it(
    bench: Bench, outside: Path, authority: Authority
) -> None:
    assert proven(bench, outside, authority).stamped is None
    stamp_anchors(bench.db, outside, authority.root, authority.answer)

    found = proven(bench, outside, authority).stamped
    assert found is not None
    assert (found.anchor, found.upto, found.stamp.by, found.stamp.traced) == (2, 1, "验真时间戳", True)
    assert proven(bench, None, authority).stamped == found, "the database's own stamp says the same"


def test_an_authority_that_is_away_stops_nothing_and_is_asked_again(
    bench: Bench, outside: Path, authority: Authority
) -> None:
    answers: list[bool] = []

    def second_time(query: bytes) -> bytes:
        answers.append(not answers)
        if len(answers) == 2:
            raise ConnectionRefusedError
        return authority.answer(query)

    with pytest.raises(ConnectionRefusedError):
        stamp_anchors(bench.db, outside, authority.root, second_time)
    with bench.db.reading() as session:
        assert [row.id for row in unstamped(session)] == [1], "the newest first; what was stamped stays"
    assert proven(bench, outside, authority).ok
    assert stamp_anchors(bench.db, outside, authority.root, second_time) == 1


def test_an_authority_is_not_asked_for_years_at_once(bench: Bench, outside: Path, authority: Authority) -> None:
    for minute in range(AT_ONCE):
        correct_data(bench.db, ADMIN, bench.later(minutes=1).now, number(bench), {"amount": minute}, "更正")
        take_anchor(bench.db, bench.now, outside)

    assert stamp_anchors(bench.db, outside, authority.root, authority.answer) == AT_ONCE
    assert stamp_anchors(bench.db, outside, authority.root, authority.answer) == 2


def stamp_in_database(bench: Bench, anchor: int, token: bytes | None) -> None:
    bench.db.write(lambda s: s.execute(update(anchors).where(anchors.c.id == anchor).values(stamp=token)))


Harm = Callable[[Bench, Path, Authority], object]


def _other_roots_token(bench: Bench, _outside: Path, _authority: Authority) -> None:
    with bench.db.reading() as session:
        token = session.execute(select(anchors.c.stamp).where(anchors.c.id == 1)).scalar_one()
    stamp_in_database(bench, 2, token)


def _anothers_token(bench: Bench, outside: Path, _authority: Authority) -> None:
    somebody = Authority.made(outside.parent / "somebody")
    with bench.db.reading() as session:
        root = session.execute(select(anchors.c.root).where(anchors.c.id == 2)).scalar_one()
    stamp_in_database(bench, 2, new_token(root, b"", somebody.answer))


def _forged_outside(_bench: Bench, outside: Path, _authority: Authority) -> None:
    lines = outside.read_text().splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith('{"stamp": 2,'))
    lines[place] = json.dumps(json.loads(lines[place]) | {"token": "MAMCAQA="})
    outside.write_text("\n".join(lines) + "\n")


FORGERIES: dict[str, tuple[Harm, str]] = {
    "another anchor's": (_other_roots_token, "锚点 2 的时间戳不成立：它盖的是别的内容"),
    "signed by somebody": (_anothers_token, "锚点 2 的时间戳不成立：签名不成立，或签发者不在所设的根证书之下"),
    "no token": (lambda bench, *_: stamp_in_database(bench, 2, b"x"), "锚点 2 的时间戳不成立：它无法读取"),
    "outside": (_forged_outside, "锚点 2 的时间戳不成立：它无法读取"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_verify_names_the_anchor_whose_stamp_is_false(
    bench: Bench, outside: Path, authority: Authority, forgery: str
) -> None:
    stamp_anchors(bench.db, outside, authority.root, authority.answer)
    harm, sentence = FORGERIES[forgery]
    harm(bench, outside, authority)

    assert not proven(bench, outside, authority).ok
    first, second = said(bench, outside, authority)
    assert first == sentence
    assert second == f"{number(bench)} 第 1 条：{sentence}"


def test_a_stamp_whose_anchor_is_gone_from_both_places_tells_of_it(
    bench: Bench, outside: Path, authority: Authority
) -> None:
    stamp_anchors(bench.db, outside, authority.root, authority.answer)
    lines = outside.read_text().splitlines(keepends=True)
    outside.write_text("".join(line for line in lines if not line.startswith('{"id": 2,')))
    for table, column in ((anchor_heads, anchor_heads.c.anchor_id), (anchors, anchors.c.id)):
        bench.db.write(lambda session, table=table, column=column: session.execute(delete(table).where(column == 2)))

    assert said(bench, outside, authority) == ["锚点 2 有时间戳，锚点却不在了"]


def test_a_stamp_that_went_with_the_database_alone_is_still_outside(
    bench: Bench, outside: Path, authority: Authority
) -> None:
    stamp_anchors(bench.db, outside, authority.root, authority.answer)
    stamp_in_database(bench, 2, None)

    found = proven(bench, outside, authority).stamped
    assert found is not None
    assert found.anchor == 2


def test_without_a_root_certificate_the_content_alone_is_compared(authority: Authority) -> None:
    token = new_token(ROOT, b"", authority.answer)

    assert not read_token(token, ROOT, b"").traced
    with pytest.raises(FalseStamp, match="made for something else"):
        read_token(token, bytes(32), b"")


def test_a_token_changed_in_any_byte_says_nothing_else(authority: Authority) -> None:
    """Some bytes, such as names of algorithms, mean nothing to the signature; what the token says stays as it was."""
    token = new_token(ROOT, authority.root, authority.answer)
    sound, false = read_token(token, ROOT, authority.root), 0
    for place in range(len(token)):
        changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        try:
            assert read_token(changed, ROOT, authority.root) == sound
        except FalseStamp:
            false += 1
    assert false > len(token) * 0.9


def test_an_answer_to_another_request_is_not_taken(authority: Authority) -> None:
    kept: list[bytes] = []

    def again(query: bytes) -> bytes:
        kept.append(authority.answer(query))
        return kept[0]

    new_token(ROOT, authority.root, again)
    with pytest.raises(FalseStamp, match="another request"):
        new_token(ROOT, authority.root, again)


def test_a_refusal_is_told_in_the_authoritys_words(authority: Authority) -> None:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    def unwanted(_query: bytes) -> bytes:
        other = TimestampRequestBuilder().data(ROOT).hash_algorithm(HashAlgorithm.SHA512).build()
        return authority.answer(other.as_bytes())

    with pytest.raises(FalseStamp, match="the authority refused: Message digest algorithm is not supported"):
        new_token(ROOT, authority.root, unwanted)


def test_others_verify_a_token_with_the_tools_they_have(
    bench: Bench, outside: Path, authority: Authority, tmp_path: Path
) -> None:
    """As docs/operations.md says: nobody has to believe our program."""
    stamp_anchors(bench.db, outside, authority.root, authority.answer)
    for anchor, root, token in read_outside_stamps(outside):
        (tmp_path / "root.bin").write_bytes(root)
        (tmp_path / f"{anchor}.tsr").write_bytes(token)
        command = [
            "openssl",
            "ts",
            "-verify",
            "-data",
            "root.bin",
            "-in",
            f"{anchor}.tsr",
            "-CAfile",
            authority.root_file,
        ]
        done: Any = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_two_who_stamp_at_once_keep_one_stamp(bench: Bench, outside: Path, authority: Authority) -> None:
    def while_another_does(query: bytes) -> bytes:
        stamp_anchors(bench.db, outside, authority.root, authority.answer)
        return authority.answer(query)

    stamp_anchors(bench.db, outside, authority.root, while_another_does)

    assert sorted(anchor for anchor, _, _ in read_outside_stamps(outside)) == [1, 2]
    assert proven(bench, outside, authority).ok
