"""All SQL of rivals' profiles. A store's profiles are reached through `readable_by` alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.market.rivals.page_schemas import RivalQuery
from cube_demper.models.catalog import Product
from cube_demper.models.rivalry import MarketLook, StoreRival
from cube_demper.models.stores import DempingSettings, KaspiStore

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Goods:
    """A product whose card was looked at."""

    product_id: UUID
    name: str
    card: str
    floor: int | None
    seen_at: datetime
    prices: dict[str, int]


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition «a rival of this seller's stores». Raises PermissionDenied."""
    return col(KaspiStore.user_id) == actor.owner_id


async def take_store(
    tx: WriteTx, *, every: timedelta, empty_every: timedelta, now: datetime
) -> KaspiStore | None:
    """Take the store whose profiles are the oldest; one without rivals so far is due sooner."""
    counted = col(KaspiStore.rivals_counted_at)
    has_rivals = exists().where(col(StoreRival.store_id) == col(KaspiStore.id))
    is_due = or_(
        counted.is_(None), counted < now - every, and_(counted < now - empty_every, ~has_rivals)
    )
    due = (
        select(col(KaspiStore.id))
        .where(col(KaspiStore.is_active), is_due)
        .order_by(counted.nulls_first(), col(KaspiStore.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return await tx.scalar(
        update(KaspiStore)
        # Not IN: a plan may run its subquery for each row, and every run takes another store.
        .where(col(KaspiStore.id) == due.scalar_subquery())
        .values(rivals_counted_at=now)
        .returning(KaspiStore)
    )


async def merchants_of(tx: ReadTx, user_id: UUID) -> frozenset[str]:
    """Return the merchant ids of all stores of a seller."""
    rows = await tx.scalars(
        select(col(KaspiStore.merchant_id)).where(col(KaspiStore.user_id) == user_id)
    )
    return frozenset(rows.all())


async def list_goods(
    tx: ReadTx, store: KaspiStore, *, after: UUID | None, limit: int
) -> list[Goods]:
    """Return goods of a store whose card was looked at in the home city, in the order of ids."""
    floor = func.coalesce(col(Product.min_price), col(Product.base_price))
    query = (
        select(
            col(Product.id),
            col(Product.name),
            col(Product.external_kaspi_id),
            floor,
            col(MarketLook.seen_at),
            col(MarketLook.prices),
        )
        .join(
            MarketLook,
            (col(MarketLook.card) == col(Product.external_kaspi_id))
            & (col(MarketLook.city_id) == store.home_city_id),
        )
        .where(col(Product.store_id) == store.id)
        .order_by(col(Product.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(Product.id) > after)
    rows = await tx.execute(query)
    return [Goods(*cast("tuple[Any, ...]", row)) for row in rows]


async def save(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Write profiles; a name that is not known this time stays as it was."""
    for start in range(0, len(rows), _BATCH):
        batch = [{"id": new_id(), **row} for row in rows[start : start + _BATCH]]
        statement = insert(StoreRival).values(batch)
        new = statement.excluded
        values: dict[str, Any] = {name: new[name] for name in rows[0] if name != "name"}
        values["name"] = func.coalesce(func.nullif(new.name, ""), col(StoreRival.name))
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["store_id", "merchant_id"], set_=values)
        )


async def delete_older(tx: WriteTx, store_id: UUID, now: datetime) -> None:
    """Forget rivals that were not met this time."""
    await tx.execute(
        delete(StoreRival).where(
            col(StoreRival.store_id) == store_id, col(StoreRival.counted_at) < now
        )
    )


_SORTS: dict[str, Any] = {
    "name": func.lower(col(StoreRival.name)),
    "goods": col(StoreRival.goods),
    "ahead": col(StoreRival.ahead_percent),
    "share": col(StoreRival.answer_percent),
    "delay": col(StoreRival.delay_seconds),
    "deep": col(StoreRival.deepest_percent),
    "moves": col(StoreRival.moves),
}
SORTS = tuple(_SORTS)

RivalOfStore = tuple[StoreRival, str, bool]


def _of(statement: Select[Any], actor: Actor, asked: RivalQuery) -> Select[Any]:
    statement = (
        statement.select_from(StoreRival)
        .join(KaspiStore, col(KaspiStore.id) == col(StoreRival.store_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .where(readable_by(actor))
    )
    if asked.store_id is not None:
        statement = statement.where(col(StoreRival.store_id) == asked.store_id)
    if asked.search:
        statement = statement.where(_holds(col(StoreRival.name), asked.search))
    return statement


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return cast("ColumnElement[bool]", column.ilike(f"%{pattern}%", escape="\\"))


async def list_met(
    tx: ReadTx,
    actor: Actor,
    store_id: UUID,
    *,
    search: str = "",
    merchant_ids: Sequence[str] | None = None,
    limit: int | None = None,
) -> list[tuple[str, str, int]]:
    """Return (number, name, goods) of sellers met in a store of the actor, met most often first."""
    columns = (col(StoreRival.merchant_id), col(StoreRival.name), col(StoreRival.goods))
    statement = (
        select(*columns)
        .join(KaspiStore, col(KaspiStore.id) == col(StoreRival.store_id))
        .where(readable_by(actor), col(StoreRival.store_id) == store_id)
        .order_by(col(StoreRival.goods).desc(), col(StoreRival.name), col(StoreRival.id))
        .limit(limit)
    )
    if search:
        statement = statement.where(
            or_(_holds(col(StoreRival.name), search), _holds(col(StoreRival.merchant_id), search))
        )
    if merchant_ids is not None:
        statement = statement.where(col(StoreRival.merchant_id).in_(merchant_ids))
    return [row.tuple() for row in await tx.execute(statement)]


def _rivals() -> Select[Any]:
    listed = col(DempingSettings.excluded_merchant_ids)
    is_excluded = func.coalesce(col(StoreRival.merchant_id) == any_(listed), False)
    return cast("Select[Any]", select(StoreRival, col(KaspiStore.name), is_excluded))


async def count(tx: ReadTx, actor: Actor, asked: RivalQuery) -> dict[str, int]:
    """Count a seller's rivals by behaviour."""
    behaviour = col(StoreRival.behaviour)
    statement = cast("Select[Any]", select(behaviour, func.count()))
    rows = await tx.execute(_of(statement, actor, asked).group_by(behaviour))
    return {name: number for name, number in rows.all()}  # noqa: C416 - rows are no pairs to mypy


async def list_page(
    tx: ReadTx, actor: Actor, asked: RivalQuery, *, limit: int, offset: int
) -> list[RivalOfStore]:
    """Return one page of rivals with the store's name and whether it leaves the rival out."""
    key = _SORTS[asked.sort]
    order = (key.desc() if asked.is_descending else key.asc()).nulls_last()
    statement = _of(_rivals(), actor, asked)
    if asked.behaviour:
        statement = statement.where(col(StoreRival.behaviour) == asked.behaviour)
    rows = await tx.execute(
        statement.order_by(order, col(StoreRival.moves).desc(), col(StoreRival.id))
        .limit(limit)
        .offset(offset)
    )
    return [(rival, store, is_excluded) for rival, store, is_excluded in rows.all()]


async def find(tx: ReadTx, actor: Actor, rival_id: UUID) -> RivalOfStore | None:
    """Return one rival of the actor's stores."""
    found = await tx.execute(
        _of(_rivals(), actor, RivalQuery()).where(col(StoreRival.id) == rival_id)
    )
    row = found.one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def counted_at(tx: ReadTx, actor: Actor, store_id: UUID | None) -> datetime | None:
    """Return when the oldest of the actor's profiles were worked out; None: not all are yet."""
    statement = select(
        func.min(col(KaspiStore.rivals_counted_at)),
        func.count().filter(col(KaspiStore.rivals_counted_at).is_(None)),
    ).where(readable_by(actor), col(KaspiStore.is_active))
    if store_id is not None:
        statement = statement.where(col(KaspiStore.id) == store_id)
    oldest, missing = (await tx.execute(statement)).one()
    return None if missing else oldest


async def ground_of(tx: ReadTx, actor: Actor, product_id: UUID) -> tuple[Goods, KaspiStore] | None:
    """Return one of the actor's goods as last looked at, with its store."""
    floor = func.coalesce(col(Product.min_price), col(Product.base_price))
    found = await tx.execute(
        select(
            col(Product.id),
            col(Product.name),
            col(Product.external_kaspi_id),
            floor,
            col(MarketLook.seen_at),
            col(MarketLook.prices),
            KaspiStore,
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .join(
            MarketLook,
            (col(MarketLook.card) == col(Product.external_kaspi_id))
            & (col(MarketLook.city_id) == col(KaspiStore.home_city_id)),
        )
        .where(readable_by(actor), col(Product.id) == product_id)
    )
    row = found.one_or_none()
    return (Goods(*cast("tuple[Any, ...]", row)[:6]), row[6]) if row else None
