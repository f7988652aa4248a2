"""SQL of a store's economics. `_own` is the seller's only door to stores and goods here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models.catalog import Product
from cube_demper.models.economics import StoreEconomics
from cube_demper.models.orders import Order, OrderItem, OrderStatus
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore

_NOT_SOLD = (OrderStatus.CANCELLED, OrderStatus.RETURNED)

SHOWN: Any = (
    Product.id,
    Product.name,
    Product.kaspi_sku,
    Product.store_id,
    KaspiStore.name,
    Product.image_url,
    Product.price,
    Product.cost_price,
    Product.min_price,
    Product.bot_active,
    Product.category,
    Product.tariff_category,
    Product.weight_g,
)


def _own(actor: Actor) -> ColumnElement[bool]:
    return col(KaspiStore.user_id) == actor.owner_id


async def list_stores(tx: ReadTx, actor: Actor) -> list[tuple[UUID, str, int | None]]:
    """Return the actor's stores by name: id, name, the least profit that the bot is told."""
    columns: Any = (KaspiStore.id, KaspiStore.name, DempingSettings.min_profit)
    rows = await tx.execute(
        select(*columns)
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(_own(actor))
        .order_by(func.lower(col(KaspiStore.name)), col(KaspiStore.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def sellers_with_terms(tx: ReadTx) -> list[UUID]:
    """Return every seller who has told the conditions of a store: for the product's own work."""
    owners = (
        select(col(KaspiStore.user_id))
        .join(StoreEconomics, col(StoreEconomics.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.is_active))
        .distinct()
    )
    return list((await tx.scalars(owners)).all())


async def list_goods(
    tx: ReadTx, actor: Actor, store_id: UUID | None, search: str
) -> Sequence[Sequence[Any]]:
    """Return the actor's goods (`SHOWN`) under a search: all of them, a margin is no column."""
    statement = (
        select(*SHOWN)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(_own(actor))
    )
    if store_id is not None:
        statement = statement.where(col(Product.store_id) == store_id)
    for word in search.split()[:8]:
        fields = (col(Product.name), col(Product.kaspi_sku))
        statement = statement.where(or_(*(it.icontains(word, autoescape=True) for it in fields)))
    return [tuple(row) for row in await tx.execute(statement)]


async def find_product(
    tx: ReadTx, actor: Actor, product_id: UUID, *, lock: bool = False
) -> Product | None:
    """Return a product of the actor."""
    statement = (
        select(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(_own(actor), col(Product.id) == product_id)
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Product)
    found: Product | None = await tx.scalar(statement)
    return found


async def kinds_of(
    tx: ReadTx, store_id: UUID
) -> list[tuple[str | None, tuple[str, ...] | None, int | None, int]]:
    """Return what tells goods of a store apart: category, chosen one, weight; and how many there are."""
    columns: Any = (Product.category, Product.tariff_category, Product.weight_g)
    rows = await tx.execute(
        select(*columns, func.count())
        .where(col(Product.store_id) == store_id)
        .group_by(*columns)
        .order_by(func.count().desc())
    )
    return [(row[0], tuple(row[1]) if row[1] else None, row[2], row[3]) for row in rows]


async def save_terms(tx: WriteTx, store_id: UUID, columns: dict[str, Any]) -> None:
    """Write a store's conditions."""
    statement = insert(StoreEconomics).values(store_id=store_id, **columns)
    await tx.execute(statement.on_conflict_do_update(index_elements=["store_id"], set_=columns))


async def bot_ids(tx: ReadTx, store_id: UUID) -> list[UUID]:
    """Return the goods of a store whose bot is on."""
    found = await tx.scalars(
        select(col(Product.id)).where(col(Product.store_id) == store_id, col(Product.bot_active))
    )
    return list(found.all())


async def list_entries(
    tx: ReadTx,
    actor: Actor,
    store_id: UUID | None,
    since: datetime,
    limit: int,
    *,
    order_id: UUID | None = None,
) -> Sequence[Sequence[Any]]:
    """Return entries of orders that stayed sold, newest first, with what is known of their products."""
    columns: Any = (
        Order.id,
        Order.ordered_at,
        OrderItem.total_price,
        OrderItem.quantity,
        Order.store_id,
        Product.cost_price,
        Product.category,
        Product.tariff_category,
        Product.weight_g,
        Product.base_price,
        Product.bot_enabled_at,
        Product.id,
    )
    statement = (
        select(*columns)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .join(OrderItem, col(OrderItem.order_id) == col(Order.id))
        .outerjoin(Product, col(Product.id) == col(OrderItem.product_id))
        .where(
            _own(actor),
            col(Order.ordered_at) >= since,
            col(Order.status).not_in(_NOT_SOLD),
            col(OrderItem.quantity) > 0,
        )
        .order_by(col(Order.ordered_at).desc(), col(OrderItem.id))
        .limit(limit)
    )
    if store_id is not None:
        statement = statement.where(col(Order.store_id) == store_id)
    if order_id is not None:
        statement = statement.where(col(Order.id) == order_id)
    return [tuple(row) for row in await tx.execute(statement)]


async def count_orders(tx: ReadTx, actor: Actor, store_id: UUID | None) -> int:
    """Count all orders that were ever read."""
    statement = (
        select(func.count())
        .select_from(Order)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(_own(actor))
    )
    if store_id is not None:
        statement = statement.where(col(Order.store_id) == store_id)
    return int(await tx.scalar(statement) or 0)


async def bot_prices(
    tx: ReadTx, actor: Actor, store_id: UUID | None, since: datetime
) -> tuple[int, int, int, int, int]:
    """Return goods of the bot dearer and cheaper than before it, the sum of that a piece, rises, falls."""
    difference = col(Product.price) - col(Product.base_price)
    goods = (
        select(
            func.count().filter(difference > 0),
            func.count().filter(difference < 0),
            func.coalesce(func.sum(difference), 0),
        )
        .select_from(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(_own(actor), col(Product.bot_active))
    )
    change = col(PriceHistory.new_price) - col(PriceHistory.old_price)
    moves = (
        select(func.count().filter(change > 0), func.count().filter(change < 0))
        .select_from(PriceHistory)
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .where(
            _own(actor),
            col(PriceHistory.status) == PriceStatus.CONFIRMED,
            col(PriceHistory.created_at) >= since,
        )
    )
    if store_id is not None:
        goods = goods.where(col(Product.store_id) == store_id)
        moves = moves.where(col(PriceHistory.store_id) == store_id)
    dearer, cheaper, total = (await tx.execute(goods)).one()
    rises, falls = (await tx.execute(moves)).one()
    return dearer, cheaper, int(total or 0), rises, falls
