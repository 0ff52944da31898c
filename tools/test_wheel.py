"""Builds sdist and wheel, installs the wheel in an environment of its own, and runs the tests there with the source away.

They run without the compiled kernels: `make test` runs them with these.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTED = ("tests", "tools", "seeds", "reports", "docs")
FILES = ("pyproject.toml", "README.md", "README.zh.md", ".pre-commit-hooks.yaml")
EXTRAS = "docx,lsp,pdf,scale"  # all but ray, which is large; its tests are skipped
TOOLS = (
    "check-jsonschema",
    "hypothesis",
    "jsonschema",
    "pre-commit",
    "pytest",
    "pytest-xdist",
    "selectolax",
    "xmlschema",
)
COMPILED = ("tests/test_native.py", "tests/test_reports.py")  # with the kernels of the wheel; then all without them
LIMIT = 25_000_000  # bytes of the wheel


def run(*command: object, cwd: Path, **environment: str) -> None:
    """Runs a command and ends this program if it fails."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(map(str, command))}")


def main() -> int:
    """Builds and tests."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", base / "dist", ROOT, cwd=base)
        wheel = next((base / "dist").glob("*.whl"))
        names = zipfile.ZipFile(wheel).namelist()
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files")
        if wheel.stat().st_size > LIMIT:
            sys.exit(f"the wheel is larger than {LIMIT / 1e6:.0f} MB")
        if not any(name.startswith("audit/rules/") for name in names):
            sys.exit("the wheel holds no rules")
        venv.create(base / "env", with_pip=True)
        python = base / "env" / "bin" / "python"
        run(
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            f"{wheel}[{EXTRAS}]",
            *TOOLS,
            cwd=base,
        )
        away = base / "away"
        away.mkdir()
        for name in TESTED:
            shutil.copytree(ROOT / name, away / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, away)
        run(base / "env" / "bin" / "jiaokan", "--version", cwd=away)
        tests = (python, "-m", "pytest", "-p", "no:cacheprovider", "-n", "auto")
        run(*tests, *COMPILED, cwd=away, JIAOKAN_SHARED=str(base / "none"))
        run(*tests, cwd=away, JIAOKAN_SHARED=str(base / "none"), JIAOKAN_NATIVE="0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
