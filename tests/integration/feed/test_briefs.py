"""Price lists in brief, for the cards of stores: one's own, as they stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from feed_scene import points_of
from records import NOON, add_decision, add_product, add_store, add_user, seller

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.schemas import FeedBrief
from cube_demper.models.accounts import User
from cube_demper.models.feed import CatalogSource, StoreFeed
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel, KaspiStore


async def _fed(tx: WriteTx, user: User, **columns: Any) -> KaspiStore:
    given = {"channel": Channel.FEED, "guid": None, "synced_at": NOON, "points": points_of("1")}
    store = await add_store(tx, user, **(given | columns))
    tx.add(
        StoreFeed(
            store_id=store.id,
            token_hash=store.id.bytes,
            token="x",
            rotated_at=NOON,
            source=CatalogSource.LIST,
            published_at=NOON - timedelta(hours=1),
            published_count=3,
        )
    )
    await tx.flush()
    return store


async def test_each_store_tells_how_its_file_is_doing(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        well, empty = await _fed(tx, user), await _fed(tx, user)
        kept = await _fed(tx, user, channel=Channel.CABINET)
        plain = await add_store(tx, user)
        await _fed(tx, await add_user(tx))
        goods = [await add_product(tx, well) for _ in range(3)]
        await add_product(tx, well, is_on_sale=False)
        for good in goods[:2]:
            await add_decision(tx, good, PriceStatus.QUEUED)
    async with db.read() as tx:
        found = await feed.feed_briefs(tx, seller(user), NOON)
    assert set(found) == {well.id, empty.id, kept.id}
    assert plain.id not in found
    assert found[well.id] == FeedBrief(
        source=CatalogSource.LIST,
        is_used=True,
        published_at=NOON - timedelta(hours=1),
        offers=3,
        waiting=2,
        refusal=None,
    )
    refusal = found[empty.id].refusal
    assert refusal is not None
    assert refusal.code == "empty"
    assert (found[kept.id].is_used, found[kept.id].refusal) == (False, None)
