"""State as bytes: two lines of JSON, compressed when that pays.

The first line holds values and is canonical; the second holds the engine's token tree.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from engine.bpmn.state import State, Wait, WaitId
from engine.bpmn.tree import Tree, tokens
from engine.values import Value, decode, encode

_PAYS_FROM: Final = 1024
"""Bytes below which compressing costs more than it saves."""
_COMPRESSED: Final = 0x78
"""The first byte of every zlib stream; JSON text starts with a brace."""


def store_state(state: State) -> bytes:
    """The stored form of a state; `load_state` gives an equal one back."""
    facts: dict[str, Value] = {
        "seq": state.seq,
        "status": state.status,
        "title": state.title,
        "variables": state.variables,
        "waits": [_wait_value(wait) for wait in state.waits],
        "completed_by": state.completed_by,
        "calendar": state.calendar,
    }
    data = encode(facts) + b"\n" + json.dumps(state.tree, separators=(",", ":")).encode()
    return zlib.compress(data, 1) if len(data) > _PAYS_FROM else data


def load_state(data: bytes) -> State:
    """The state that `store_state` wrote. Raises ValueError for other bytes."""
    try:
        text = zlib.decompress(data) if data[:1] == bytes([_COMPRESSED]) else data
        first, _, second = text.partition(b"\n")
        return _state(decode(first), json.loads(second))
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError("not a stored state") from error


def _state(facts: dict[str, Any], tree: Tree) -> State:
    return State(
        seq=int(facts["seq"]),
        status=facts["status"],
        title=facts["title"],
        variables=facts["variables"],
        waits=[_wait(found) for found in facts["waits"]],
        completed_by=facts["completed_by"],
        calendar=facts["calendar"],
        tokens=tokens(tree),
        tree=tree,
    )


def _wait_value(wait: Wait) -> Value:
    return {"seq": wait.id.seq, "token": wait.token, **wait.to_value()}


def _wait(found: dict[str, Any]) -> Wait:
    return Wait(
        id=WaitId(int(found["seq"]), int(found["k"])),
        kind=found["kind"],
        node_id=found["node"],
        scope=found.get("scope", ""),
        token=int(found["token"]),
        lane=found.get("lane"),
        assignee=found.get("assignee"),
        due=found.get("due"),
        priority=int(found.get("priority", 0)),
        details=found.get("details", {}),
    )
