"""Keys of processes: none is a word of the addresses they stand in."""

from __future__ import annotations

import pytest

from cli.content import bundle
from engine.bpmn import Definition
from engine.clauses import Register
from engine.lint.process_key import RESERVED
from tests.engine.lint.bundles import found


def called(key: str) -> Definition:
    """The price approval under another key."""
    files = dict(bundle("price_approval").files)
    diagram = files.pop("processes/price_approval.bpmn").decode()
    files[f"processes/{key}.bpmn"] = diagram.replace('id="price_approval"', f'id="{key}"').encode()
    return Definition(key, files)


@pytest.mark.parametrize("key", [*sorted(RESERVED), "Progress", "p" * 61])
def test_a_key_that_no_address_can_hold_is_an_error(register: Register, key: str) -> None:
    [problem] = found(called(key), register, "process_key")
    assert (problem.severity, problem.where) == ("error", key)


@pytest.mark.parametrize("key", ["progress_report", "renew", "p" * 60])
def test_other_keys_are_fine(register: Register, key: str) -> None:
    assert found(called(key), register, "process_key") == []
