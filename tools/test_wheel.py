"""Builds sdist and wheel, installs the wheel in an environment of its own, and runs the tests there with the source away.

They run without the compiled kernels: `make test` runs them with these, and with them what is left out here (APART).
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
    "pytest",
    "pytest-xdist",
    "selectolax",
    "xmlschema",
)
COMPILED = ("tests/test_native.py", "tests/test_reports.py")  # with the kernels of the wheel; then all without them
# what a wheel, or numpy in place of kernels, cannot do otherwise: the source tree and its tools, the page in a browser,
# processes that are killed or share the work, disks that are full, files beside the texts
APART = (
    "tests/browser",
    "tests/test_apply.py",
    "tests/test_baseline.py",
    "tests/test_cache.py",
    "tests/test_damage.py",
    "tests/test_fix_faults.py",
    "tests/test_hooks.py",
    "tests/test_house.py",
    "tests/test_same_findings.py",
    "tests/test_scan.py",
    "tests/test_shift_doubt.py",
    "tests/test_streams.py",
)
LINEAR = "tests/test_laws.py::test_patterns_are_linear"  # as above
MADE = (".*", "build", "dist", "*.egg-info", "*.so", "*.pyd", "__pycache__", "node_modules")  # no source
LIMIT = 25_000_000  # bytes of the wheel


def run(*command: object, cwd: Path, **environment: str) -> None:
    """Runs a command and ends this program if it fails; what Python compiles on the way is kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**kept, **environment}, check=False)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(map(str, command))}")


def built(folder: Path) -> Path:
    """The wheel, built from the sdist of a copy; ends this program if it is too large or lacks what it must hold."""
    source = shutil.copytree(ROOT, folder.parent / "source", ignore=shutil.ignore_patterns(*MADE))
    # without isolation: what `make` installed in this environment was built in one of its own
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source, cwd=folder.parent)
    shutil.rmtree(source)
    wheel = next(folder.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files")
    if wheel.stat().st_size > LIMIT:
        sys.exit(f"the wheel is larger than {LIMIT / 1e6:.0f} MB")
    if not any(name.startswith("audit/rules/") for name in names):
        sys.exit("the wheel holds no rules")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """The programs of a new environment that holds the wheel, what it asks for, and what tests it."""
    venv.create(folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-compile", f"{wheel}[{EXTRAS}]", *TOOLS, cwd=folder)
    return programs


def main() -> int:
    """Builds and tests."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        programs = installed(built(base / "dist"), base / "env")
        away = base / "away"
        away.mkdir()
        for name in TESTED:
            shutil.copytree(ROOT / name, away / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, away)
        run(programs / "jiaokan", "--version", cwd=away)
        tests = (programs / "python", "-m", "pytest", "-p", "no:cacheprovider", "-n", "auto", "--dist", "worksteal")
        nowhere = str(base / "none")
        run(*tests, *COMPILED, cwd=away, JIAOKAN_SHARED=nowhere)
        left_out = [f"--ignore={name}" for name in APART]
        run(*tests, *left_out, f"--deselect={LINEAR}", cwd=away, JIAOKAN_SHARED=nowhere, JIAOKAN_NATIVE="0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
