"""Alembic's entry: runs on the connection that `migrations.upgrade` hands in."""

from alembic import context

import company.tables  # noqa: F401 - its tables join the metadata
from engine.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
