"""SQL of the list of orders and of one order, filtered by the owner in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders.list_schemas import DeliveryKind, OrderQuery, OrderTab
from cube_demper.domain.orders.statuses import OVER
from cube_demper.models.orders import Order, OrderItem, OrderStatus, OrderStatusHistory
from cube_demper.models.stores import KaspiStore

SORTS: Final = {"ordered": col(Order.ordered_at), "total": col(Order.total_price)}
_BATCH: Final = 300
_STORE: Final = col(KaspiStore.id) == col(Order.store_id)
_ENDING: Final = (
    "CANCELLING",
    "RETURNING",
    "KASPI_DELIVERY_RETURN_REQUESTED",
    "RETURN_ACCEPTED_BY_MERCHANT",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search may mean. `names`: for each key in force, the fingerprints of every word."""

    code: str = ""
    phones: Sequence[bytes] = ()
    names: Sequence[Sequence[bytes]] = ()


async def count(
    tx: ReadTx, actor: Actor, asked: OrderQuery, wanted: Wanted | None
) -> dict[str, int]:
    """Count orders by tab."""
    tab = _tab().label("tab")
    rows = await tx.execute(
        select(tab, func.count())
        .select_from(Order)
        .join(KaspiStore, _STORE)
        .where(*_narrowed(actor, asked, wanted))
        .group_by(tab)
    )
    return dict(rows.tuples().all())


async def list_page(
    tx: ReadTx,
    actor: Actor,
    asked: OrderQuery,
    wanted: Wanted | None,
    *,
    limit: int,
    offset: int,
) -> Sequence[tuple[Order, str]]:
    """Return one page of orders with the names of their stores."""
    key = SORTS.get(asked.sort, col(Order.ordered_at))
    conditions = _narrowed(actor, asked, wanted)
    if asked.tab:
        conditions.append(_tab() == asked.tab)
    rows = await tx.execute(
        select(Order, col(KaspiStore.name))
        .join(KaspiStore, _STORE)
        .where(*conditions)
        .order_by(key.desc() if asked.is_descending else key.asc(), col(Order.id))
        .limit(limit)
        .offset(offset)
    )
    return rows.tuples().all()


async def stream(
    tx: ReadTx, actor: Actor, asked: OrderQuery, wanted: Wanted | None
) -> AsyncIterator[Sequence[tuple[Order, str]]]:
    """Yield all orders of a list, the newest first, `_BATCH` at a time: found and sorted once."""
    conditions = _narrowed(actor, asked, wanted)
    if asked.tab:
        conditions.append(_tab() == asked.tab)
    rows = await tx.stream(
        select(Order, col(KaspiStore.name))
        .join(KaspiStore, _STORE)
        .where(*conditions)
        .order_by(col(Order.ordered_at).desc(), col(Order.id).desc())
        .execution_options(yield_per=_BATCH)
    )
    async for part in rows.partitions():
        yield [(order, name) for order, name in part]


async def list_ids(
    tx: ReadTx, actor: Actor, asked: OrderQuery, wanted: Wanted | None, limit: int
) -> Sequence[UUID]:
    """Return the orders of a whole list, the newest first."""
    conditions = _narrowed(actor, asked, wanted)
    if asked.tab:
        conditions.append(_tab() == asked.tab)
    rows = await tx.scalars(
        select(col(Order.id))
        .join(KaspiStore, _STORE)
        .where(*conditions)
        .order_by(col(Order.ordered_at).desc(), col(Order.id))
        .limit(limit)
    )
    return rows.all()


async def find(tx: ReadTx, actor: Actor, order_id: UUID) -> tuple[Order, str] | None:
    """Return an order of the actor's with the name of its store."""
    row = await tx.execute(
        select(Order, col(KaspiStore.name))
        .join(KaspiStore, _STORE)
        .where(col(Order.id) == order_id, *_narrowed(actor, OrderQuery(), None))
    )
    return row.tuples().one_or_none()


async def items_of(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, list[OrderItem]]:
    """Return what is in these orders now."""
    rows = await tx.scalars(
        select(OrderItem)
        .where(col(OrderItem.order_id).in_(order_ids))
        .order_by(col(OrderItem.order_id), col(OrderItem.entry_number))
    )
    found: dict[UUID, list[OrderItem]] = defaultdict(list)
    for item in rows.all():
        found[item.order_id].append(item)
    return found


async def history_of(tx: ReadTx, order_id: UUID, limit: int = 100) -> Sequence[OrderStatusHistory]:
    """Return the steps of one order, the newest first."""
    rows = await tx.scalars(
        select(OrderStatusHistory)
        .where(col(OrderStatusHistory.order_id) == order_id)
        .order_by(col(OrderStatusHistory.seen_at).desc(), col(OrderStatusHistory.created_at).desc())
        .limit(limit)
    )
    return rows.all()


def _narrowed(actor: Actor, asked: OrderQuery, wanted: Wanted | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a list; the query must join the store."""
    found: list[ColumnElement[bool]] = [col(KaspiStore.user_id) == actor.owner_id]
    if asked.store_id is not None:
        found.append(col(Order.store_id) == asked.store_id)
    if asked.status is not None:
        found.append(col(Order.status) == asked.status)
    if asked.delivery is not None:
        found.append(_reached_by(asked.delivery))
    if asked.since is not None:
        found.append(col(Order.ordered_at) >= asked.since)
    if wanted is not None:
        found.append(_matches(wanted))
    return found


def _reached_by(kind: DeliveryKind) -> ColumnElement[bool]:
    """Return what an order of this kind of delivery is; what is not said to be Kaspi's is the store's own."""
    mode, is_kaspis = col(Order.delivery_mode), col(Order.is_kaspi_delivery).is_(True)
    match kind:
        case DeliveryKind.CITY:
            return and_(mode == "DELIVERY_LOCAL", is_kaspis)
        case DeliveryKind.OWN:
            return and_(mode == "DELIVERY_LOCAL", ~is_kaspis)
        case DeliveryKind.POSTOMAT:
            return and_(mode == "DELIVERY_PICKUP", is_kaspis)
        case DeliveryKind.PICKUP:
            return and_(mode == "DELIVERY_PICKUP", ~is_kaspis)
        case DeliveryKind.REGIONAL:
            return mode.in_(("DELIVERY_REGIONAL_TODOOR", "DELIVERY_REGIONAL_PICKUP"))
        case DeliveryKind.EXPRESS:
            return col(Order.is_express).is_(True)


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    options: list[ColumnElement[bool]] = []
    if wanted.code:
        options.append(col(Order.kaspi_order_code).startswith(wanted.code, autoescape=True))
    if wanted.phones:
        options.append(col(Order.customer_phone_hash).in_(wanted.phones))
    holds = col(Order.customer_name_hashes).bool_op("@>")
    options += [holds(cast(list(words), ARRAY(LargeBinary))) for words in wanted.names if words]
    return or_(*options) if options else col(Order.id).is_(None)


def _tab() -> ColumnElement[str]:
    """Return the tab of an order: the API's pair with its facts, or the cabinet's own tab."""
    state, status = col(Order.kaspi_state), col(Order.status)
    is_ending = or_(col(Order.kaspi_status).in_(_ENDING), state == "KASPI_DELIVERY_RETURN_REQUEST")
    is_sent = or_(col(Order.handed_over_at).is_not(None), state == "KASPI_DELIVERY_TRANSMITTED")
    is_ready = or_(col(Order.is_assembled), state == "KASPI_DELIVERY_WAIT_FOR_COURIER")
    is_kaspis = state.startswith("KASPI_DELIVERY")
    is_here = or_(col(Order.goods_came_at).is_not(None), state == "KASPI_DELIVERY_CARGO_ASSEMBLY")
    is_awaited = and_(col(Order.is_pre_order), ~is_here)
    return case(
        (is_ending, OrderTab.RETURNING.value),
        (status.in_(OVER), OrderTab.ARCHIVE.value),
        (~col(Order.is_clear), OrderTab.OTHER.value),
        (state == "SIGN_REQUIRED", OrderTab.SIGN.value),
        (status == OrderStatus.APPROVED, OrderTab.NEW.value),
        (and_(is_awaited, ~is_sent, ~is_ready), OrderTab.PRE_ORDER.value),
        (state == "PICKUP", OrderTab.PICKUP.value),
        (state == "DELIVERY", OrderTab.OWN.value),
        (and_(is_kaspis, is_sent), OrderTab.SENT.value),
        (and_(is_kaspis, is_ready), OrderTab.HANDING.value),
        (is_kaspis, OrderTab.PACKING.value),
        else_=OrderTab.OTHER.value,
    )
