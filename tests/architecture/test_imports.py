"""Imports point one way (the contracts of pyproject.toml), and nouns keep their SQL to themselves."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
_SQL = {"sqlalchemy", "sqlmodel"}
# The ledger is one for all nouns that move money.
_OPEN = ("service", "schemas", "errors", "ledger")


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Return who imports whom."""
    return grimp.build_graph("cube_demper", include_external_packages=True, cache_dir=None)


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_of_ours_is_under_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {
        folder.parent.name
        for folder in ROOT.glob("*/__init__.py")
        if not folder.parent.name.startswith(".")
    }
    assert packages <= set(settings["root_packages"])


def test_one_noun_never_uses_the_queries_of_another(imports: grimp.ImportGraph) -> None:
    wrong = [
        f"{module} -> {target}"
        for module in imports.find_descendants("cube_demper.domain")
        for target in imports.find_modules_directly_imported_by(module)
        if _noun(target) not in {"", _noun(module)} and _holds_sql(imports, target)
    ]
    assert not wrong


def test_nobody_outside_of_the_domain_uses_its_queries(imports: grimp.ImportGraph) -> None:
    wrong = [
        f"{module} -> {target}"
        for target in imports.find_descendants("cube_demper.domain")
        if "queries" in target
        for module in imports.find_modules_that_directly_import(target)
        if not module.startswith("cube_demper.domain.")
    ]
    assert not wrong


def test_app_is_imported_by_nobody(imports: grimp.ImportGraph) -> None:
    if "cube_demper.app" in imports.modules:
        assert not imports.find_modules_that_directly_import("cube_demper.app")


def _noun(module: str) -> str:
    parts = module.split(".")
    return parts[2] if parts[:2] == ["cube_demper", "domain"] and len(parts) > 3 else ""


def _holds_sql(imports: grimp.ImportGraph, module: str) -> bool:
    name = module.split(".", 3)[3]
    is_open = "queries" not in name and name.endswith(_OPEN)
    return not is_open and bool(imports.find_modules_directly_imported_by(module) & _SQL)
