"""Alembic's entry: runs on the connection that `migrations.upgrade` hands in."""

from typing import Any, Literal

from alembic import context

import company.every_table  # noqa: F401 - their tables join the metadata
from company.columns import Quantity
from engine.tables import UtcDateTime, metadata


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own types as what the database has, so that a revision never depends on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Quantity):
        return "sa.BigInteger()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
context.run_migrations()
