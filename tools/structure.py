"""Measures the structure of the sources: sizes, parameters, depth of imports, circles, crowded folders.

`python tools/structure.py` prints the table that stands in docs/architecture.md; `--check` ends with 1 when modules
import each other in a circle or a folder is crowded. The depth of imports is measured, not limited. Standard library
only; nothing of the product is imported or run.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("clauseflow.py", "cli", "demo", "web", "handlers", "company", "engine")
COUNTED_TOO = ("benchmarks",)
"""Folders that must not be crowded either, beside those that are measured."""

MOST_IN_A_FOLDER = 20
MAY_CIRCLE = ("engine.bpmn.run.",)
"""Where modules may import each other in a circle: the tokens, tasks and gateways of one run."""

Imports = Mapping[str, frozenset[str]]
"""For each module by its dotted name, the modules of the product it imports, for types or while running alike."""


@dataclass(frozen=True)
class Source:
    """One module: its dotted name, its number of lines and its tree."""

    name: str
    root: Path
    path: Path
    lines: int
    tree: ast.Module


@dataclass(frozen=True)
class Measured:
    """What is measured; `functions` and `parameters` hold a number per function, `depths` one per module."""

    lines: Sequence[int]
    functions: Sequence[int]
    parameters: Sequence[int]
    depths: Sequence[int]
    circles: Sequence[Sequence[str]]
    crowded: Mapping[str, int] = field(default_factory=dict)


def sources(root: Path = ROOT, folders: Sequence[str] = FOLDERS) -> dict[str, Source]:
    """Every module in these folders of `root`, by its dotted name."""
    paths = [path for part in folders for path in (sorted((root / part).rglob("*.py")) or [root / part])]
    return {source.name: source for source in (_read(root, path) for path in paths if path.is_file())}


def measure(found: Mapping[str, Source]) -> Measured:
    """All figures of these modules."""
    imports = {name: frozenset(_imported(source, found)) for name, source in found.items()}
    functions = [function for source in found.values() for function in _functions(source.tree)]
    return Measured(
        lines=[source.lines for source in found.values()],
        functions=[(function.end_lineno or 0) - function.lineno + 1 for function in functions],
        parameters=[_parameters(function) for function in functions],
        depths=list(depths(imports).values()),
        circles=[sorted(circle) for circle in circles(imports) if len(circle) > 1],
        crowded=crowded(found),
    )


def circles(imports: Imports) -> list[frozenset[str]]:
    """The modules that reach each other, each set before those that import it (Tarjan)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[frozenset[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(imports[name]):
            if other not in order:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            at = stack.index(name)
            found.append(frozenset(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10_000)
    for name in sorted(imports):
        if name not in order:
            visit(name)
    return found


def depths(imports: Imports) -> dict[str, int]:
    """How many modules the longest chain of imports from each one passes; a circle counts as one."""
    depth: dict[str, int] = {}
    for circle in circles(imports):
        below = max((depth[other] for name in circle for other in imports[name] - circle), default=0)
        depth.update(dict.fromkeys(circle, below + 1))
    return depth


def crowded(found: Mapping[str, Source]) -> dict[str, int]:
    """The folders with more files of code than a reader takes in at a glance, and how many each holds."""
    counts = Counter(source.path.parent.relative_to(source.root).as_posix() for source in found.values())
    return {folder: count for folder, count in sorted(counts.items()) if count > MOST_IN_A_FOLDER}


def passed(measured: Measured) -> list[str]:
    """The limits that are passed, a sentence each."""
    loose = [circle for circle in measured.circles if not all(name.startswith(MAY_CIRCLE) for name in circle)]
    return [
        *(f"circle of {len(circle)}: {', '.join(circle)}" for circle in loose),
        *(f"{folder} holds {count} files, at most {MOST_IN_A_FOLDER}" for folder, count in measured.crowded.items()),
    ]


def table(measured: Measured) -> str:
    """The figures as a Markdown table."""
    rows = [
        ("files", str(len(measured.lines)), "", ""),
        ("lines of a file", *_spread(measured.lines)),
        ("lines of a function", *_spread(measured.functions)),
        ("parameters of a function", *_spread(measured.parameters)),
        ("depth of imports", *_spread(measured.depths)),
        (
            "modules in circles",
            str(sum(map(len, measured.circles))),
            "",
            str(max(map(len, measured.circles), default=0)),
        ),
        (
            "folders of more than 20 files",
            str(len(measured.crowded)),
            "",
            str(max(measured.crowded.values(), default=0)),
        ),
    ]
    return "\n".join(
        ["| | median, or count | 95 % | most |", "|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    )


def _read(root: Path, path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    return Source(name, root, path, text.count("\n"), ast.parse(text))


def _imported(source: Source, known: Mapping[str, Source]) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else node.module for name in inner if {name, node.module} & known.keys())
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([one for one in given if one.arg not in ("self", "cls")])


def _spread(figures: Sequence[int]) -> tuple[str, str, str]:
    return (
        f"{statistics.median(figures):g}",
        f"{statistics.quantiles(figures, n=20)[-1]:.0f}",
        str(max(figures)),
    )


def main(arguments: Sequence[str]) -> int:
    measured = measure(sources())
    measured = replace(measured, crowded={**measured.crowded, **crowded(sources(folders=COUNTED_TOO))})
    if "--check" not in arguments:
        print(table(measured))
    problems = passed(measured)
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
