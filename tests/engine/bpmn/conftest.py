"""What the tests of diagrams ask for: a case of the diagram of the test's own name, or of any other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.bpmn.walking import Case, definition


@pytest.fixture
def walk() -> Callable[[str], Case]:
    """A case of the diagram of that name, not yet started."""
    return lambda name: Case(definition(name))


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """A case of the diagram named like the test, not yet started."""
    return Case(definition(request.node.originalname.removeprefix("test_")))
