"""What a seller sees of a store's price list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.feed import queries, rules
from cube_demper.domain.feed.publishing import facts_of
from cube_demper.domain.feed.schemas import Facts, FeedBrief, FeedView, PullRow
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.feed import CatalogSource, PullOutcome
from cube_demper.models.stores import Channel

_PULLS = 10


async def feed_view(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> FeedView:
    """Return a store's price list. Raises StoreNotFound."""
    found = await queries.find_store(tx, actor, store_id)
    if found is None:
        raise StoreNotFound
    store, feed = found
    on_sale = await queries.count_on_sale(tx, store_id)
    fed = await stores.fed_store(tx, SYSTEM, store_id, now)
    refusal = rules.refusal_of(facts_of(fed, feed, on_sale), now) if feed else None
    return FeedView(
        store_id=store_id,
        store_name=store.name,
        merchant_id=store.merchant_id,
        channel=Channel(store.channel),
        has_session=store.guid is not None,
        source=CatalogSource(feed.source) if feed else None,
        rotated_at=feed.rotated_at if feed else None,
        published_at=feed.published_at if feed else None,
        changed_at=feed.changed_at if feed else None,
        published_count=feed.published_count if feed else 0,
        on_sale=on_sale,
        without_card=await queries.count_without_card(tx, store_id),
        waiting=await queries.count_waiting(tx, store_id),
        synced_at=store.synced_at,
        refusal=refusal,
        problems=tuple(feed.problems) if feed else (),
        problem_count=feed.problem_count if feed else 0,
        pulls=tuple(
            PullRow(
                at=it.at,
                outcome=PullOutcome(it.outcome),
                offers=it.offers,
                changes=it.changes,
                note=it.note or "",
                user_agent=it.user_agent,
            )
            for it in await queries.list_pulls(tx, store_id, _PULLS)
        ),
    )


async def feed_briefs(tx: ReadTx, actor: Actor, now: datetime) -> dict[UUID, FeedBrief]:
    """Return the price lists of the actor's stores in brief; a store without an address has none."""
    return {row.store.id: _brief(row, now) for row in await queries.list_feeds(tx, actor.owner_id)}


def _brief(row: queries.FeedCounts, now: datetime) -> FeedBrief:
    store, feed = row.store, row.feed
    is_used = store.channel == Channel.FEED
    facts = Facts(
        is_owner_blocked=False,  # whoever is shut out reads no page
        is_active=store.is_active,
        is_feed=is_used,
        points=sum(bool(point["enabled"]) for point in store.points),
        is_from_cabinet=feed.source == CatalogSource.CABINET,
        synced_at=store.synced_at,
        offers=row.on_sale,
        published=feed.published_count,
    )
    return FeedBrief(
        source=CatalogSource(feed.source),
        is_used=is_used,
        published_at=feed.published_at,
        offers=feed.published_count,
        waiting=row.waiting,
        refusal=rules.refusal_of(facts, now) if is_used else None,
    )


async def accept_short(tx: WriteTx, actor: Actor, store_id: UUID, expected: int) -> None:
    """Give a file of `expected` goods although the last one held many more: the seller means it.

    Raises StoreNotFound; InvalidInput when there are fewer goods still than the seller was shown.
    """
    if await queries.find_store(tx, actor, store_id, lock=True) is None:
        raise StoreNotFound
    on_sale = await queries.count_on_sale(tx, store_id)
    if on_sale < expected:
        raise InvalidInput("Товаров стало ещё меньше. Обновите страницу и проверьте число.")
    await queries.change_feed(tx, store_id, published_count=on_sale, refusal=None, refused_at=None)
    tx.emit(f"user:{actor.owner_id}", "store", store_id)
