"""SQL of goods that a plan decides about: those that lose their bot, those at risk when prices freeze."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.billing.view_schemas import GoodsView, LandingEffect
from cube_demper.models.catalog import Product
from cube_demper.models.dunning import DunningCase, DunningState, LandedPrice
from cube_demper.models.stores import KaspiStore

_SINCE = func.coalesce(col(Product.bot_enabled_at), col(Product.created_at))
_FLOOR: ColumnElement[Any] = func.coalesce(
    col(Product.min_price), col(Product.base_price), col(Product.price)
)
_FROZEN: dict[str, Any] = {
    "stay": col(Product.price),
    "floor": _FLOOR,
    "base": func.greatest(_FLOOR, func.coalesce(col(Product.base_price), col(Product.price))),
}


def _of_bots(owner_id: UUID, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Product)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == owner_id, col(Product.bot_active))
    )


def _view() -> tuple[Any, ...]:
    return (
        col(Product.id),
        col(Product.name),
        col(KaspiStore.name).label("store"),
        col(Product.price),
        _FLOOR.label("floor"),
        col(Product.base_price),
        col(Product.competitor_price),
        col(Product.position),
        _SINCE.label("switched_on_at"),
    )


async def count_bots(tx: ReadTx, owner_id: UUID) -> int:
    """Count a seller's goods with the bot on."""
    return await tx.scalar(_of_bots(owner_id, func.count())) or 0


async def list_bots(tx: ReadTx, owner_id: UUID, *, skip: int, limit: int) -> tuple[GoodsView, ...]:
    """Return goods with the bot on, those that have had it longest first: they keep it."""
    rows = await tx.execute(
        _of_bots(owner_id, *_view()).order_by(_SINCE, col(Product.id)).offset(skip).limit(limit)
    )
    return tuple(GoodsView(*row) for row in rows)


async def ids_past(tx: ReadTx, owner_id: UUID, limit: int) -> tuple[UUID, ...]:
    """Return the goods whose bot does not fit into a limit."""
    rows = await tx.execute(
        _of_bots(owner_id, col(Product.id)).order_by(_SINCE, col(Product.id)).offset(limit)
    )
    return tuple(row[0] for row in rows)


def _is_at_risk(choice: str) -> ColumnElement[bool]:
    at_risk: ColumnElement[bool] = col(Product.competitor_price) <= _FROZEN[choice]
    return at_risk


async def sum_up_landing(tx: ReadTx, owner_id: UUID, choice: str) -> LandingEffect:
    """Say what freezing in one way does; goods whose price is not known do not move."""
    change = func.coalesce(_FROZEN[choice] - col(Product.price), 0)
    row = (
        await tx.execute(
            _of_bots(
                owner_id,
                func.count().filter(change < 0),
                func.coalesce(-func.sum(case((change < 0, change), else_=0)), 0),
                func.count().filter(change > 0),
                func.coalesce(func.sum(case((change > 0, change), else_=0)), 0),
                func.count().filter(change == 0),
                func.count().filter(_is_at_risk(choice)),
            )
        )
    ).one()
    lower, fall, higher, rise, same, at_risk = row
    return LandingEffect(choice, lower, int(fall), higher, int(rise), same, at_risk)


async def count_landed(tx: ReadTx, owner_id: UUID) -> int:
    """Count goods at risk among those that stopped when the plan ended."""
    counted = _landed(owner_id, func.count(func.distinct(col(LandedPrice.product_id))))
    return await tx.scalar(counted) or 0


async def list_landed(
    tx: ReadTx, owner_id: UUID, *, skip: int, limit: int
) -> tuple[tuple[GoodsView, int | None], ...]:
    """Return goods at risk with the price at which each stopped, its dearest city first."""
    stopped = func.coalesce(col(LandedPrice.target), col(LandedPrice.price))
    rows = await tx.execute(
        _landed(owner_id, *_view(), stopped)
        .distinct(col(Product.id))
        .order_by(col(Product.id), (stopped - col(LandedPrice.rival_price)).desc())
        .offset(skip)
        .limit(limit)
    )
    return tuple((GoodsView(*row[:-1]), row[-1]) for row in rows)


def _landed(owner_id: UUID, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(LandedPrice)
        .join(DunningCase, col(DunningCase.id) == col(LandedPrice.case_id))
        .join(Product, col(Product.id) == col(LandedPrice.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(
            col(DunningCase.user_id) == owner_id,
            col(KaspiStore.user_id) == owner_id,
            col(DunningCase.state).in_((DunningState.LANDING, DunningState.LANDED)),
            col(LandedPrice.is_at_risk),
        )
    )


async def list_at_risk(
    tx: ReadTx, owner_id: UUID, choice: str, *, skip: int, limit: int
) -> tuple[tuple[GoodsView, int | None], ...]:
    """Return goods at risk with the price they freeze at, the dearest against a rival first."""
    frozen = _FROZEN[choice]
    rows = await tx.execute(
        _of_bots(owner_id, *_view(), frozen.label("frozen"))
        .where(_is_at_risk(choice))
        .order_by((frozen - col(Product.competitor_price)).desc().nulls_last(), col(Product.id))
        .offset(skip)
        .limit(limit)
    )
    return tuple((GoodsView(*row[:-1]), row[-1]) for row in rows)
