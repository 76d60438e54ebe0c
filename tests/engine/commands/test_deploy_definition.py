"""Putting a version in force: what is refused, what is the same, and what running cases notice of it."""

from __future__ import annotations

import pytest

from engine.actor import SYSTEM, NotPermitted
from engine.commands import Deployment, deploy_definition
from engine.errors import Refused
from engine.history.definitions import NoSuchProcess
from engine.lint import LintContext
from engine.reexecute import verify
from tests.bench import CLERK, NO_REGISTER, House, files_of

SURROUNDINGS = LintContext(NO_REGISTER)


def deploy(house: House, key: str, files: dict[str, bytes]) -> Deployment:
    return deploy_definition(house.db, SYSTEM, house.now, key, files, SURROUNDINGS)


def changed(key: str, old: str, new: str) -> dict[str, bytes]:
    """The bundle with a text of its diagram replaced."""
    files = files_of(key)
    path = f"processes/{key}.bpmn"
    assert old.encode() in files[path]
    return files | {path: files[path].replace(old.encode(), new.encode())}


def test_another_content_is_another_version_and_the_same_is_none(house: House) -> None:
    first = deploy(house, "quote", files_of("quote"))
    again = deploy(house, "quote", files_of("quote"))
    second = deploy(house, "quote", changed("quote", "1000", "2000"))
    back = deploy(house, "quote", files_of("quote"))

    assert [(d.version, d.changed) for d in (first, again, second, back)] == [
        (1, True),
        (1, False),
        (2, True),
        (1, True),
    ]
    assert first.hash == back.hash != second.hash


def test_running_cases_stay_on_their_version(house: House) -> None:
    deploy(house, "quote", files_of("quote"))
    old = house.start("quote").instance_id
    deploy(house, "quote", changed("quote", "1000", "2000"))
    new = house.start("quote").instance_id
    for case in (old, new):
        house.do("offer", case, amount=1500)

    errors = [house.entries(case)[-1].effects.get("error", {}).get("code") for case in (old, new)]
    assert errors == ["TOO_DEAR", None]
    with house.db.reading() as session:
        assert all(verify(session, number).ok for number in house.status())


def test_a_diagram_with_errors_is_refused_with_all_of_them(house: House) -> None:
    with pytest.raises(Refused) as refused:
        deploy(house, "quote", changed("quote", "amount &gt; 1000", "amount == 1"))

    assert {problem.severity for problem in refused.value.problems} == {"error"}
    with pytest.raises(NoSuchProcess):
        house.start("quote")


def test_only_who_may_deploy_deploys(house: House) -> None:
    with pytest.raises(NotPermitted):
        deploy_definition(house.db, CLERK, house.now, "quote", files_of("quote"), SURROUNDINGS)
