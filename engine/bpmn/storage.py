"""State as bytes: two lines of JSON, compressed when that pays.

The first line is the canonical projection that the state's hash covers; the second holds what is the engine's own: the
number of the last entry, the token tree, and which token each wait belongs to.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from engine.bpmn.run.tree import REVISION, Tree, tokens
from engine.bpmn.state import State, Wait, WaitId
from engine.values import decode, encode

_PAYS_FROM: Final = 1024
"""Bytes below which compressing costs more than it saves."""
_COMPRESSED: Final = 0x78
"""The first byte of every zlib stream; JSON text starts with a brace."""


def store_state(state: State, projection: bytes | None = None) -> bytes:
    """The stored form of a state; `load_state` returns an equal one.

    `projection` is the encoded projection, for a caller that has it already.
    """
    own = {"seq": state.seq, "waits": [wait.token for wait in state.ordered_waits()], "tree": state.tree}
    data = (projection or encode(state.projection())) + b"\n" + json.dumps(own, separators=(",", ":")).encode()
    return zlib.compress(data, 1) if len(data) > _PAYS_FROM else data


def load_state(data: bytes) -> State:
    """The state that `store_state` wrote. Raises ValueError for other bytes, and for another revision."""
    try:
        text = zlib.decompress(data) if data[:1] == bytes([_COMPRESSED]) else data
        first, _, second = text.partition(b"\n")
        return _state(decode(first), json.loads(second))
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError("not a stored state") from error


def _state(facts: dict[str, Any], own: dict[str, Any]) -> State:
    tree: Tree = own["tree"]
    if tree["revision"] != REVISION:
        raise ValueError(f"a token tree of revision {tree['revision']}; this version reads {REVISION}")
    return State(
        seq=own["seq"],
        status=facts["status"],
        title=facts["title"],
        variables=facts["variables"],
        waits=[_wait(found, token) for found, token in zip(facts["waits"], own["waits"], strict=True)],
        completed_by=facts["completed_by"],
        calendar=facts["calendar"],
        tokens=tokens(tree),
        tree=tree,
    )


def _wait(found: dict[str, Any], token: int) -> Wait:
    return Wait(
        id=WaitId(int(found["seq"]), int(found["k"])),
        kind=found["kind"],
        node_id=found["node"],
        scope=found.get("scope", ""),
        token=token,
        lane=found.get("lane"),
        assignee=found.get("assignee"),
        due=found.get("due"),
        priority=int(found.get("priority", 0)),
        details=found.get("details", {}),
    )
