"""Administration of what people may do: the matrix of roles by permissions, new roles, departments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from company.keys import tidied
from company.people.departments import Department, add_department, all_departments
from company.people.roles import GROUPS, MatrixChanged, Role, add_role, all_roles, catalogue, matrix, set_matrix
from company.people.staffing import lanes_in_force, roles_beside_lanes, unstaffed_lanes
from engine.errors import ClauseflowError
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor

pages = Blueprint("roles", __name__)


@pages.get("/roles")
def show() -> str:
    """The matrix."""
    return _matrix_page()


@pages.post("/roles")
def change() -> ResponseReturnValue:
    """Give every role shown exactly the permissions ticked."""
    shown = _shown()
    ticked = {role: set(request.form.getlist(f"permits.{role}")) for role in shown}
    try:
        set_matrix(services().db, current_actor(), services().now(), shown, ticked)
    except MatrixChanged as error:
        return _matrix_page(refused=error.text(language())), error.status
    except ClauseflowError as error:
        return _matrix_page(refused=error.text(language()), ticked=ticked), error.status
    flash(_("权限已保存。"))
    return redirect(url_for("admin.roles.show"), 303)


@pages.post("/new-role")
def add() -> ResponseReturnValue:
    """Add a role without permissions."""
    form = request.form
    role = Role(form.get("key", "").strip(), form.get("name", "").strip(), form.get("name_en", "").strip())
    answer = _added(add_role, role, _("角色已添加，请在表中勾选权限。"), "admin.roles.show", _matrix_page)
    with services().db.reading() as session:
        lanes = lanes_in_force(session)
    if not isinstance(answer, tuple) and lanes and tidied(role.key) not in lanes:
        flash(_("没有哪个泳道的标识是“%(key)s”：若这个角色要办理任务，请用泳道的标识另建。", key=role.key), "problem")
    return answer


@pages.get("/departments")
def departments() -> str:
    """The departments."""
    return _departments_page()


@pages.post("/departments")
def add_one() -> ResponseReturnValue:
    """Add a department."""
    form = request.form
    new = Department(form.get("key", "").strip(), form.get("name", "").strip(), form.get("name_en", "").strip())
    return _added(add_department, new, _("部门已添加。"), "admin.roles.departments", _departments_page)


def _added(
    command: Callable[..., None], new: Role | Department, said: str, endpoint: str, page: Callable[..., str]
) -> ResponseReturnValue:
    try:
        command(services().db, current_actor(), services().now(), new)
    except ClauseflowError as error:
        wrong = {problem.where: problem.text(language()) for problem in error.facts.get("problems", [])}
        return page(typed=new, wrong=wrong), error.status
    flash(said)
    return redirect(url_for(endpoint), 303)


def _shown() -> dict[str, set[str]]:
    """The matrix as the page showed it; nothing for a page we did not make."""
    try:
        return {str(role): {str(key) for key in keys} for role, keys in json.loads(request.form["shown"]).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _matrix_page(*, ticked: Mapping[str, set[str]] | None = None, **context: Any) -> str:
    with services().db.reading() as session:
        roles, permissions, current = all_roles(session), catalogue(session), matrix(session)
        unstaffed, beside = unstaffed_lanes(session), roles_beside_lanes(session)
    return render_template(
        "admin/roles.html",
        unstaffed=unstaffed,
        beside=beside,
        roles=roles,
        groups=[(GROUPS[key], list(found)) for key, found in groupby(permissions, key=lambda one: one.group)],
        held=current | dict(ticked or {}),
        shown=json.dumps({role: sorted(keys) for role, keys in current.items()}),
        **context,
    )


def _departments_page(**context: Any) -> str:
    with services().db.reading() as session:
        found = all_departments(session)
    return render_template("admin/departments.html", departments=found, **context)
