"""The scene of a talk with support."""

from __future__ import annotations

import pytest
from talk_scene import Talk, make_talk

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database


@pytest.fixture
async def talk(db: Database, secrets: SecretBox) -> Talk:
    return await make_talk(db, secrets)


@pytest.fixture
def secrets() -> SecretBox:
    return SecretBox(["test-key-of-support-talks-0001"])
