"""kill -9 of the worker in the middle of a file of goods: none of it or all of it, and undo afterwards."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime, timedelta

import pytest
from records import add_products, add_store, add_user, seller
from sqlalchemy import func, select
from sqlmodel import col
from worker_process import Forked, Nursery

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import service
from cube_demper.models.catalog import Product
from cube_demper.models.imports import GoodsImport, GoodsImportStatus
from cube_demper.models.operations import OutboxMessage

pytestmark = pytest.mark.slow
GOODS = 3_000
"""Three batches of a thousand, each of which says how far the change is."""
OLD, NEW = 900_000, 850_000


async def _status(db: Database) -> tuple[str, int]:
    async with db.read() as tx:
        row = (await tx.scalars(select(GoodsImport))).one()
        return row.status, row.done


async def _at(db: Database, min_price: int) -> int:
    query = select(func.count()).where(col(Product.min_price) == min_price)
    async with db.read() as tx:
        return await tx.scalar(query) or 0


async def _until(db: Database, status: GoodsImportStatus, child: Forked, *, done: int = 0) -> None:
    while (found := await _status(db))[0] != status or found[1] < done:
        assert child.returncode is None, f"the worker ended with {child.returncode}"
        assert found[0] not in {GoodsImportStatus.REFUSED, GoodsImportStatus.CANCELLED}
        await asyncio.sleep(0.03)


async def _offered(db: Database) -> Actor:
    """Make the goods and send a file with a new min. price for each."""
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        goods = await add_products(tx, store, GOODS, min_price=OLD)
    lines = "".join(f"{it.kaspi_sku};{NEW // 100}\n" for it in goods)
    actor, content = seller(user), f"Артикул;Мин. цена\n{lines}".encode()
    async with db.write() as tx:
        await service.start_import(tx, actor, "цены.csv", content, datetime.now(UTC))
    return actor


async def _is_soon_taken_again(db: Database) -> bool:
    """Tell whether another may go on within half a minute, and let that pass."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        message = (
            await tx.scalars(select(OutboxMessage).where(col(OutboxMessage.done_at).is_(None)))
        ).one()
        is_soon = message.next_try_at <= now + timedelta(seconds=30)
        message.next_try_at = now
    return is_soon


async def test_a_killed_import_is_not_half_applied_is_done_by_the_next_worker_and_undone(
    db: Database, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    actor = await _offered(db)
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    async with db.read() as tx:
        import_id = (await tx.scalars(select(col(GoodsImport.id)))).one()
    async with nursery.worker("outbox", environment) as child:
        await _until(db, GoodsImportStatus.READY, child)
        async with db.write() as tx:
            await service.apply_import(tx, actor, import_id, datetime.now(UTC))
        await _until(db, GoodsImportStatus.APPLYING, child, done=1_000)
        child.send_signal(signal.SIGKILL)
        await child.wait()
    assert (await _status(db))[0] == GoodsImportStatus.APPLYING
    assert (await _at(db, OLD), await _at(db, NEW)) == (GOODS, 0)

    assert await _is_soon_taken_again(db)
    async with nursery.worker("outbox", environment) as child:
        await _until(db, GoodsImportStatus.APPLIED, child)
        assert await _at(db, NEW) == GOODS
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0

    async with db.write() as tx:
        await service.undo_import(tx, actor, import_id, datetime.now(UTC))
    async with nursery.worker("outbox", environment) as child:
        await _until(db, GoodsImportStatus.UNDONE, child)
    assert await _at(db, OLD) == GOODS
