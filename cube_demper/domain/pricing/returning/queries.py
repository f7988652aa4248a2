"""All SQL of returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.schemas import Reason
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore

_LEFT = (
    PriceStatus.QUEUED,
    PriceStatus.SENDING,
    PriceStatus.SENT,
    PriceStatus.CONFIRMED,
    PriceStatus.UNKNOWN,
    PriceStatus.SUPERSEDED,
)
Places = dict[UUID, dict[str, int | None]]


async def prices_before(
    tx: ReadTx,
    owner_id: UUID,
    since: datetime,
    *,
    store_id: UUID | None,
    product_ids: Sequence[UUID] | None,
) -> Places:
    """Return what stood before the bot's first change since then, by product and city.

    A superseded row counts where it had left: a newer price took its place on the way. A queued one
    that has left waits for its second try.
    """
    rows = (
        select(col(PriceHistory.product_id), col(PriceHistory.city_id), col(PriceHistory.old_price))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(PriceHistory.sent_at) > since,
            col(PriceHistory.status).in_(_LEFT),
            col(PriceHistory.change_reason) != Reason.RETURNED_BY_SELLER,
        )
        .distinct(col(PriceHistory.product_id), col(PriceHistory.city_id))
        .order_by(
            col(PriceHistory.product_id), col(PriceHistory.city_id), col(PriceHistory.sent_at)
        )
    )
    if store_id is not None:
        rows = rows.where(col(PriceHistory.store_id) == store_id)
    if product_ids is not None:
        rows = rows.where(col(PriceHistory.product_id).in_(product_ids))
    found: Places = {}
    for product_id, city_id, price in (await tx.execute(rows)).tuples():
        found.setdefault(product_id, {})[city_id] = price
    return found


async def look_now(tx: WriteTx, product_ids: Sequence[UUID], now: datetime) -> None:
    """Void the checks under way, which know nothing of the return, and have the goods looked at."""
    await tx.execute(
        update(Product)
        .where(col(Product.id).in_(product_ids))
        .values(claimed_until=None, claimed_by=None, next_check_at=now)
    )


async def running_stores(tx: ReadTx, user_id: UUID) -> Sequence[UUID]:
    """Return the stores whose bot was really sending: switched on, in mode `auto`."""
    rows = await tx.scalars(
        select(col(KaspiStore.id))
        .join(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(
            col(KaspiStore.user_id) == user_id,
            col(KaspiStore.is_active),
            col(KaspiStore.needs_reauth).is_(False),
            col(DempingSettings.is_enabled),
            col(DempingSettings.mode) == BotMode.AUTO,
        )
        .order_by(col(KaspiStore.id))
    )
    return rows.all()


async def goods_of_store(tx: ReadTx, store_id: UUID) -> Sequence[UUID]:
    """Return a store's goods with the bot on."""
    rows = await tx.scalars(
        select(col(Product.id)).where(col(Product.store_id) == store_id, col(Product.bot_active))
    )
    return rows.all()


async def goods_of_user(tx: ReadTx, user_id: UUID) -> Sequence[UUID]:
    """Return all goods of a seller with the bot on."""
    rows = await tx.scalars(
        select(col(Product.id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == user_id, col(Product.bot_active))
    )
    return rows.all()


async def waiting_landings(tx: ReadTx, user_id: UUID) -> Sequence[UUID]:
    """Return the goods whose landing has not left yet."""
    rows = await tx.scalars(
        select(col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            col(KaspiStore.user_id) == user_id,
            col(PriceHistory.status) == PriceStatus.QUEUED,
            col(PriceHistory.change_reason) == Reason.PLAN_ENDED,
        )
    )
    return rows.all()
