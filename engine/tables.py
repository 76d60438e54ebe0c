"""The tables of the four concepts: definitions, instances, entries, waits.

Entries are the record and are only ever added. `instances.state` and `waits` are a cache of them that
`engine.commands.rebuild` can make again; only the lease columns of a wait live outside history.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from typing_extensions import override

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The due time of a wait that has none: NULL would sort first on one database and last on the other."""


LARGEST = 2**31 - 1
"""The largest value of an Integer column: PostgreSQL does not even compare with more."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC with microseconds on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment(name: str, **kwargs: Any) -> Column[datetime]:
    return Column(name, UtcDateTime, **kwargs)


definitions = Table(
    "definitions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    UniqueConstraint("key", "version"),
    UniqueConstraint("key", "hash"),
)

definition_files = Table(
    "definition_files",
    metadata,
    Column("definition_id", ForeignKey("definitions.id"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

deployments = Table(
    "deployments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False),
    Column("definition_id", ForeignKey("definitions.id"), nullable=False),
    _moment("at", nullable=False),
    Column("actor", String(100), nullable=False),
    Column("clauses", Text, nullable=False, server_default="{}"),
    Index(None, "key", "id"),
)
"""Who put which version in force and when; the newest row of a key is the version that starts.

`clauses` is a map of the clauses it cites to their digests: how they read at that moment."""

calendars = Table(
    "calendars",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, index=True),
    Column("content", Text, nullable=False),
    _moment("at", nullable=False),
    Column("actor", String(100), nullable=False),
)
"""Every version of the working calendar ever in force, as canonical text; the newest row is current."""

DOCUMENTS = "documents/"
"""How the names of series begin that number documents; the others number cases, and verification misses any gap."""

sequences = Table(
    "sequences",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given per series (`PA-2026`)."""

instances = Table(
    "instances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(60), nullable=False, unique=True),
    Column("key", String(100), nullable=False),
    Column("definition_id", ForeignKey("definitions.id"), nullable=False),
    Column("root_id", ForeignKey("instances.id")),
    Column("parent_id", ForeignKey("instances.id")),
    Column("parent_seq", Integer),
    Column("parent_k", Integer),
    Column("title", String(500), nullable=False),
    Column("title_en", String(500), nullable=False, server_default=""),
    Column("status", String(20), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("state_hash", LargeBinary(32), nullable=False),
    _moment("started_at", nullable=False),
    Column("started_by", String(100), nullable=False),
    _moment("changed_at", nullable=False),
    _moment("ended_at"),
    Column("anchored_seq", Integer, nullable=False, server_default="-1"),
    Index(None, "key", "status", "id"),
    Index(None, "root_id"),
    Index(None, "parent_id"),
    Index(None, "changed_at"),
)

Index("ix_instances_unanchored", instances.c.id,
      sqlite_where=instances.c.seq > instances.c.anchored_seq,
      postgresql_where=instances.c.seq > instances.c.anchored_seq)  # fmt: skip

_resting = instances.c.status == "suspended"
Index("ix_instances_suspended", instances.c.id, sqlite_where=_resting, postgresql_where=_resting)

entries = Table(
    "entries",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    _moment("at", nullable=False),
    Column("actor", String(100)),
    Column("on_behalf_of", String(100)),
    Column("definition_id", ForeignKey("definitions.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("input", Text, nullable=False),
    Column("effects", Text, nullable=False),
    Column("input_digest", LargeBinary(32), nullable=False),
    Column("effects_digest", LargeBinary(32), nullable=False),
    Column("state_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

entry_texts = Table(
    "entry_texts",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What was entered and titles, as they are searched (`engine.search_text`): narrow rows, made of the entries.

Their index is each database's own, kept by itself: on SQLite the full-text table `entry_grams`, whose rowid is the
case's id and in the lower GRAM_SEQ_BITS the entry's seq, on PostgreSQL a GIN index of `text_grams(text)`.
"""

GRAM_SEQ_BITS = 20
SEARCH_INDEX = frozenset(
    {"entry_grams", "entry_grams_data", "entry_grams_idx", "entry_grams_config", "ix_entry_texts_grams"}
)
"""What the databases' indexes of texts are called; only the migrations know how they are made."""

waits = Table(
    "waits",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("k", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(100), nullable=False),
    Column("node_id", String(200), nullable=False),
    Column("scope", String(500), nullable=False),
    Column("lane", String(100)),
    Column("assignee", String(100)),
    _moment("due_at", nullable=False),
    Column("priority", Integer, nullable=False),
    Column("details", Text, nullable=False),
    Column("incident", Text),
    _moment("opened_at", nullable=False),
    _moment("closed_at"),
    Column("closed_seq", Integer),
    Column("closed_why", String(20)),
    Column("closed_by", String(100)),
    Column("topic", String(200)),
    Column("correlation", String(200)),
    _moment("ready_at"),
    Column("lease_owner", String(100)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    ForeignKeyConstraint(["instance_id", "seq"], ["entries.instance_id", "entries.seq"]),
    sqlite_with_rowid=False,
)
"""Open and closed waits. `topic` and `correlation` are the message or signal that is waited for, and its key.

`ready_at` is when a worker may act: a timer's due time, a job's opening, the end of its lease or of a pause between
attempts; NULL where no worker may."""

_open = waits.c.closed_at.is_(None)
_by_due = (waits.c.due_at, waits.c.opened_at, waits.c.instance_id, waits.c.seq, waits.c.k, waits.c.closed_at)
_of_nobody, _held = _open & waits.c.assignee.is_(None), _open & waits.c.assignee.is_not(None)
Index("ix_waits_open_lane", waits.c.kind, waits.c.lane, *_by_due, waits.c.assignee,
      sqlite_where=_of_nobody, postgresql_where=_of_nobody)  # fmt: skip
Index("ix_waits_open_assignee", waits.c.kind, waits.c.assignee, *_by_due,
      sqlite_where=_held, postgresql_where=_held)  # fmt: skip
Index("ix_waits_open_due", waits.c.kind, waits.c.due_at,
      sqlite_where=_open, postgresql_where=_open)  # fmt: skip
_listening = _open & waits.c.topic.is_not(None)
Index("ix_waits_open_topic", waits.c.topic, waits.c.correlation,
      sqlite_where=_listening, postgresql_where=_listening)  # fmt: skip
_ready = waits.c.ready_at.is_not(None)
Index("ix_waits_ready", waits.c.kind, waits.c.ready_at, sqlite_where=_ready, postgresql_where=_ready)
_incident = waits.c.incident.is_not(None)
Index("ix_waits_incident", waits.c.opened_at, sqlite_where=_incident, postgresql_where=_incident)
Index("ix_waits_closed_by", waits.c.closed_by, waits.c.closed_at)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(200), unique=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", String(200), nullable=False),
    Column("content", Text, nullable=False),
    Column("sender", String(100), nullable=False),
    _moment("sent_at", nullable=False),
    _moment("expires_at", nullable=False),
    Column("starts", String(100)),
    Column("instance_id", ForeignKey("instances.id")),
    Column("seq", Integer),
    Column("k", Integer),
    _moment("taken_at"),
    Column("failure", Text),
)
"""Messages and signals on their way to one wait (a signal's is fixed when it is thrown), or to start a process.

A row stays when it is taken, so that a second message of the same `message_id` is known for a duplicate."""

_under_way = messages.c.taken_at.is_(None) & messages.c.failure.is_(None)
Index("ix_messages_under_way", messages.c.expires_at, sqlite_where=_under_way, postgresql_where=_under_way)
Index("ix_messages_topic", messages.c.name, messages.c.correlation,
      sqlite_where=_under_way, postgresql_where=_under_way)  # fmt: skip

schedules = Table(
    "schedules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False),
    Column("node_id", String(200), nullable=False),
    Column("definition_id", ForeignKey("definitions.id"), nullable=False),
    _moment("next_at"),
    Column("left", Integer),
    Column("failure", Text),
    UniqueConstraint("key", "node_id"),
)
"""When the clock starts cases: a row per timer start event of every process in force.

`next_at` is NULL once nothing is left, `left` counts the times still to come (NULL: endless). A row with a `failure`
stands still until somebody has it tried again or a new version is deployed."""

_coming = schedules.c.next_at.is_not(None) & schedules.c.failure.is_(None)
Index("ix_schedules_coming", schedules.c.next_at, sqlite_where=_coming, postgresql_where=_coming)

workers = Table(
    "workers",
    metadata,
    Column("name", String(100), primary_key=True),
    _moment("started_at", nullable=False),
    _moment("seen_at", nullable=False),
)
"""Worker processes and when each last said that it lives."""

anchors = Table(
    "anchors",
    metadata,
    Column("id", Integer, primary_key=True),
    _moment("at", nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("openings", Integer, nullable=False, server_default="0"),
    Column("openings_root", LargeBinary(32)),
    Column("stamp", LargeBinary),
    Column("acts", Integer, nullable=False, server_default="0"),
    Column("acts_hash", LargeBinary(32)),
)
"""`openings` counts the rows of that table the anchor covers, `openings_root` is their tree hash.

`acts` and `acts_hash` are the newest row of the audit log, where it grew since the anchor before.
`stamp` is what a time-stamp authority (RFC 3161) signed for the root; NULL until one did."""

anchor_heads = Table(
    "anchor_heads",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True, autoincrement=False),
    Column("anchor_id", ForeignKey("anchors.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index(None, "anchor_id"),
    sqlite_with_rowid=False,
)
"""The heads an anchor covers: those that changed since the anchor before."""

openings = Table(
    "openings",
    metadata,
    Column("id", Integer, primary_key=True),
    _moment("at", nullable=False),
    Column("person", String(100), nullable=False),
    Column("number", String(60), nullable=False),
    Column("page", String(20), nullable=False),
    Column("anchor_id", ForeignKey("anchors.id")),
    Index(None, "number", "id"),
    Index(None, "anchor_id"),
)
"""Who opened which case on which page; rows are only ever added. The next anchor marks and covers them."""

people_log = Table(
    "people_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _moment("at", nullable=False),
    Column("actor", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index(None, "subject", "id"),
)
"""The audit log: who did what outside cases; rows are only ever added, without gaps.

`hash` covers the row and `previous`, the hash of the row before."""
