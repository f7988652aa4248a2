"""One partner with one link."""

from __future__ import annotations

import pytest
from partner_scene import Programme, add_partner

from cube_demper.db.session import Database


@pytest.fixture
async def programme(db: Database) -> Programme:
    return await add_partner(db)
