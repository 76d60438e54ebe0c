"""what a token does is stored in words, no longer in SpiffWorkflow's numbers

Revision ID: 0012
Revises: 0011
"""

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COMPRESSED = b"x"
_WORDS = {8: "waiting", 32: "begun"}


def upgrade() -> None:
    _rewrite(_with_words)


def downgrade() -> None:
    _rewrite(_with_numbers)


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write the token tree of every state anew; the projection before it, which its hash covers, stays."""
    connection = op.get_bind()
    read = sa.text("select state from instances where id = :id")
    write = sa.text("update instances set state = :state where id = :id").bindparams(
        sa.bindparam("state", type_=sa.LargeBinary)
    )
    for instance_id in connection.execute(sa.text("select id from instances")).scalars().all():
        data = bytes(connection.execute(read, {"id": instance_id}).scalar_one())
        compressed = data[:1] == _COMPRESSED
        first, _, second = (zlib.decompress(data) if compressed else data).partition(b"\n")
        own = json.loads(second)
        own["tree"] = change(own["tree"])
        text = first + b"\n" + json.dumps(own, separators=(",", ":")).encode()
        connection.execute(write, {"id": instance_id, "state": zlib.compress(text, 1) if compressed else text})


def _with_words(tree: dict[str, Any]) -> dict[str, Any]:
    return {"revision": 1, **tree, "tokens": _renamed(tree, _WORDS)}


def _with_numbers(tree: dict[str, Any]) -> dict[str, Any]:
    del tree["revision"]
    return {**tree, "tokens": _renamed(tree, {word: number for number, word in _WORDS.items()})}


def _renamed(tree: dict[str, Any], names: Mapping[Any, Any]) -> list[list[Any]]:
    return [[number, node, names[state], *rest] for number, node, state, *rest in tree["tokens"]]
