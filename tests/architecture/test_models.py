"""A process imports only the tables it uses, so an area brings those that its foreign keys name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "cube_demper" / "models"
AREAS = sorted(path.stem for path in FOLDER.glob("[a-z]*.py") if path.stem != "registry")
TEXTS = {area: (FOLDER / f"{area}.py").read_text() for area in AREAS}
HOMES = {
    table: area
    for area, text in TEXTS.items()
    for table in re.findall(r'__tablename__ = "(\w+)"', text)
}


def _brought(area: str) -> set[str]:
    """Return the areas that come with this one, itself included."""
    found, wanted = set[str](), {area}
    while wanted:
        found |= wanted
        wanted = {it for one in wanted for it in _imports(TEXTS[one])} - found
    return found


def _imports(text: str) -> Iterator[str]:
    yield from re.findall(r"^from cube_demper\.models\.(\w+) import", text, re.MULTILINE)
    for names in re.findall(r"^from cube_demper\.models import ([\w, ]+)", text, re.MULTILINE):
        yield from (name.strip() for name in names.split(","))


def test_tables_are_found() -> None:
    assert len(HOMES) > 50
    assert HOMES["orders"] == "orders"


@pytest.mark.parametrize("area", AREAS)
def test_an_area_brings_the_tables_of_its_keys(area: str) -> None:
    keys = set(re.findall(r'foreign_key="(\w+)\.', TEXTS[area]))
    assert {HOMES[table] for table in keys} <= _brought(area)
