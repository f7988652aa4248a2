from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tiptoppay_stage import Till, open_till


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as opened:
        yield opened
