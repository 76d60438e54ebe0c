"""The tables of people: who they are, what they may do, where they are logged in.

They join the metadata of the engine so that one migration history covers both; neither refers to the other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from engine.tables import UtcDateTime, metadata

ACCOUNT = 40
"""Longest account name."""


def _account(name: str, **kwargs: Any) -> Column[str]:
    return Column(name, String(ACCOUNT), **kwargs)


def _person(name: str, **kwargs: Any) -> Column[str]:
    return Column(name, String(ACCOUNT), ForeignKey("people.id"), **kwargs)


def _moment(name: str, **kwargs: Any) -> Column[Any]:
    return Column(name, UtcDateTime, **kwargs)


departments = Table(
    "departments",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("name_en", String(60), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(ACCOUNT), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("gender", String(10), nullable=False),
    Column("title", String(60), nullable=False),
    Column("department", ForeignKey("departments.key")),
    Column("email", String(200), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("mobile", String(40), nullable=False),
    Column("description", String(500), nullable=False),
    Column("language", String(2), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("password_temporary", Boolean, nullable=False),
    _moment("created_at", nullable=False),
    _moment("changed_at", nullable=False),
)
"""Clause xt-11; the account name is the id, the running number is `number`. A temporary password must be changed."""

roles = Table(
    "roles",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("name_en", String(60), nullable=False),
)
"""Clause xt-6. The key of a role that works in a lane is the lane's id."""

role_permissions = Table(
    "role_permissions",
    metadata,
    Column("role", ForeignKey("roles.key"), primary_key=True),
    Column("permission", String(120), primary_key=True),
)
"""Clause xt-15, read as explicit permits: a row allows, no row does not."""

person_roles = Table(
    "person_roles",
    metadata,
    _person("person", primary_key=True),
    Column("role", ForeignKey("roles.key"), primary_key=True, index=True),
)

substitutes = Table(
    "substitutes",
    metadata,
    Column("id", Integer, primary_key=True),
    _person("principal", nullable=False, index=True),
    _person("substitute", nullable=False, index=True),
    _moment("starts_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("reason", String(200), nullable=False),
    _moment("created_at", nullable=False),
    _account("created_by", nullable=False),
)
"""`substitute` acts for `principal` from `starts_at` until just before `ends_at`."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    _person("person", nullable=False, index=True),
    _moment("created_at", nullable=False),
    _moment("seen_at", nullable=False),
    _moment("expires_at", nullable=False, index=True),
    _moment("revoked_at"),
    Column("user_agent", String(300), nullable=False),
    Column("address", String(60), nullable=False),
)
"""Logged-in browsers. The token itself is only in the browser; a stolen copy of this table opens nothing."""

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("subject", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    _moment("last_at", nullable=False, index=True),
)
"""Attempts by hashed subject, as `throttle` counts them: people type passwords into the account field."""
