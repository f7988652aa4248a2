"""Size budgets of STYLE.md: what grows past them is to be cut by use case, not to be excused."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("cube_demper", "admin", "partner", "support", "workers")
_FILE, _TEST_FILE, _FUNCTION, _PAGE, _STATE, _MEMBERS = 300, 400, 50, 40, 120, 10

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def _sources() -> list[Path]:
    return [path for folder in _FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def _definitions() -> list[tuple[str, Definition | ast.ClassDef]]:
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node)
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, Definition | ast.ClassDef)
    ]


def _functions() -> list[tuple[str, Definition]]:
    return [(where, node) for where, node in _definitions() if isinstance(node, Definition)]


def _length(node: ast.AST) -> int:
    """Count lines without the docstring: explaining more must not cost anything."""
    lines: int = node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]
    first = node.body[0]  # type: ignore[attr-defined]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= first.end_lineno - first.lineno + 1
    return lines


def _states() -> list[tuple[str, ast.ClassDef]]:
    return [
        (where, node)
        for where, node in _definitions()
        if isinstance(node, ast.ClassDef) and _is_state(node)
    ]


def _is_state(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(("State", "Mixin", "FormErrors")) for base in node.bases)


def _is_handler(node: ast.stmt) -> bool:
    if not isinstance(node, Definition):
        return False
    names = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(name.startswith(("guarded", "loads", "rx.event")) for name in names)


def _is_var(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and not node.target.id.startswith("_")
    )


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in _sources()}
    assert not {str(path): lines for path, lines in lengths.items() if lines > _FILE}


def test_test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    assert not {str(path): lines for path, lines in lengths.items() if lines > _TEST_FILE}


def test_functions_are_short() -> None:
    long = [where for where, node in _functions() if _length(node) > _FUNCTION]
    assert not long


def test_page_functions_are_short() -> None:
    long = [
        where
        for where, node in _functions()
        if "/pages/" in where and where.endswith("_page") and _length(node) > _PAGE
    ]
    assert not long


@pytest.mark.parametrize(
    ("what", "most"), [("lines", _STATE), ("vars", _MEMBERS), ("handlers", _MEMBERS)]
)
def test_states_are_small(what: str, most: int) -> None:
    def size(node: ast.ClassDef) -> int:
        if what == "lines":
            return _length(node)
        return sum(map(_is_var if what == "vars" else _is_handler, node.body))

    big = {where: size(node) for where, node in _states() if size(node) > most}
    assert not big
