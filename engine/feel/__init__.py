"""FEEL, the one expression language of diagrams, decisions and forms (DMN 1.5, chapter 10).

`compile` once and `evaluate` often; `analyse` tells the problems of a text without running it. Values are
those of `engine.values`, plus Range and Function. Nothing here reads a clock, a file or a Python attribute.
"""

from engine.feel.analyse.analysis import analyse
from engine.feel.errors import BudgetExceeded, FeelError, FeelSyntaxError, NoValue
from engine.feel.expression import (
    Expression,
    UnaryTests,
    adopt,
    compile,
    compile_unary_tests,
    evaluate,
    known_names,
    unary_tests,
)
from engine.feel.functions import Function
from engine.feel.parse.type_parser import parse_type
from engine.feel.ranges import Range
from engine.feel.types import FeelType, coerce, type_of

__all__ = [
    "BudgetExceeded",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "FeelType",
    "Function",
    "NoValue",
    "Range",
    "UnaryTests",
    "adopt",
    "analyse",
    "coerce",
    "compile",
    "compile_unary_tests",
    "evaluate",
    "known_names",
    "parse_type",
    "type_of",
    "unary_tests",
]
