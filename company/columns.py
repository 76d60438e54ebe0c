"""Columns that tables of the company have in common.

A row that a handler wrote carries the job's key, so that a second attempt finds it and writes nothing. `number` is the
case it came from, empty for what people enter themselves. Machines and parts are named by their own numbers, which
may come from outside before anybody has made a record of them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, String, TypeDecorator
from sqlalchemy.engine import Dialect
from typing_extensions import override

from engine.tables import UtcDateTime

THOUSANDTHS = 1000


class Quantity(TypeDecorator[Decimal]):
    """A number with up to three decimals, stored as whole thousandths: exact, and summed alike by both databases."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else int(Decimal(value) * THOUSANDTHS)

    @override
    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / THOUSANDTHS


def job_key(**kwargs: Any) -> Column[str]:
    """The idempotency key of the job that wrote the row."""
    return Column("job_key", String(100), **kwargs)


def case_number() -> Column[str]:
    """The number of the case the row came from."""
    return Column("number", String(100), nullable=False, index=True)


def moment(name: str, **kwargs: Any) -> Column[Any]:
    """A point in time, in UTC."""
    return Column(name, UtcDateTime, **kwargs)
