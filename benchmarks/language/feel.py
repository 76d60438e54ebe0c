"""What a compiled expression costs beside the same comparison written in Python over Decimal, in one run.

Prints the median of several rounds each, and their ratio; exits with 1 when the ratio is above the target.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter

from engine import feel

TARGET = 15
ROUNDS, CALLS = 15, 20_000


def seconds_of(step: Callable[[], object]) -> float:
    """Median seconds of one call."""
    rounds = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        for _ in range(CALLS):
            step()
        rounds.append((perf_counter() - begin) / CALLS)
    return median(rounds)


def main() -> int:
    """Measure and print; the exit code."""
    context = {"amount": Decimal("1234.56")}
    low, high = Decimal(1000), Decimal(5000)
    expression = feel.compile("amount >= 1000 and amount < 5000", ["amount"])
    assert expression.evaluate(context) is True
    python = seconds_of(lambda: context["amount"] >= low and context["amount"] < high)
    ours = seconds_of(lambda: expression.evaluate(context))
    ratio = ours / python
    print(f"Python {python * 1e9:.0f} ns   FEEL {ours * 1e9:.0f} ns   ratio {ratio:.1f} (target: at most {TARGET})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
