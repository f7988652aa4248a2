from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from messaging_scene import Talk, noon, talk
from salesman_scene import Shop, open_shop

from cube_demper.sandbox.server import Sandbox

__all__ = ["noon", "talk"]


@pytest.fixture
async def shop(talk: Talk) -> AsyncIterator[Shop]:
    """A store with goods whose salesman is on, and the sandbox's Gemini behind him."""
    async with Sandbox.start(seed=1, clock=talk.clock) as sandbox:
        opened = await open_shop(talk, sandbox)
        yield opened
        await opened.model.aclose()
