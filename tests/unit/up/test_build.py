from __future__ import annotations

from pathlib import Path

import pytest

from cube_demper.up.apps import find_app
from cube_demper.up.build import (
    borrow_packages,
    names_no_more,
    serve_program,
    sources_hash,
    web_dir,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "package"
    (package / "__pycache__").mkdir(parents=True)
    (package / "page.py").write_text("one")
    (package / "__pycache__" / "page.pyc").write_text("compiled")
    (tmp_path / "rxconfig.py").write_text("config")
    return tmp_path


def of(project: Path) -> str:
    return sources_hash(project, ["package", "rxconfig.py", "reflex.lock"])


def test_touched_file_is_no_new_state(project: Path) -> None:
    before = of(project)
    (project / "package" / "page.py").touch()
    (project / "package" / "__pycache__" / "page.pyc").write_text("compiled again")
    assert of(project) == before


@pytest.mark.parametrize("path", ["package/page.py", "rxconfig.py", "package/new.py"])
def test_any_changed_or_new_source_is_a_new_state(project: Path, path: str) -> None:
    before = of(project)
    (project / path).write_text("two")
    assert of(project) != before


def test_moved_text_is_a_new_state(project: Path) -> None:
    before = of(project)
    (project / "package" / "page.py").rename(project / "package" / "other.py")
    assert of(project) != before


def test_build_lies_where_rxconfig_puts_it() -> None:
    seller = find_app("seller")
    assert web_dir(seller, {}) == Path(".web/seller")
    assert web_dir(seller, {"REFLEX_WEB_WORKDIR": "/tmp/web"}) == Path("/tmp/web")  # noqa: S108


def _build(web: Path, name: str, *, is_finished: bool) -> Path:
    packages = web / name / "node_modules"
    (packages / ".bin").mkdir(parents=True)
    (packages / "vite.js").write_text(name)
    (packages / ".bin" / "vite").symlink_to("../vite.js")
    if is_finished:
        (web / name / "cube-build").touch()
    return packages


def test_packages_come_from_a_finished_build_and_go_their_own_way(tmp_path: Path) -> None:
    _build(tmp_path, "admin", is_finished=False)
    lent = _build(tmp_path, "seller", is_finished=True)
    (tmp_path / "partner" / "node_modules.new").mkdir(parents=True)  # a linking that was killed
    borrow_packages(tmp_path / "partner")
    taken = tmp_path / "partner" / "node_modules"
    assert (taken / ".bin" / "vite").read_text() == "seller"
    assert (taken / "vite.js").samefile(lent / "vite.js")
    (taken / "vite.js").unlink()  # as npm replaces a file
    (taken / "vite.js").write_text("newer")
    assert (lent / "vite.js").read_text() == "seller"


def test_packages_that_are_there_stay(tmp_path: Path) -> None:
    _build(tmp_path, "seller", is_finished=True)
    own = _build(tmp_path, "partner", is_finished=False)
    borrow_packages(tmp_path / "partner")
    assert (own / "vite.js").read_text() == "partner"


def test_without_a_finished_build_npm_brings_all(tmp_path: Path) -> None:
    _build(tmp_path, "admin", is_finished=False)
    borrow_packages(tmp_path / "partner")
    assert not (tmp_path / "partner" / "node_modules").exists()


def test_served_app_is_granian_alone() -> None:
    program = serve_program(find_app("seller"), {"A": "1"}, host="0.0.0.0", port=4000)  # noqa: S104
    assert program.command[1:3] == ["-m", "granian"]
    assert program.environment["A"] == "1"
    assert program.environment["__REFLEX_SKIP_COMPILE"] == "true"
    assert program.environment["CUBE_APP"] == "seller"


@pytest.mark.parametrize(
    ("after", "is_known"),
    [
        ('{"dependencies": {"b": "2", "a": "1"}}', True),
        ('{"dependencies": {"a": "1"}}', True),  # another app does without «b»
        ('{"dependencies": {"a": "1", "b": "3"}}', False),
        ('{"dependencies": {"a": "1", "b": "2", "c": "1"}}', False),
    ],
)
def test_the_lock_of_all_apps_is_kept_while_it_holds_what_a_build_needs(
    after: str, is_known: bool
) -> None:
    assert names_no_more(after, '{"dependencies": {"a": "1", "b": "2"}}') is is_known
    assert not names_no_more(after, "")
