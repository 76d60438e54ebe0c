"""One deployed version: its identity is its content."""

from pathlib import Path

from engine.bpmn import Definition

ROOT = Path(__file__).parents[3]


def bundle() -> dict[str, bytes]:
    paths = [*ROOT.glob("processes/price_approval.*mn"), *ROOT.glob("forms/price_approval/*.form")]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}


def test_the_hash_is_that_of_names_and_contents_in_any_order():
    files = bundle()
    backwards = dict(reversed(files.items()))
    assert Definition("price_approval", files).hash == Definition("price_approval", backwards).hash
    assert len(Definition("price_approval", files).hash) == 32


def test_any_changed_byte_or_name_is_another_version():
    files = bundle()
    hashes = {Definition("price_approval", files).hash}
    for path in files:
        hashes.add(Definition("price_approval", files | {path: files[path] + b" "}).hash)
        hashes.add(Definition("price_approval", {k + "x" if k == path else k: v for k, v in files.items()}).hash)
    assert len(hashes) == 1 + 2 * len(files)


def test_it_reads_its_diagram_decisions_and_forms():
    given = Definition("price_approval", bundle())
    assert given.diagram.key == "price_approval"
    assert given.decisions is not None
    assert given.form("apply") is not None
    assert given.form("apply") is given.form("apply")


def test_a_definition_without_decisions_or_forms_has_none():
    path = ROOT / "tests" / "diagrams" / "a_manual_task_waits_to_be_confirmed.bpmn"
    given = Definition(path.stem, {f"processes/{path.name}": path.read_bytes()})
    assert given.decisions is None
    assert given.form("call") is None
