"""Laws of the repository as a whole: no registry's address in it, every dependency with its reason."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In pieces: this file must not name them either.
_REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("npmmirror", "com"),
    )
]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whatever git made this checkout
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _dependencies() -> list[str]:
    listed = list(chain(_PROJECT["dependencies"], *_PROJECT["optional-dependencies"].values()))
    return sorted({re.split(r"[\[<>=!~ ;]", entry)[0] for entry in listed})


def test_no_file_names_a_registrys_host() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in _tracked()
        for host in _REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert not wrong


def test_no_lock_file_with_addresses_is_kept() -> None:
    assert not (ROOT / "uv.lock").exists()


def test_readme_gives_the_reason_of_every_dependency() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()

    def has_reason(name: str) -> bool:
        pattern = re.compile(rf"`{re.escape(name)}`(?P<reason>.*)")
        reasons = [found["reason"] for line in lines if (found := pattern.search(line))]
        return any(len(re.findall(r"\w+", reason)) >= 3 for reason in reasons)

    assert not [name for name in _dependencies() if not has_reason(name)]


@pytest.mark.parametrize("name", _dependencies())
def test_every_dependency_is_pinned(name: str) -> None:
    pinned = (ROOT / "constraints.txt").read_text().lower().splitlines()
    wanted = name.lower().replace("_", "-")
    assert any(line.replace("_", "-").startswith(f"{wanted}==") for line in pinned)


def test_root_holds_only_what_the_owner_fixed_and_tools_force() -> None:
    allowed = {
        "cube_demper", "admin", "partner", "support", "workers", "assets", "alembic",
        "rxconfig.py", "tests", "pyproject.toml", "README.md", "Makefile", ".ci", ".gitignore",
        "reflex.lock", "constraints.txt", "deploy",
    }  # fmt: skip
    assert {path.relative_to(ROOT).parts[0] for path in _tracked()} <= allowed
