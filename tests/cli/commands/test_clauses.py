"""`clauseflow clauses`: what no element cites is named per process, for people and for programs."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from cli.commands import clauses
from cli.product import Product
from cli.settings import Settings


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """The product with a clause more, which names a process and is cited nowhere."""
    found = Product(Settings.from_environment({"CLAUSEFLOW_VAR": str(tmp_path), "CLAUSEFLOW_LANGUAGE": "en"}))
    new = replace(found.register.clauses["bk-12"], id="bk-999", text_en="Nobody does this.")
    found.register = replace(found.register, clauses={**found.register.clauses, "bk-999": new})
    return found


def test_a_clause_without_a_citation_is_named_for_its_process(
    product: Product, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not clauses.run(product, Namespace(json=False, uncited=False))

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("price_approval  bk-999  — ") and "Nobody does this." in line for line in lines)
    [summary] = [line for line in lines if line.startswith("price_approval: ")]
    assert summary.endswith("1 cited by no element: bk-999")
    [other] = [line for line in lines if line.startswith("complaint: ")]
    assert other.endswith("all of them cited")


def test_a_program_gets_only_what_is_uncited(product: Product, capsys: pytest.CaptureFixture[str]) -> None:
    assert not clauses.run(product, Namespace(json=True, uncited=True))

    assert json.loads(capsys.readouterr().out) == [{"process": "price_approval", "clause": "bk-999", "elements": []}]
