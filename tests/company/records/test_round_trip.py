"""What a workbook of records says comes back as it went out, for every kind and whatever the records hold."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from company.records import rows, workbook_cells
from company.records.kinds import RECORD_KINDS, RecordKind
from company.records.rows import read_rows
from company.records.save import SAVED, Record
from company.records.sheet import exported, list_fields
from engine import forms
from engine.forms.kinds.choice import ChoiceSettings
from engine.forms.kinds.number import NumberSettings
from engine.forms.words import Words
from tests.product import START

AROUND = forms.FormEnvironment(
    now=START,
    sources={kind: lambda searched: [forms.Option(searched, Words(searched, searched))] for kind in RECORD_KINDS},
)
STRANGE = [
    "=1+1", "#REF!", "#N/A", "<r>a</r>", "<r>&</r>", "_x000D_", "x005F_", "1e5", "007", "1.50", "TRUE",
    "2026-01-05", "2026-01-05T10:00:00", "'a", "是", "12345678901234567890", "a\tb", "&amp;", "\u3000全角\u3000", "😀",
    "http://localhost/", "mailto:a@b.example", "+86 10", "@SUM(A1)", "-1",
]  # fmt: skip
TEXTS = st.sampled_from(STRANGE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LINES = TEXTS | st.lists(TEXTS, max_size=3).map("\n".join)
NUMBERS = st.sampled_from(["13.7", "59.97", "3", "0.1", "1e21", "123456789012345.678", "99999999999999.99", "-0.01"])


def typed(field: forms.Component) -> st.SearchStrategy[Any]:
    """What somebody may have typed into a field."""
    if isinstance(field.settings, ChoiceSettings):
        return st.sampled_from(sorted(field.settings.fixed))
    if isinstance(field.settings, NumberSettings):
        places = st.decimals(0, 10**9, places=field.settings.digits or 0).map(str)
        return places | NUMBERS | st.integers(0, 99).map(str)
    if field.row:
        return st.lists(st.fixed_dictionaries({each.key: typed(each) for each in field.row.fields}), max_size=2)
    if field.type == "datetime":
        return st.dates(date(1, 1, 1)).map(date.isoformat)
    return {"checkbox": st.sampled_from(["true", "false"]), "textarea": LINES}.get(field.type, TEXTS)


def records_of(kind: RecordKind) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some records' values as the form lets them through, what it refuses left out."""
    fields = [field for field in kind.form.fields if not field.kind.computed]
    one = st.fixed_dictionaries({field.key: typed(field) for field in fields})
    return st.lists(one, min_size=1, max_size=8).map(
        lambda several: [found for number, raw in enumerate(several) if (found := taken(kind, raw, f"K-{number}"))]
    )


def taken(kind: RecordKind, raw: dict[str, Any], key: str) -> dict[str, Any] | None:
    raw = {**raw, kind.key_field: key}
    _values, problems = judged(kind, raw)
    for problem in problems:
        field = kind.form.level.by_key[problem.where.partition("[")[0]]
        raw[field.key] = [] if field.row else "甲" if "text" in field.type else None
    values, problems = judged(kind, raw)
    return None if problems else values


def judged(
    kind: RecordKind, raw: dict[str, Any], before: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[Any]]:
    return forms.validate(kind.form, raw, {**(before or {}), SAVED: before is not None}, AROUND)


def workbook(kind: RecordKind, several: list[dict[str, Any]], language: str) -> io.BytesIO:
    found = (Record(kind.key, v[kind.key_field], "", v, archived=False, version=1, changed_at=START, changed_by="bai")
             for v in several)  # fmt: skip
    return io.BytesIO(exported(kind, found, language).content)


@pytest.fixture
def _at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are read in this process: a child for each of them would take most of the time."""
    monkeypatch.setattr(rows, "run", lambda _name, content, _limits, *most: orjson.loads(
        orjson.dumps(workbook_cells.read(content, *most))))  # fmt: skip


@pytest.mark.long
@pytest.mark.usefixtures("_at_hand")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=RECORD_KINDS)
def test_whatever_a_record_holds_comes_back(kind: RecordKind, language: str) -> None:
    @settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(several=records_of(kind))
    def held(several: list[dict[str, Any]]) -> None:
        lines = read_rows(kind, workbook(kind, several, language)) if several else []
        assert len(lines) == len(several)
        for values, (_row, raw) in zip(several, lines, strict=True):
            again, problems = judged(kind, raw, values)
            assert problems == []
            assert {**again, kind.key_field: raw[kind.key_field]} == values

    held()


@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=RECORD_KINDS)
def test_no_two_fields_of_a_sheet_have_one_heading(kind: RecordKind) -> None:
    for fields in (kind.form.level.by_key.values(), *(part.row.fields for part in list_fields(kind) if part.row)):
        for language in ("zh", "en"):
            heads = [field.label.text(language) for field in fields]
            assert len(set(heads)) == len(heads)


def test_a_number_that_a_cell_cannot_hold_goes_out_as_text() -> None:
    kind = RECORD_KINDS["customers"]
    amount = Decimal("123456789012345678.25")
    ((_row, raw),) = read_rows(kind, workbook(kind, [{"number": "K", "receivable": amount}], "zh"))
    assert raw["receivable"] == "123456789012345678.25"
