"""titles of cases have the words of choices in place of their codes, in both languages

Revision ID: 0014
Revises: 0013
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TITLE = re.compile(rb'cf:title\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_CHOICES = {"select", "radio", "checklist", "taglist"}

Words = dict[str, tuple[str, str]]


def upgrade() -> None:
    # Not in batch mode: that would drop the table, which others refer to.
    op.add_column("instances", sa.Column("title_en", sa.String(length=500), nullable=False, server_default=""))
    connection = op.get_bind()
    for definition_id in connection.execute(sa.text("select id from definitions")).scalars().all():
        words = _choices(definition_id)
        if words:
            _reword(definition_id, words)
    connection.execute(
        sa.text("update customer_entries set kind = :new where kind = 'complaint'"), {"new": "投诉 · Complaint"}
    )


def downgrade() -> None:
    op.drop_column("instances", "title_en")


def _reword(definition_id: int, words: Words) -> None:
    """Write the titles of one version's cases anew."""
    connection = op.get_bind()
    read = sa.text("select id, title from instances where definition_id = :id")
    write = sa.text("update instances set title = :title, title_en = :title_en where id = :id")
    for instance_id, title in connection.execute(read, {"id": definition_id}).all():
        zh, en = (_worded(title, words, language) for language in (0, 1))
        if zh != title:
            row = {"title": zh[:500], "title_en": en[:500] if en != zh else "", "id": instance_id}
            connection.execute(write, row)


def _worded(title: str, words: Words, language: int) -> str:
    for code, both in words.items():
        title = _replaced(title, code, both[language] or both[0])
    return title


def _replaced(title: str, code: str, words: str) -> str:
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(code)}(?![A-Za-z0-9_])", lambda _found: words, title)


def _choices(definition_id: int) -> Words:
    """The options of the fields that the title's formula names, by code."""
    query = sa.text("select path, content from definition_files where definition_id = :id")
    rows = op.get_bind().execute(query, {"id": definition_id}).all()
    files: dict[str, bytes] = {row.path: row.content for row in rows}
    diagram = next((bytes(content) for path, content in files.items() if path.endswith(".bpmn")), b"")
    found = _TITLE.search(diagram)
    names = set(re.findall(r"[A-Za-z_]\w*", (found[1] or found[2] or b"").decode())) if found else set()
    words: Words = {}
    for path, content in files.items():
        if names and path.endswith(".form"):
            for field in _fields(json.loads(bytes(content))):
                if field.get("key") in names and field.get("type") in _CHOICES:
                    words = _options(field) | words
    return words


def _fields(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in part.get("components", ()):
        yield one
        yield from _fields(one)


def _options(field: dict[str, Any]) -> Words:
    properties = field.get("properties", {})
    texts = [one for one in field.get("values", ()) if isinstance(one.get("value"), str)]
    return {
        one["value"]: (one.get("label", one["value"]), properties.get(f"option:{one['value']}:en", "")) for one in texts
    }
