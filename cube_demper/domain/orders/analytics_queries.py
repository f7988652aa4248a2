"""SQL of the report of orders, filtered by the owner in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, cast, extract, func, literal, select
from sqlmodel import col

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders.analytics_schemas import DaySales, Slice, Totals
from cube_demper.models.orders import Order, OrderItem, OrderStatus
from cube_demper.models.stores import KaspiStore

_LOST: Final = (OrderStatus.CANCELLED, OrderStatus.RETURNED)
_KEPT: Final = col(Order.status).not_in(_LOST)
_SUM: Final = col(Order.total_price)
_LOCAL: Final = func.timezone("UTC", col(Order.ordered_at)) + literal(ALMATY.utcoffset(None))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose orders, of which store, placed from `since` until before `until`."""

    actor: Actor
    store_id: UUID | None
    since: datetime
    until: datetime

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on `orders`."""
        own = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == self.actor.owner_id)
        if self.store_id is not None:
            own = own.where(col(KaspiStore.id) == self.store_id)
        at = col(Order.ordered_at)
        return [col(Order.store_id).in_(own), at >= self.since, at < self.until]


async def totals(tx: ReadTx, scope: Scope) -> Totals:
    """Add the period up."""
    cancelled = col(Order.status) == OrderStatus.CANCELLED
    returned = col(Order.status) == OrderStatus.RETURNED
    row = await tx.execute(
        select(
            func.count(),
            func.count().filter(_KEPT),
            _total(_KEPT),
            func.count().filter(cancelled),
            _total(cancelled),
            func.count().filter(returned),
            _total(returned),
        ).where(*scope.conditions())
    )
    return Totals(*(int(value) for value in row.one()))


async def by_day(tx: ReadTx, scope: Scope, *, by_week: bool) -> list[DaySales]:
    """Return the days (weeks from Monday) that have orders, the first one first."""
    begins: ColumnElement[date] = cast(
        func.date_trunc("week" if by_week else "day", _LOCAL), Date
    ).label("begins")
    rows = await tx.execute(
        select(begins, func.count(), func.count().filter(_KEPT), _total(_KEPT))
        .where(*scope.conditions())
        .group_by(begins)
        .order_by(begins)
    )
    return [DaySales(day, orders, kept, int(sum_)) for day, orders, kept, sum_ in rows.all()]


async def by_hour(tx: ReadTx, scope: Scope) -> dict[int, int]:
    """Count the orders placed in each hour of the day."""
    hour = cast(extract("hour", _LOCAL), Integer).label("hour")
    rows = await tx.execute(select(hour, func.count()).where(*scope.conditions()).group_by(hour))
    return dict(rows.tuples().all())


async def by_city(tx: ReadTx, scope: Scope) -> list[Slice]:
    """Return the buyers' cities, the largest revenue first."""
    city = func.nullif(col(Order.city_name), "").label("city")
    rows = await tx.execute(
        select(city, func.count(), func.sum(_SUM))
        .where(*scope.conditions(), _KEPT)
        .group_by(city)
        .order_by(func.sum(_SUM).desc(), city)
    )
    return _slices(rows.all())


async def by_category(tx: ReadTx, scope: Scope) -> list[Slice]:
    """Return the categories of what was ordered, the largest revenue first."""
    category = func.nullif(col(OrderItem.category_name), "").label("category")
    sold = func.sum(col(OrderItem.total_price))
    rows = await tx.execute(
        select(category, func.count(col(Order.id).distinct()), sold)
        .join(Order, col(Order.id) == col(OrderItem.order_id))
        .where(*scope.conditions(), _KEPT, col(OrderItem.quantity) > 0)
        .group_by(category)
        .order_by(sold.desc(), category)
    )
    return _slices(rows.all())


async def first_order_at(tx: ReadTx, scope: Scope) -> datetime | None:
    """Return when the oldest order that we have was placed."""
    owned = scope.conditions()[0]
    return await tx.scalar(select(func.min(col(Order.ordered_at))).where(owned))


def _total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(_SUM).filter(condition), 0)


def _slices(rows: Sequence[tuple[str | None, int, int]]) -> list[Slice]:
    return [Slice(name, orders, int(sum_)) for name, orders, sum_ in rows]
