"""Data folders with ports of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_owners import Place


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every account may enter; pytest's own are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="cube-embedded-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place(open_folder: Path) -> Iterator[Place]:
    """A data folder that the servers' account can reach."""
    made = Place(open_folder / "data", open_folder / "system")
    yield made
    made.clean()
