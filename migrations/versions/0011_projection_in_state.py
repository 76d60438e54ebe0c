"""a stored state begins with the projection its hash covers

Revision ID: 0011
Revises: 0010
"""

import json
import zlib
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.values import decode, encode

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COMPRESSED = b"x"


def upgrade() -> None:
    _rewrite(_with_projection)


def downgrade() -> None:
    _rewrite(_without_projection)


def _rewrite(change: Callable[[bytes, bytes], tuple[Any, Any]]) -> None:
    """Write the two lines of every state anew; only the wait's and the entry's numbers move between them."""
    connection = op.get_bind()
    write = sa.text("update instances set state = :state where id = :id").bindparams(
        sa.bindparam("state", type_=sa.LargeBinary)
    )
    for instance_id in connection.execute(sa.text("select id from instances")).scalars().all():
        found = connection.execute(
            sa.text("select state from instances where id = :id"), {"id": instance_id}
        ).scalar_one()
        data = bytes(found)
        first, _, second = (zlib.decompress(data) if data[:1] == _COMPRESSED else data).partition(b"\n")
        facts, own = change(first, second)
        text = encode(facts) + b"\n" + json.dumps(own, separators=(",", ":")).encode()
        stored = zlib.compress(text, 1) if data[:1] == _COMPRESSED else text
        connection.execute(write, {"id": instance_id, "state": stored})


def _with_projection(first: bytes, second: bytes) -> tuple[Any, Any]:
    facts, tree = decode(first), json.loads(second)
    facts["tokens"] = _tokens(tree)
    facts["waits"] = sorted(facts["waits"], key=lambda wait: (wait["seq"], wait["k"]))
    own = {"seq": int(facts.pop("seq")), "waits": [int(wait.pop("token")) for wait in facts["waits"]], "tree": tree}
    return facts, own


def _without_projection(first: bytes, second: bytes) -> tuple[Any, Any]:
    facts, own = decode(first), json.loads(second)
    del facts["tokens"]
    waits = [wait | {"token": token} for wait, token in zip(facts["waits"], own["waits"], strict=True)]
    return facts | {"seq": own["seq"], "waits": waits}, own["tree"]


def _tokens(tree: dict[str, Any]) -> list[list[Any]]:
    places: dict[tuple[str, str], int] = {}
    for _, name, _, scope, subscribes, _ in tree["tokens"]:
        if not subscribes:
            place = (name.removesuffix("#body"), scope)
            places[place] = places.get(place, 0) + 1
    return [[node, scope, count] for (node, scope), count in sorted(places.items())]
