"""Use cases of stock and pre-orders. Others use this module, `sending` and the schemas."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.catalog.schemas import Availability
from cube_demper.domain.supply import queries, rules
from cube_demper.domain.supply.errors import SupplyChanged, SupplyRefused, TooLateToUndo
from cube_demper.domain.supply.schemas import (
    Edits,
    LastChange,
    PointSupply,
    ProductSupply,
)
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel, KaspiStore
from cube_demper.models.supply import SupplyChange

UNDO_FOR = timedelta(hours=1)
_NOWHERE = (
    "Хотя бы одна точка должна продавать товар: иначе Kaspi снимет его с продажи."
    " Снять товар можно в кабинете Kaspi."
)
_UNKNOWN = "Наличие по точкам ещё не прочитано из Kaspi. Дождитесь обновления каталога."
_BY_FEED = "Kaspi заберёт его со следующим чтением прайс-листа."


async def supply_of(tx: ReadTx, actor: Actor, product_id: UUID, now: datetime) -> ProductSupply:
    """Return a product's points as they will be, and its newest change. Raises ProductNotFound."""
    product, store = await _own(tx, actor, product_id)
    rows = {row["storeId"]: row for row in await _effective(tx, product)}
    named = [point for point in store.points if point.get("enabled") or point["id"] in rows]
    last = await queries.find_last(tx, product_id)
    points = tuple(
        PointSupply(
            id=point["id"],
            name=point["name"],
            city=point["cityName"],
            is_available=row is not None and row["available"] == "yes",
            stock=row["stockCount"] if row and row["stockSpecified"] else None,
            pre_order_days=(row["preOrder"] or 0) if row else 0,
            is_known=row is not None,
        )
        for point in named
        for row in [rows.get(point["id"])]
    )
    is_by_feed = store.channel == Channel.FEED
    return ProductSupply(points, product.supply_read_at, _last(last, now), is_by_feed)


async def change_supply(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    wanted: Edits,
    *,
    seen: Edits,
    now: datetime,
) -> UUID | None:
    """Queue a change of stock or pre-orders; return its id, None when it is so already.

    `seen`: the values that the seller had before their eyes.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
        SupplyRefused: Kaspi would not take it, or it would leave no point that sells.
        SupplyChanged: somebody else has changed what `seen` names.
    """
    product, store = await _own(tx, actor, product_id, lock=True)
    rules.check_edits(wanted, [str(point["id"]) for point in store.points])
    if not product.availabilities:
        raise SupplyRefused(_UNKNOWN)
    standing = await _effective(tx, product)
    if rules.values_at(standing, seen) != dict(seen):
        raise SupplyChanged
    edits = rules.changes_only(standing, wanted)
    if not edits:
        return None
    after = rules.overlay(standing, edits)
    if not rules.sells_somewhere(after):
        raise SupplyRefused(_NOWHERE)
    before = rules.values_at(standing, edits)
    change = await _queue(tx, product, edits, before, now)
    if store.channel == Channel.FEED:
        _hand_to_feed(product, change, after, now)
    product.pre_order_days = min(rules.pre_order_days(after), rules.LONGEST_PRE_ORDER)
    await tx.flush()
    details = {"old": before, "new": edits, "change_id": str(change.id)}
    await audit.record(tx, actor, "supply_changed", "product", product_id, **details)
    tx.emit(f"user:{store.user_id}", "product", product_id)
    return change.id


async def undo_supply(tx: WriteTx, actor: Actor, change_id: UUID, now: datetime) -> None:
    """Take a change back: out of the queue, or by sending the old values.

    Raises:
        ChangeNotFound: there is none, or it is somebody else's.
        TooLateToUndo: it is over an hour old, or the values have changed since.
    """
    found = await queries.get_own_change(tx, actor, change_id)
    product, store = await _own(tx, actor, found.product_id, lock=True)
    change = await queries.get_own_change(tx, actor, change_id)
    standing = await _effective(tx, product)
    is_standing = rules.values_at(standing, change.edits) == change.edits
    if not _can_undo(change, now) or not is_standing:
        raise TooLateToUndo
    if change.status == PriceStatus.QUEUED:
        change.status, change.note = PriceStatus.SUPERSEDED, "Отменено вами."
        await tx.flush()
        details = {"change_id": str(change.id)}
        await audit.record(tx, actor, "supply_undone", "product", product.id, **details)
        tx.emit(f"user:{store.user_id}", "product", product.id)
        return
    await change_supply(tx, actor, product.id, change.before, seen=change.edits, now=now)


async def _own(
    tx: ReadTx, actor: Actor, product_id: UUID, *, lock: bool = False
) -> tuple[Product, KaspiStore]:
    found = await queries.find_own(tx, actor, product_id, lock=lock)
    if found is None:
        raise ProductNotFound
    return found


async def _effective(tx: ReadTx, product: Product) -> tuple[Availability, ...]:
    """Return the points as they will be once everything open has arrived."""
    rows = cast("tuple[Availability, ...]", tuple(product.availabilities or ()))
    for change in await queries.list_open(tx, [product.id]):
        rows = rules.overlay(rows, change.edits)
    return rows


async def _queue(
    tx: WriteTx, product: Product, edits: Edits, before: Edits, now: datetime
) -> SupplyChange:
    """Add to the change that waits already, or make one."""
    waiting = [
        change
        for change in await queries.list_open(tx, [product.id], lock=True)
        if change.status == PriceStatus.QUEUED
    ]
    if waiting:
        change = waiting[0]
        change.before = rules.combine(before, change.before)
        change.edits = rules.combine(change.edits, edits)
        change.try_at, change.note, change.attempt = now, None, 0
    else:
        change = SupplyChange(
            product_id=product.id,
            store_id=product.store_id,
            edits=dict(edits),
            before=dict(before),
            status=PriceStatus.QUEUED,
            try_at=now,
            created_at=now,
        )
        tx.add(change)
    await tx.flush()
    return change


def _hand_to_feed(
    product: Product, change: SupplyChange, after: tuple[Availability, ...], now: datetime
) -> None:
    """In a store without a cabinet session our rows are what the price list says."""
    product.availabilities = [dict(row) for row in after]
    change.status, change.sent_at, change.note = PriceStatus.SENT, now, _BY_FEED


def _can_undo(change: SupplyChange, now: datetime) -> bool:
    is_over = change.status in {PriceStatus.SUPERSEDED, PriceStatus.REFUSED}
    return not is_over and now - change.created_at <= UNDO_FOR


def _last(change: SupplyChange | None, now: datetime) -> LastChange | None:
    if change is None:
        return None
    return LastChange(
        id=change.id,
        status=change.status,
        note=change.note,
        asked_at=change.created_at,
        sent_at=change.sent_at,
        confirmed_at=change.confirmed_at,
        can_undo=_can_undo(change, now),
    )
