"""The token tree in its stored form: the tokens that are somewhere, the open scopes, two counters.

Plain lists and dicts of text and small integers, never changed once written, so states can share
them. Nothing finished is kept, and the definition is not in it. What a token does is said in words
of ours: SpiffWorkflow has renumbered its states before, and stored cases outlive its releases.
"""

from __future__ import annotations

from typing import Any, Final

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.run.scopes import Scope
from engine.bpmn.run.tokens import Token
from engine.bpmn.run.workflow import Running

BODY: Final = "#body"
"""Behind a node's id: the spec of one repetition of a repeated activity. No XML id holds a `#`."""

REVISION: Final = 1
"""Goes up when the stored form changes, together with a migration of what is stored."""
_STATES: Final = {"waiting": TaskState.WAITING, "begun": TaskState.STARTED}
"""All that a token at rest can be: it may not go ahead yet (a join, a subscription), or its node awaits an answer."""
_WORDS: Final = {state: word for word, state in _STATES.items()}

Tree = dict[str, Any]
"""revision · numbers: last token number · activations: node -> times · scopes: [id, kind, node, host, parent id] ·
tokens: [number, spec name, waiting | begun, scope id, subscribes, data]."""


def write(running: Running) -> Tree:
    """The stored form of what is left after a step."""
    return {
        "revision": REVISION,
        "numbers": running.numbers,
        "activations": dict(running.activations),
        "scopes": [
            [scope.id, scope.kind, scope.node, scope.host, scope.parent.id]
            for scope in running.scopes.values()
            if scope.parent is not None
        ],
        "tokens": [
            [
                token.id,
                token.task_spec.name,
                _WORDS[token.state],
                token.scope.id,
                int(token.subscribes),
                token.internal_data,
            ]
            for token in running.alive()
        ],
    }


def read(tree: Tree, running: Running) -> None:
    """Put tokens and scopes back as they were written."""
    running.numbers = tree["numbers"]
    running.activations = dict(tree["activations"])
    for scope_id, kind, node, host, parent in tree["scopes"]:
        running.scopes[scope_id] = Scope(scope_id, kind, node, running.scopes[parent], host)
    for number, name, word, scope_id, subscribes, data in tree["tokens"]:
        token = Token(
            running,
            running.spec.task_specs[name],
            running.scopes[scope_id],
            state=_STATES[word],
            number=number,
            subscribes=bool(subscribes),
        )
        token.internal_data.update(data)


def tokens(tree: Tree) -> list[tuple[str, str]]:
    """Every token at rest as (node id, scope), in canonical order; subscriptions are no tokens."""
    return sorted((row[1].removesuffix(BODY), row[3]) for row in tree["tokens"] if not row[4])
