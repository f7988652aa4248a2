"""SQL of the list of goods: one statement for a page, one for the counts of all tabs."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.list_schemas import (
    PAGE_SIZE,
    ProductFilter,
    ProductRow,
    ProductSort,
    ProductTab,
    StoreChoice,
)
from cube_demper.domain.catalog.queries import readable_by
from cube_demper.domain.catalog.rows import Pending, is_suggest, row_of
from cube_demper.domain.catalog.rules import AT_FLOOR_REASONS, WAR_REASONS
from cube_demper.domain.pricing.schemas import Reason, Strategy
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.stores import DempingSettings, KaspiStore

_OPEN = ("queued", "sending", "sent", "unknown")
_LATEST = 10
"""Rows of history looked at for what is open: sends end within 10 minutes, so more are not."""

_SORTS: dict[ProductSort, Any] = {
    ProductSort.NAME: func.lower(col(Product.name)),
    ProductSort.PLACE: col(Product.position),
    ProductSort.PRICE: col(Product.price),
    ProductSort.RIVAL: col(Product.competitor_price),
    ProductSort.MIN_PRICE: col(Product.min_price),
    ProductSort.MAX_PRICE: col(Product.max_price),
    ProductSort.CHECKED: col(Product.last_check_time),
}


@cache  # building the ten of them took 15 ms of every reading of the list
def tab_condition(tab: ProductTab) -> ColumnElement[bool]:
    """Return what a product (joined with its store) must be to stand under a tab."""
    on = and_(col(Product.bot_active))
    reason = func.coalesce(col(Product.last_reason), "")
    floor = func.coalesce(col(Product.min_price), col(Product.base_price))
    trouble = or_(
        col(Product.last_error).is_not(None),
        not_(col(Product.is_on_sale)),
        reason.in_([Reason.NOT_ON_SALE, Reason.FLOOR_OVER_CAP, Reason.BOUNDS_MISSING]),
        col(KaspiStore.needs_reauth),
        not_(col(KaspiStore.is_active)),
    )
    conditions: dict[ProductTab, ColumnElement[bool]] = {
        ProductTab.ALL: true(),
        ProductTab.BOT_ON: on,
        ProductTab.FIRST: and_(on, col(Product.position) == 1),
        ProductTab.LOST: and_(on, col(Product.position) > 1),
        ProductTab.AT_FLOOR: and_(
            on, or_(col(Product.price) <= floor, reason.in_(AT_FLOOR_REASONS))
        ),
        ProductTab.WAR: and_(on, reason.in_(WAR_REASONS)),
        ProductTab.HELD: and_(on, reason == Reason.SUSPICIOUS_FALL),
        ProductTab.ERROR: or_(and_(on, trouble), col(Product.external_kaspi_id).is_(None)),
        ProductTab.NO_MIN_PRICE: col(Product.min_price).is_(None),
        ProductTab.BOT_OFF: not_(on),
    }
    return conditions[tab]


def matching(statement: Select[Any], actor: Actor, view: ProductFilter) -> Select[Any]:
    """Narrow a statement about products joined with stores to the actor, the search and the store."""
    statement = statement.where(readable_by(actor))
    if view.store_id is not None:
        statement = statement.where(col(Product.store_id) == view.store_id)
    if view.lost_before is not None:
        statement = statement.where(
            col(Product.first_lost_at) <= view.lost_before,
            col(Product.demping_strategy) != Strategy.STAY_TOP_N,
        )
    for word in view.search.split()[:8]:
        pattern = f"%{_escaped(word)}%"
        fields = (
            col(Product.name),
            col(Product.kaspi_sku),
            col(Product.external_kaspi_id),
        )
        statement = statement.where(or_(*(it.ilike(pattern, escape="\\") for it in fields)))
    return statement


def selected_ids(actor: Actor, view: ProductFilter) -> Select[Any]:
    """Return the statement for the ids of everything under a filter, whatever the page."""
    statement = select(col(Product.id)).join(
        KaspiStore, col(KaspiStore.id) == col(Product.store_id)
    )
    return matching(statement, actor, view).where(tab_condition(view.tab))


async def count_tabs(tx: ReadTx, actor: Actor, view: ProductFilter) -> dict[ProductTab, int]:
    """Count the goods of every tab under the same search and store, in one pass."""
    counts = [func.count().filter(tab_condition(tab)).label(tab) for tab in ProductTab]
    joined: Select[Any] = select().select_from(Product)
    joined = joined.join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
    row = (await tx.execute(matching(joined.add_columns(*counts), actor, view))).one()
    return dict(zip(ProductTab, row, strict=True))


async def list_stores(tx: ReadTx, actor: Actor) -> tuple[StoreChoice, ...]:
    """Return the actor's stores with how many bots are on in each."""
    bots = func.count(col(Product.id)).filter(col(Product.bot_active))
    goods = func.count(col(Product.id))
    rows = await tx.execute(
        select(KaspiStore, DempingSettings, bots.label("bots"), goods.label("goods"))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(KaspiStore.id))
        .outerjoin(Product, col(Product.store_id) == col(KaspiStore.id))
        .where(col(KaspiStore.user_id) == actor.owner_id)
        .group_by(col(KaspiStore.id), col(DempingSettings.id))
        .order_by(func.lower(col(KaspiStore.name)), col(KaspiStore.id))
    )
    return tuple(
        StoreChoice(
            id=store.id,
            name=store.name,
            is_active=store.is_active,
            needs_reauth=store.needs_reauth,
            is_bot_enabled=settings.is_enabled if settings else False,
            is_suggest_mode=is_suggest(settings),
            bots_on=bots_on,
            goods=goods_held,
            is_read=store.synced_at is not None,
        )
        for store, settings, bots_on, goods_held in rows
    )


async def list_page(tx: ReadTx, actor: Actor, view: ProductFilter) -> tuple[ProductRow, ...]:
    """Read one page of the list."""
    ids = selected_ids(actor, view).order_by(*_order(view))
    page = ids.limit(PAGE_SIZE).offset((view.page - 1) * PAGE_SIZE)
    return await _rows(tx, col(Product.id).in_(page.scalar_subquery()), _order(view))


async def list_by_ids(
    tx: ReadTx, actor: Actor, product_ids: tuple[UUID, ...]
) -> tuple[ProductRow, ...]:
    """Read these rows again, in any order; ids of other people are not there."""
    here = and_(readable_by(actor), col(Product.id).in_(product_ids))
    return await _rows(tx, here, (col(Product.id),))


def _order(view: ProductFilter) -> tuple[Any, ...]:
    key = _SORTS[view.sort]
    direction = key.desc() if view.is_descending else key.asc()
    order = direction.nulls_last(), col(Product.id)
    if view.tab is ProductTab.NO_MIN_PRICE:  # those that a bot leads already wait the most
        return col(Product.bot_active).desc(), *order
    return order


async def _rows(
    tx: ReadTx, which: ColumnElement[bool], order: tuple[Any, ...]
) -> tuple[ProductRow, ...]:
    pending = _pending()
    rows = await tx.execute(
        select(Product, KaspiStore, DempingSettings, pending)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(Product.store_id))
        .join(pending, true())
        .where(which)
        .order_by(*order)
    )
    return tuple(row_of(row[0], row[1], row[2], Pending.of(row[3:])) for row in rows)


@cache
def _pending() -> LateralFromClause:
    """Return what is open or suggested in a product's latest history."""
    latest = (
        select(PriceHistory)
        .where(
            col(PriceHistory.product_id) == col(Product.id),
            col(PriceHistory.city_id) == col(KaspiStore.home_city_id),
        )
        .order_by(col(PriceHistory.created_at).desc())
        .limit(_LATEST)
        .correlate(Product, KaspiStore)
        .subquery()
    )
    newest = latest.c.created_at.desc()

    def last(value: Any, statuses: tuple[str, ...]) -> Any:
        values = func.array_agg(aggregate_order_by(value, newest))
        return values.filter(latest.c.status.in_(statuses))

    return select(
        last(latest.c.status, _OPEN).label("open_status"),
        last(latest.c.new_price, _OPEN).label("sending_price"),
        last(latest.c.id, ("suggested",)).label("suggestion_id"),
        last(latest.c.new_price, ("suggested",)).label("suggested_price"),
    ).lateral()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
