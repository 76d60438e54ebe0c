"""The kinds of business records (xt-1), in one visible table; what each holds stands in its form.

A kind's form `forms/records/<kind>.form` says what is asked, what is right, and what everything is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine import forms
from engine.actor import Actor
from engine.errors import ClauseflowError

FOLDER = Path(__file__).resolve().parents[2] / "forms" / "records"


class NoSuchKind(ClauseflowError):
    """There are no records of that kind."""

    status = 404
    zh = "没有“{kind}”这类档案。"
    en = "There are no records of the kind “{kind}”."


@dataclass(frozen=True)
class RecordKind:
    """One kind. `key_field` names a record for good; with a `prefix` the product gives the next number when asked."""

    key: str
    name: str
    name_en: str
    key_field: str
    title_field: str
    columns: tuple[str, ...]
    """What a list shows beside key and title."""
    facet: str = ""
    """The field, a choice, that a list can be narrowed by."""
    prefix: str = ""
    divided: bool = False
    """Whether each choice of its facet is kept by people of its own (xt-10)."""
    noted: str = ""
    """The field that is said beside a suggestion."""

    @cached_property
    def form(self) -> forms.Form:
        """Its form, read once."""
        path = FOLDER / f"{self.key}.form"
        return forms.read(path.read_bytes(), f"forms/records/{path.name}")

    @cached_property
    def choices(self) -> tuple[forms.Option, ...]:
        """The choices of its facet."""
        return tuple(self.form.level.by_key[self.facet].settings.fixed.values()) if self.facet else ()

    @property
    def reading(self) -> str:
        """The permission to read its records."""
        return f"records:{self.key}"

    @property
    def editing(self) -> str:
        """The permission to change them."""
        return f"edit:{self.key}"

    def editing_of(self, facet: str) -> str:
        """The permission to change those of one choice, where a kind is divided."""
        return f"{self.editing}.{facet}" if self.divided else self.editing

    def kept_by(self, actor: Actor, facet: str | None = None) -> bool:
        """Whether somebody keeps its records: those of a choice, or any (None)."""
        facets = [choice.text for choice in self.choices] if facet is None else [facet]
        return actor.may(self.editing) or any(actor.may(self.editing_of(each)) for each in facets if self.divided)


RECORD_KINDS: Mapping[str, RecordKind] = {
    kind.key: kind
    for kind in (
        RecordKind(
            "customers",
            "客户",
            "Customers",
            "number",
            "name",
            ("grade", "phone", "address"),
            "type",
            "KH",
            noted="purchases",
        ),
        RecordKind(
            "equipment", "设备", "Machines", "serial_no", "product", ("customer", "place", "warranty_until"), "state"
        ),
        RecordKind("products", "产品", "Products", "model", "name", ("unit_name", "warranty_months"), "category"),
        RecordKind(
            "contracts", "维护合同", "Contracts", "contract_no", "customer", ("product", "signed_on", "ends_on")
        ),
        RecordKind("parts", "配件", "Parts", "part_no", "name", ("specification", "unit", "store"), "category"),
        RecordKind(
            "knowledge",
            "知识库",
            "Knowledge base",
            "number",
            "title",
            ("product", "solved_by"),
            "kind",
            "ZS",
            divided=True,
        ),
    )
}


def kind_of(key: str) -> RecordKind:
    """The kind of that key. Raises NoSuchKind."""
    if key not in RECORD_KINDS:
        raise NoSuchKind(kind=key[:60])
    return RECORD_KINDS[key]
