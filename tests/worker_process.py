"""Workers as processes of their own, as `cube up` starts them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker_stage import Stage

ROOT = Path(__file__).resolve().parents[1]


@asynccontextmanager
async def worker_process(
    name: str, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m workers NAME`; whatever happens, it does not outlive the test."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers", name, cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def stage_environment(stage: Stage) -> dict[str, str]:
    """Return what a worker on a stage's database and sandbox is started with."""
    settings = stage.services.settings
    assert settings.database_url is not None
    assert settings.redis_url is not None
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "CUBE_CLOCK": str(settings.clock),
        "KASPI_SHOP_URL": stage.sandbox.shop_url,
        "KASPI_MERCHANT_URL": stage.sandbox.merchant_url,
        "KASPI_LOGIN_URL": stage.sandbox.login_url,
    }


def demping_worker(stage: Stage) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Run the price bot's worker on a stage's database and sandbox."""
    return worker_process("demping", stage_environment(stage))
