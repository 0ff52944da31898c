"""Which room may call on which, and that every file stays small enough to read."""

from __future__ import annotations

import ast
from pathlib import Path

import audit.rules
import pytest

import audit

AUDIT = Path(audit.__file__).parent
RULES = Path(audit.rules.__file__).parent
LIMIT = 250
FOR_RULES = ("audit.model", "audit.joined", "audit.rule", "audit.language", "audit.restore")
# lower rooms first: a file imports only from its own level or below
LEVELS = (
    ("audit.catalogue",),
    (
        "audit.text",
        "audit.bounds",
        "audit.docstring",
        "audit.errors",
        "audit.atomic",
        "audit.words",
        "audit.printing",
        "audit.standing",
        "audit.native",
    ),
    ("audit.model", "audit.joined"),
    ("audit.rule", "audit.language", "audit.restore"),
    (
        "audit.rules",
        "audit.registry",
        "audit.pages",
        "audit.reading",
        "audit.sieve",
        "audit.engine",
        "audit.blocks",
        "audit.config",
        "audit.gate.rules",
        "audit.gate.layers",
    ),
    (
        "audit.grade",
        "audit.settle",
        "audit.fix",
        "audit.changelog",
        "audit.undo",
        "audit.convert",
        "audit.address",
        "audit.places",
        "audit.records",
        "audit.audited",
        "audit.finishing",
        "audit.gate",
        "audit.run",
        "audit.cache",
    ),
    ("audit.report",),
    ("audit.scale", "audit.lsp"),
    ("audit.commands",),
    ("audit.cli",),
)


def modules() -> list[tuple[str, Path]]:
    found = [(f"audit.rules.{path.stem}", path) for path in RULES.glob("*.py")]
    for path in AUDIT.rglob("*.py"):
        if RULES not in path.parents:
            dotted = ".".join(path.relative_to(AUDIT.parent).with_suffix("").parts)
            found.append((dotted.removesuffix(".__init__"), path))
    return sorted(found)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("audit"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level or path.parent == RULES, f"{path.name}: relative imports are for rule files"
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("audit")}
    return found


def under(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


def level(name: str) -> int | None:
    rooms = [(len(room), height) for height, names in enumerate(LEVELS) for room in names if under(name, room)]
    return max(rooms)[1] if rooms else None


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_run_one_way(name: str, path: Path) -> None:
    mine = level(name)
    if mine is None or name == "audit.rules":
        return
    for other in imports(path):
        if under(name, "audit.rules"):
            assert any(under(other, room) for room in FOR_RULES), f"{name} imports {other}"
        height = level(other)
        assert height is None or height <= mine, f"{name} imports {other}, which stands above it"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_files_are_short(name: str, path: Path) -> None:
    assert len(path.read_bytes().split(b"\n")) <= LIMIT, f"{name} is read for more than one reason"
