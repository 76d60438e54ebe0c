"""Coverage-guided fuzzing of the evaluator, for `make torture`: `python -m tests.engine.feel.fuzz_atheris [seconds]`.

Nothing but FeelError may come out of any text. Without the package atheris it says so and does nothing.
"""

import importlib
import importlib.util
import sys

from engine.feel import FeelError, analyse, evaluate, unary_tests

CONTEXT = {"x": 3, "s": "abc", "list": [1, 2, 3], "单价": 5}


def one_text(data: bytes) -> None:
    """Try one input in every way there is."""
    text = data.decode("utf-8", "replace")
    for attempt in (lambda: evaluate(text, CONTEXT), lambda: unary_tests(text, 1, CONTEXT), lambda: analyse(text, {})):
        try:
            attempt()
        except FeelError:
            continue


def main() -> None:
    """Fuzz for the given number of seconds (60)."""
    if importlib.util.find_spec("atheris") is None:
        sys.stdout.write("atheris is not installed; nothing was fuzzed\n")
        return
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-timeout=2"], one_text)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
