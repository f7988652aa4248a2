"""SQL of price lists: addresses, requests, goods in the order of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed.offers import FileRow
from cube_demper.domain.feed.schemas import SoughtGoods
from cube_demper.models.catalog import Product
from cube_demper.models.feed import FeedPull, StoreFeed
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, KaspiStore

_PULLS_KEPT = 200
PROBLEMS_KEPT = 200


async def find_by_hash(tx: ReadTx, token_hash: bytes) -> StoreFeed | None:
    """Return the file whose address has this hash."""
    found: StoreFeed | None = await tx.scalar(
        select(StoreFeed).where(col(StoreFeed.token_hash) == token_hash)
    )
    return found


async def find_store(
    tx: ReadTx, actor: Actor, store_id: UUID, *, lock: bool = False
) -> tuple[KaspiStore, StoreFeed | None] | None:
    """Return a store that the actor may change, with its file; `lock`: until the transaction ends."""
    query = (
        select(KaspiStore, StoreFeed)
        .outerjoin(StoreFeed, col(StoreFeed.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.id) == store_id)
        .execution_options(populate_existing=True)
    )
    if actor.role is not Role.SYSTEM:
        query = query.where(col(KaspiStore.user_id) == actor.owner_id)
    if lock:
        query = query.with_for_update(of=KaspiStore)
    row = (await tx.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def save_address(tx: WriteTx, values: dict[str, Any]) -> None:
    """Give a store its address, in place of the one it has."""
    statement = insert(StoreFeed).values(values)
    fresh = {name: values[name] for name in ("token_hash", "token", "rotated_at")}
    await tx.execute(statement.on_conflict_do_update(index_elements=["store_id"], set_=fresh))


async def change_feed(tx: WriteTx, store_id: UUID, **values: object) -> None:
    """Change a store's file."""
    await tx.execute(update(StoreFeed).where(col(StoreFeed.store_id) == store_id).values(**values))


async def count_on_sale(tx: ReadTx, store_id: UUID) -> int:
    """Count the goods that the file would hold."""
    count = await tx.scalar(
        select(func.count()).where(col(Product.store_id) == store_id, col(Product.is_on_sale))
    )
    return count or 0


async def count_without_card(tx: ReadTx, store_id: UUID) -> int:
    """Count the goods on sale whose card nobody knows: the bot cannot look at them."""
    count = await tx.scalar(
        select(func.count()).where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.external_kaspi_id).is_(None),
        )
    )
    return count or 0


async def count_waiting(tx: ReadTx, store_id: UUID) -> int:
    """Count the products whose changed price waits for the next file."""
    count = await tx.scalar(
        select(func.count(func.distinct(col(PriceHistory.product_id)))).where(
            col(PriceHistory.store_id) == store_id, col(PriceHistory.status) == PriceStatus.QUEUED
        )
    )
    return count or 0


@dataclass(frozen=True, slots=True)
class FeedCounts:
    """A store with its file, its goods on sale, and its changed prices that wait for the next file."""

    store: KaspiStore
    feed: StoreFeed
    on_sale: int
    waiting: int


async def list_feeds(tx: ReadTx, owner_id: UUID) -> list[FeedCounts]:
    """Return the files of a seller's stores."""
    of_store = col(KaspiStore.id)
    on_sale = select(func.count()).where(col(Product.store_id) == of_store, col(Product.is_on_sale))
    waiting = select(func.count(func.distinct(col(PriceHistory.product_id)))).where(
        col(PriceHistory.store_id) == of_store, col(PriceHistory.status) == PriceStatus.QUEUED
    )
    rows = await tx.execute(
        select(
            KaspiStore,
            StoreFeed,
            on_sale.correlate(KaspiStore).scalar_subquery(),
            waiting.correlate(KaspiStore).scalar_subquery(),
        )
        .join(StoreFeed, col(StoreFeed.store_id) == of_store)
        .where(col(KaspiStore.user_id) == owner_id)
        .execution_options(populate_existing=True)
    )
    return [FeedCounts(*row) for row in rows.tuples()]


async def goods_after(tx: ReadTx, store_id: UUID, sku: str, limit: int) -> Sequence[FileRow]:
    """Return the next goods on sale by SKU: the order of the file."""
    rows = await tx.execute(
        select(
            col(Product.id),
            col(Product.kaspi_sku),
            col(Product.name),
            col(Product.model),
            col(Product.brand),
            col(Product.availabilities),
            col(Product.price),
            col(Product.bot_active),
        )
        .where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.kaspi_sku) > sku,
        )
        .order_by(col(Product.kaspi_sku))
        .limit(limit)
    )
    return [FileRow(*row) for row in rows.tuples()]


async def add_pull(tx: WriteTx, pull: FeedPull) -> None:
    """Note a request; of each store the latest are kept."""
    tx.add(pull)
    await tx.flush()
    last = (
        select(col(FeedPull.at))
        .where(col(FeedPull.store_id) == pull.store_id)
        .order_by(col(FeedPull.at).desc())
        .offset(_PULLS_KEPT)
        .limit(1)
        .scalar_subquery()
    )
    await tx.execute(
        delete(FeedPull).where(col(FeedPull.store_id) == pull.store_id, col(FeedPull.at) <= last)
    )


async def list_pulls(tx: ReadTx, store_id: UUID, limit: int) -> Sequence[FeedPull]:
    """Return the latest requests, newest first."""
    rows = await tx.scalars(
        select(FeedPull)
        .where(col(FeedPull.store_id) == store_id)
        .order_by(col(FeedPull.at).desc(), col(FeedPull.id))
        .limit(limit)
    )
    return rows.all()


async def list_unpulled(
    tx: ReadTx, before: datetime
) -> Sequence[tuple[UUID, UUID, str, datetime | None]]:
    """Return (store, owner, name, last taken) of stores whose queued prices no file has carried since."""
    rows = await tx.execute(
        select(
            col(KaspiStore.id),
            col(KaspiStore.user_id),
            col(KaspiStore.name),
            col(StoreFeed.published_at),
        )
        .join(StoreFeed, col(StoreFeed.store_id) == col(KaspiStore.id))
        .where(
            col(KaspiStore.channel) == Channel.FEED,
            col(KaspiStore.is_active),
            func.coalesce(col(StoreFeed.published_at), col(StoreFeed.rotated_at)) < before,
            select(col(PriceHistory.id))
            .where(
                col(PriceHistory.store_id) == col(KaspiStore.id),
                col(PriceHistory.status) == PriceStatus.QUEUED,
                col(PriceHistory.queued_at) < before,
            )
            .exists(),
        )
    )
    return [(it[0], it[1], it[2], it[3]) for it in rows]


async def list_without_card(tx: ReadTx, store_id: UUID, limit: int) -> Sequence[Product]:
    """Return the first goods on sale whose card nobody knows."""
    rows = await tx.scalars(
        select(Product)
        .where(
            col(Product.store_id) == store_id,
            col(Product.is_on_sale),
            col(Product.external_kaspi_id).is_(None),
        )
        .order_by(col(Product.name), col(Product.id))
        .limit(limit)
    )
    return rows.all()


async def list_to_seek(tx: ReadTx, store_id: UUID, after: UUID, limit: int) -> list[SoughtGoods]:
    """Return the next goods without a card, by id, while the store sends by price list."""
    rows = await tx.execute(
        select(
            col(Product.id),
            col(Product.kaspi_sku),
            col(Product.name),
            col(KaspiStore.merchant_id),
            col(KaspiStore.home_city_id),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(
            col(Product.store_id) == store_id,
            col(KaspiStore.channel) == Channel.FEED,
            col(Product.is_on_sale),
            col(Product.external_kaspi_id).is_(None),
            col(Product.id) > after,
        )
        .order_by(col(Product.id))
        .limit(limit)
    )
    return [SoughtGoods(*row) for row in rows.tuples()]


async def set_card(
    tx: WriteTx, owner_id: UUID | None, product_id: UUID, card: str, now: datetime
) -> UUID | None:
    """Write the card of a product that has none; return its store, None when there is none.

    `owner_id`: only of this seller's goods; None: anybody's.
    """
    own = select(col(KaspiStore.id))
    if owner_id is not None:
        own = own.where(col(KaspiStore.user_id) == owner_id)
    found: UUID | None = await tx.scalar(
        update(Product)
        .where(
            col(Product.id) == product_id,
            col(Product.store_id).in_(own),
            col(Product.external_kaspi_id).is_(None),
        )
        .values(external_kaspi_id=card, next_check_at=now)
        .returning(col(Product.store_id))
    )
    return found
