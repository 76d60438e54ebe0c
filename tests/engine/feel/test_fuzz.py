"""Whatever the text: a value, null, or an error of the expression; and the same again on the next run."""

from decimal import Decimal

from hypothesis import given, settings

from engine import feel
from engine.feel import FeelError, analyse, evaluate, unary_tests
from engine.values import canonical
from tests.engine.feel.expressions import EXPRESSIONS, NOISE
from tests.engine.feel.facts import exact

CONTEXT = {"x": Decimal(3), "y": Decimal("-2.5"), "s": "abc", "b": True}


@given(NOISE)
@settings(max_examples=400)
def test_noise_is_a_value_or_an_error_of_the_expression(text):
    said: list[FeelError] = []
    for attempt in (lambda: evaluate(text, CONTEXT), lambda: unary_tests(text, Decimal(1), CONTEXT)):
        try:
            attempt()
        except FeelError as error:
            said.append(error)
    assert all(error.text("zh") and error.text("en") for error in said)


@given(NOISE)
@settings(max_examples=200)
def test_analysis_tells_of_every_text_that_does_not_parse_and_of_no_other(text):
    try:
        feel.compile(text, names=CONTEXT)
        parses = True
    except FeelError:
        parses = False
    told = [problem.rule for problem in analyse(text, dict.fromkeys(CONTEXT))]
    assert ("feel-syntax" not in told) == parses


@given(EXPRESSIONS)
@settings(max_examples=300)
def test_well_formed_expressions_have_values_and_have_them_again(text):
    first = evaluate(text, CONTEXT)
    canonical(first)
    assert exact(evaluate(text, CONTEXT)) == exact(first)
