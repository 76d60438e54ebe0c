from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from company.people.audit_log import acts
from company.people.change_person import set_roles
from company.people.roles import (
    GROUPS,
    InvalidRole,
    LastAdministrator,
    MatrixChanged,
    NoSuchPermission,
    NoSuchRole,
    Role,
    add_role,
    all_roles,
    catalogue,
    matrix,
    set_matrix,
)
from demo import people as demo
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.database import Database
from engine.session import Session
from tests.product import START

pytest_plugins = ["tests.accounts"]


def held(db: Database) -> dict[str, set[str]]:
    with db.reading() as session:
        return matrix(session)


def keys(session: Session) -> list[str]:
    return [permission.key for permission in catalogue(session)]


@pytest.mark.usefixtures("approval")
def test_the_catalogue_has_every_process_and_lane_in_force(staffed: Database) -> None:
    with staffed.reading() as session:
        found = {permission.key: permission for permission in catalogue(session)}
    assert found["start:price_approval"].name == "发起服务价格审批"
    assert found["see:price_approval"].group == "see"
    assert (found["work:finance"].name, found["work:finance"].name_en) == ("办理财务部的任务", "Work for Finance")
    assert {"start:*", "work:*", "see:*", "correct", "deploy", "audit", "administer"} <= found.keys()


@pytest.mark.usefixtures("approval")
def test_the_catalogue_is_grouped_and_says_everything_in_both_languages(staffed: Database) -> None:
    with staffed.reading() as session:
        found = catalogue(session)
    groups = [permission.group for permission in found]
    assert groups == sorted(groups, key=list(GROUPS).index)
    assert len({permission.key for permission in found}) == len(found)
    assert all(permission.name and permission.name_en.isascii() for permission in found)


def test_a_permission_still_held_for_a_process_no_longer_deployed_can_be_seen(reading: Session) -> None:
    assert "work:finance" in keys(reading)
    assert "start:price_approval" not in keys(reading)


def test_the_matrix_is_changed_and_on_record(staffed: Database, actor: Callable[[str], Actor]) -> None:
    before = held(staffed)
    wanted = before | {"auditor": {"audit", "deploy"}}
    set_matrix(staffed, actor("admin"), START, before, wanted)
    assert held(staffed) == wanted
    with staffed.reading() as session:
        (act,) = acts(session).items
    assert (act.actor, act.act, act.subject) == ("admin", "set_permissions", "auditor")
    assert act.details == {"granted": ["deploy"], "withdrawn": ["records:*", "see:*"]}


def test_a_changed_matrix_takes_effect_at_once(staffed: Database, actor: Callable[[str], Actor]) -> None:
    before = held(staffed)
    assert not actor("ji").may("deploy")
    set_matrix(staffed, actor("admin"), START, before, {"auditor": before["auditor"] | {"deploy"}})
    assert actor("ji").may("deploy")


def test_a_matrix_that_changed_meanwhile_is_not_overwritten(staffed: Database) -> None:
    shown = held(staffed)
    set_matrix(staffed, SYSTEM, START, shown, {"auditor": {"audit"}})
    with pytest.raises(MatrixChanged):
        set_matrix(staffed, SYSTEM, START, shown, shown | {"designer": {"deploy"}})
    assert held(staffed)["auditor"] == {"audit"}
    assert held(staffed)["designer"] == {"deploy", "see:*"}


def test_nobody_takes_the_last_right_to_administer_away(staffed: Database) -> None:
    before = held(staffed)
    with pytest.raises(LastAdministrator):
        set_matrix(staffed, SYSTEM, START, before, before | {"administrator": set()})
    assert held(staffed) == before


def test_an_unknown_permission_or_role_is_refused(staffed: Database) -> None:
    before = held(staffed)
    with pytest.raises(NoSuchPermission):
        set_matrix(staffed, SYSTEM, START, before, {"auditor": {"work:no_such_lane"}})
    with pytest.raises(NoSuchRole):
        set_matrix(staffed, SYSTEM, START, before, {"emperor": {"audit"}})
    assert held(staffed) == before


def test_a_role_is_added(staffed: Database, actor: Callable[[str], Actor]) -> None:
    add_role(staffed, actor("admin"), START, Role("chief", "总工办", "Chief engineer's office"), ["see:*"])
    assert held(staffed)["chief"] == {"see:*"}
    with staffed.reading() as session:
        assert Role("chief", "总工办", "Chief engineer's office") in all_roles(session)
        assert acts(session).items[0].act == "add_role"


@pytest.mark.parametrize(
    "role, where",
    [
        (Role("", "总工办", ""), ["key"]),
        (Role("Chief", "总工办", ""), ["key"]),
        (Role("chief", "", ""), ["name"]),
        (Role("chief", "总" * 61, ""), ["name"]),
        (Role("chief", "总\x00", ""), ["name"]),
        (Role("finance", "总工办", ""), ["key"]),
        (Role("finance", "财务部", ""), ["key", "name"]),
    ],
)
def test_a_role_that_cannot_be_so_is_refused(staffed: Database, role: Role, where: list[str]) -> None:
    with pytest.raises(InvalidRole) as refused:
        add_role(staffed, SYSTEM, START, role)
    assert [problem.where for problem in refused.value.problems] == where
    assert len(held(staffed)) == len(demo.ROLES)


@pytest.mark.parametrize("account", ["lin", "sun", "ji", "mo"])
def test_only_administrators_change_what_roles_permit(
    staffed: Database, actor: Callable[[str], Actor], account: str
) -> None:
    before = held(staffed)
    with pytest.raises(NotPermitted):
        set_matrix(staffed, actor(account), START, before, {"auditor": {"administer"}})
    with pytest.raises(NotPermitted):
        add_role(staffed, actor(account), START, Role("chief", "总工办", ""))
    assert held(staffed) == before


def test_two_administrators_cannot_remove_each_other_at_once(staffed: Database) -> None:
    set_roles(staffed, SYSTEM, START, "lin", ["administrator"])
    start, kept = Barrier(2), []

    def remove(account: str) -> None:
        start.wait()
        try:
            set_roles(staffed, SYSTEM, START, account, [])
        except LastAdministrator:
            kept.append(account)

    threads = [Thread(target=remove, args=(account,)) for account in ("lin", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 1
