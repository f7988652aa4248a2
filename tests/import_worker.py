"""A worker that does imports of one seller and tells their pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from records import seller
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper import bootstrap
from cube_demper.db.session import Database
from cube_demper.domain.catalog.importing import work
from cube_demper.models.accounts import User
from cube_demper.models.imports import GoodsImport
from workers.imports import KINDS


@contextlib.asynccontextmanager
async def import_worker(db: Database, redis_url: str, user: User) -> AsyncIterator[None]:
    """Do what the outbox worker does, and tell the page."""
    redis = Redis.from_url(redis_url)

    async def work_on() -> None:
        while True:
            async with db.read() as tx:
                mine = select(col(GoodsImport.id)).where(col(GoodsImport.user_id) == user.id)
                ids = list(await tx.scalars(mine))
            for import_id in ids:
                await work.run(db, seller(user), import_id, KINDS, datetime.now(UTC))
            event = f'["user:{user.id}","import",""]'.encode()
            await redis.publish(bootstrap.EVENTS_CHANNEL, event)
            await asyncio.sleep(0.3)

    task = asyncio.create_task(work_on())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await redis.aclose()
