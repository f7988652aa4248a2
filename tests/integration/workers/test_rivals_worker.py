"""Profiles of rivals are counted by the outbox worker, store after store."""

from __future__ import annotations

from market_histories import US, Scene
from records import add_product, add_store, add_user
from sqlmodel import select

from cube_demper.bootstrap import build_services
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market import service as markets
from cube_demper.models.rivalry import StoreRival
from cube_demper.models.stores import KaspiStore
from workers.outbox import build
from workers.runtime import Options, Process


async def test_the_tick_counts_every_store_that_is_due(
    db: Database, database_url: str, redis_url: str
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        for merchant in (US, "SISTER"):
            store = await add_store(tx, user, merchant_id=merchant)
            await add_product(tx, store, external_kaspi_id="1")
        look = Scene("1", {US: 9300, "SISTER": 9350, "R": 9200}).look()
        await markets.remember_markets(tx, SYSTEM, [look])
    services = build_services(Settings(DATABASE_URL=database_url, REDIS_URL=redis_url), name="test")
    try:
        process = Process("outbox", services, Options(), services.clock.now())
        work = await build(process)
        tick, _ = work.ticks()["rivals"]
        await tick()
    finally:
        await services.close()
    async with db.read() as tx:
        found = (await tx.scalars(select(StoreRival))).all()
        counted = (await tx.scalars(select(KaspiStore.rivals_counted_at))).all()
    assert [rival.merchant_id for rival in found] == ["R", "R"]
    assert all(counted)
