"""A page knows where the next one begins; a forged cursor is none."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, literal, select

from engine.database import Database
from engine.queries.paging import LONGEST, behind, cursor
from engine.tables import LARGEST, instances
from engine.values import Value

COLUMNS: dict[str, Sequence[ColumnElement[Any]]] = {
    "number": [instances.c.id],
    "text": [instances.c.key],
    "moment": [instances.c.changed_at],
    "moment and number": [instances.c.changed_at, instances.c.id],
    "expression": [func.coalesce(instances.c.key, "")],
}
NOON = datetime(2026, 3, 2, 12, 0, 0, 123457, tzinfo=UTC)

KEYS: list[list[Value]] = [
    [],
    [None],
    [True],
    [Decimal(LARGEST + 1)],
    [Decimal(2**63)],
    [Decimal("-1E+9")],
    [Decimal("1.5")],
    [Decimal("1E+6000")],
    ["a\0b"],
    ["\0"],
    [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))],
    [datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=14)))],
    [timedelta(1)],
    [[]],
    [["a"]],
    [{"a": Decimal(1)}],
    [NOON, Decimal(2**31)],
    [Decimal(1), NOON],
    [NOON, "1"],
    ["a", "b", "c"],
]


def written(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


RAW = [
    "x", "=", "\0", "é", "%00", "W10", "A" * (LONGEST + 1), "a" * 5001,
    *map(written, [b"null", b'["\\ud800"]', b"[NaN]", b"[1e999999999]", b"\xff\xfe",
                   b"[" * 2000, b"[" + b"9" * 2000 + b"]"]),
]  # fmt: skip


@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS)
def test_a_forged_cursor_is_the_first_page(columns: Sequence[ColumnElement[Any]], db: Database) -> None:
    """Whatever is not refused as no cursor of these columns is one that both databases compare with."""
    with db.reading() as session:
        for after in [*map(cursor, KEYS), *RAW]:
            condition = behind(columns, after)
            assert session.execute(select(instances.c.id).where(condition)).all() == []
    refused = [after for after in RAW if str(behind(columns, after)) == str(literal(True))]
    assert refused == RAW


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ("number", [Decimal(LARGEST)]),
        ("number", [Decimal(0)]),
        ("text", ["章程 😀"]),
        ("text", [""]),
        ("text", ["字" * 260]),
        ("moment", [NOON]),
        ("moment and number", [NOON, Decimal(7)]),
        ("expression", ["x"]),
    ],
)
def test_a_cursor_is_the_place_it_was_made_at(columns: str, key: list[Any], db: Database) -> None:
    place = behind(COLUMNS[columns], cursor(key), descending=True)

    assert str(place) != str(literal(True))
    with db.reading() as session:
        assert session.execute(select(literal(1)).where(place)).all() == []
