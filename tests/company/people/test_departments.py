import pytest

from company.people.audit_log import acts
from company.people.departments import Department, InvalidDepartment, add_department, all_departments
from demo import people as demo
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]


def test_a_department_is_added_and_on_record(staffed: Database) -> None:
    chief = Department("chief", "总工办", "Chief engineer's office")
    add_department(staffed, SYSTEM, START, chief)
    with staffed.reading() as session:
        assert chief in all_departments(session)
        assert acts(session, subject="chief").items[0].details == {"name": "总工办"}


@pytest.mark.parametrize("key, name", [("finance", "新财务部"), ("new", "财务部"), ("", "x"), ("new", "")])
def test_a_department_that_cannot_be_so_is_refused(staffed: Database, key: str, name: str) -> None:
    with pytest.raises(InvalidDepartment):
        add_department(staffed, SYSTEM, START, Department(key, name, ""))
    with staffed.reading() as session:
        assert len(all_departments(session)) == len(demo.DEPARTMENTS)


def test_only_administrators_add_departments(staffed: Database) -> None:
    with pytest.raises(NotPermitted):
        add_department(staffed, Actor("lin"), START, Department("chief", "总工办", ""))
