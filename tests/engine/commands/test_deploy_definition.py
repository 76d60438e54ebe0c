"""Putting a version in force: what is refused, what is the same, and what running cases notice of it."""

from __future__ import annotations

import pytest

from engine.actor import SYSTEM, NotPermitted
from engine.commands import Deployment, deploy_definition
from engine.errors import Refused
from engine.history.definitions import NoSuchProcess
from engine.lint import LintContext
from engine.proving.reexecute import verify
from tests.bench import CLERK, NO_REGISTER, Bench, files_of

SURROUNDINGS = LintContext(NO_REGISTER)


def deploy(bench: Bench, key: str, files: dict[str, bytes]) -> Deployment:
    return deploy_definition(bench.db, SYSTEM, bench.now, key, files, SURROUNDINGS)


def changed(key: str, old: str, new: str) -> dict[str, bytes]:
    """The bundle with a text of its diagram replaced."""
    files = files_of(key)
    path = f"processes/{key}.bpmn"
    assert old.encode() in files[path]
    return files | {path: files[path].replace(old.encode(), new.encode())}


def test_another_content_is_another_version_and_the_same_is_none(bench: Bench) -> None:
    first = deploy(bench, "quote", files_of("quote"))
    again = deploy(bench, "quote", files_of("quote"))
    second = deploy(bench, "quote", changed("quote", "1000", "2000"))
    back = deploy(bench, "quote", files_of("quote"))

    assert [(d.version, d.changed) for d in (first, again, second, back)] == [
        (1, True),
        (1, False),
        (2, True),
        (1, True),
    ]
    assert first.hash == back.hash != second.hash


def test_running_cases_stay_on_their_version(bench: Bench) -> None:
    deploy(bench, "quote", files_of("quote"))
    old = bench.start("quote").instance_id
    deploy(bench, "quote", changed("quote", "1000", "2000"))
    new = bench.start("quote").instance_id
    for case in (old, new):
        bench.do("offer", case, amount=1500)

    errors = [bench.entries(case)[-1].error for case in (old, new)]
    assert errors == ["TOO_DEAR", None]
    with bench.db.reading() as session:
        assert all(verify(session, number).ok for number in bench.status())


def test_a_diagram_with_errors_is_refused_with_all_of_them(bench: Bench) -> None:
    with pytest.raises(Refused) as refused:
        deploy(bench, "quote", changed("quote", "amount &gt; 1000", "amount == 1"))

    assert {problem.severity for problem in refused.value.problems} == {"error"}
    with pytest.raises(NoSuchProcess):
        bench.start("quote")


def test_only_who_may_deploy_deploys(bench: Bench) -> None:
    with pytest.raises(NotPermitted):
        deploy_definition(bench.db, CLERK, bench.now, "quote", files_of("quote"), SURROUNDINGS)
