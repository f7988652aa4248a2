from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from ai_stage import START, AiStage, open_stage

from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.sandbox.server import Sandbox


@pytest.fixture
async def stage(db: Database) -> AsyncIterator[AiStage]:
    """The sandbox's Gemini, our client of it, a seller on PRO."""
    async with Sandbox.start(seed=1, clock=FixedClock(START)) as sandbox:
        opened = await open_stage(db, sandbox)
        yield opened
        await opened.model.aclose()
