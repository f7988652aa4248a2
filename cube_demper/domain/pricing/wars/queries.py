"""All SQL of price wars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.pricing.wars.schemas import WarSum
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.rivalry import PriceWar
from cube_demper.models.stores import DempingSettings, KaspiStore

WarRow = tuple[PriceWar, str]
_MOST_ROWS = 60
_QUEUED_AT_MOST = timedelta(hours=1)
"""A decision older than this when it was sent would have been superseded by newer looks."""
_SHOWN_AT_MOST = 10


async def add(tx: WriteTx, values: dict[str, Any]) -> bool:
    """Write a war down; False when that very war is there already."""
    added = await tx.scalar(
        insert(PriceWar)
        .values(id=new_id(), **values)
        .on_conflict_do_nothing(index_elements=["product_id", "city_id", "called_at"])
        .returning(col(PriceWar.id))
    )
    return added is not None


async def decisions_of(
    tx: ReadTx, product_id: UUID, city_id: str, began_at: datetime
) -> Sequence[PriceHistory]:
    """Return the decisions of a war that begins, oldest first."""
    rows = await tx.scalars(
        select(PriceHistory)
        .where(
            col(PriceHistory.product_id) == product_id,
            col(PriceHistory.city_id) == city_id,
            col(PriceHistory.created_at) >= began_at - _QUEUED_AT_MOST,
            or_(col(PriceHistory.sent_at) >= began_at, col(PriceHistory.created_at) >= began_at),
        )
        .order_by(col(PriceHistory.created_at).desc())
        .limit(_MOST_ROWS)
    )
    return list(reversed(rows.all()))


async def lock_open(
    tx: WriteTx, keys: Sequence[tuple[UUID, str]], now: datetime
) -> dict[tuple[UUID, str], PriceWar]:
    """Lock the wars of these products and cities that still go on at `now`."""
    rows = await tx.scalars(
        select(PriceWar)
        .where(
            tuple_(col(PriceWar.product_id), col(PriceWar.city_id)).in_(keys),
            col(PriceWar.ends_at) > now,
        )
        .order_by(col(PriceWar.product_id), col(PriceWar.called_at))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(row.product_id, row.city_id): row for row in rows}


async def count_since(
    tx: ReadTx, store_id: UUID, product_id: UUID, since: datetime
) -> tuple[int, int]:
    """Return how many goods of a store were at war since then, and how often this one was."""
    row = await tx.execute(
        select(
            func.count(func.distinct(col(PriceWar.product_id))),
            func.count().filter(col(PriceWar.product_id) == product_id),
        ).where(col(PriceWar.store_id) == store_id, col(PriceWar.called_at) >= since)
    )
    goods, own = row.one()
    return goods, own


async def count_held(tx: ReadTx, store_id: UUID, reason: str) -> int:
    """Count the goods of a store whose bot stands for this reason now."""
    found = await tx.scalar(
        select(func.count())
        .select_from(Product)
        .where(
            col(Product.store_id) == store_id,
            col(Product.bot_active),
            col(Product.last_reason) == reason,
        )
    )
    return found or 0


async def count_decided(tx: ReadTx, product_id: UUID, reason: str, since: datetime) -> int:
    """Count the decisions of a product since then that held its price for this reason."""
    found = await tx.scalar(
        select(func.count())
        .select_from(PriceHistory)
        .where(
            col(PriceHistory.product_id) == product_id,
            col(PriceHistory.created_at) >= since,
            col(PriceHistory.change_reason) == reason,
            col(PriceHistory.status) == PriceStatus.HELD,
        )
    )
    return found or 0


async def list_of_owner(
    tx: ReadTx, owner_id: UUID, product_id: UUID, since: datetime
) -> list[WarRow]:
    """Return the wars of a seller's product that ended after `since`, newest first."""
    query = (
        select(PriceWar, col(Product.name))
        .join(Product, col(Product.id) == col(PriceWar.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceWar.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(PriceWar.product_id) == product_id,
            col(PriceWar.ends_at) > since,
        )
        .order_by(col(PriceWar.called_at).desc())
        .limit(_SHOWN_AT_MOST)
    )
    return [row.tuple() for row in (await tx.execute(query)).all()]


async def sums_of_owner(
    tx: ReadTx, owner_id: UUID, since: datetime, store_id: UUID | None
) -> list[WarSum]:
    """Return what is added up of a seller's wars that ended after `since`, of all stores or one."""
    query = (
        select(
            col(PriceWar.product_id),
            col(PriceWar.began_at),
            col(PriceWar.ends_at),
            col(PriceWar.cost),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(PriceWar.store_id))
        .where(col(KaspiStore.user_id) == owner_id, col(PriceWar.ends_at) > since)
    )
    if store_id is not None:
        query = query.where(col(PriceWar.store_id) == store_id)
    return [WarSum(*row) for row in (await tx.execute(query)).tuples()]


async def find_of_owner(tx: ReadTx, owner_id: UUID, war_id: UUID) -> WarRow | None:
    """Return one war of a seller."""
    found = await tx.execute(
        select(PriceWar, col(Product.name))
        .join(Product, col(Product.id) == col(PriceWar.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceWar.store_id))
        .where(col(PriceWar.id) == war_id, col(KaspiStore.user_id) == owner_id)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    return row.tuple() if row else None


async def get_step(tx: ReadTx, product_id: UUID) -> int:
    """Return the step of a product: its own, else its store's."""
    step = func.coalesce(
        col(Product.price_step_override), col(DempingSettings.price_step), TIYN_IN_TENGE
    )
    found = await tx.scalar(
        select(step)
        .select_from(Product)
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(Product.store_id))
        .where(col(Product.id) == product_id)
    )
    return int(found or TIYN_IN_TENGE)
