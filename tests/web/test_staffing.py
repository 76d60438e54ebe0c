"""Where roles and lanes do not fit, the pages of roles say so."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from company.people.tables import person_roles
from engine.database import Database


@pytest.fixture
def deserted(db: Database) -> None:
    """Only administrators have a role."""
    db.write(lambda session: session.execute(delete(person_roles).where(person_roles.c.person != "admin")))


def test_roles_that_fit_the_lanes_are_not_spoken_of(visit: Any) -> None:
    page = visit("admin").get("/admin/roles").text
    assert 'id="unstaffed"' not in page
    assert 'id="beside-lanes"' not in page


@pytest.mark.parametrize(("language", "said"), [("zh", "还没有人能办理"), ("en", "Nobody can work in these lanes yet")])
@pytest.mark.usefixtures("deserted")
def test_lanes_nobody_works_in_are_named(visit: Any, language: str, said: str) -> None:
    page = visit("admin").speaks(language).get("/admin/roles").text
    assert said in page
    assert "<code>finance</code>" in page


def test_a_role_no_lane_matches_is_told_of_where_it_is_made_and_afterwards(visit: Any) -> None:
    admin = visit("admin")
    admin.post("/admin/new-role", {"key": "fiance", "name": "财务", "name_en": "Fiance"})
    page = admin.get("/admin/roles").text
    assert "没有哪个泳道的标识是“fiance”" in page
    assert "<code>fiance</code>" in page
    assert "没有哪个泳道的标识是" not in admin.get("/admin/roles").text
