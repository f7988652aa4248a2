"""The bot's switch, for one product, for those ticked or for a whole filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.catalog.edit_schemas import BulkReport, Refusal
from cube_demper.domain.catalog.journal import announce, batches, begin_anew
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.rules import why_not_on
from cube_demper.domain.catalog.selecting import count_bots, report_of, selected
from cube_demper.domain.catalog.steps import OnProgress, in_steps
from cube_demper.domain.catalog.undo import remember
from cube_demper.domain.pricing import service as pricing
from cube_demper.models.catalog import Product, ProductCityPrice


@dataclass(frozen=True, slots=True)
class _Plan:
    ready: list[Product]
    same: int
    refused: list[tuple[Product, Refusal]]


async def preview_switch(
    tx: ReadTx, actor: Actor, selection: Selection, *, on: bool, now: datetime
) -> BulkReport:
    """Say what `switch_bot` would do now."""
    plan = await _plan(tx, actor, await selected(tx, actor, selection, lock=False), on, now)
    return report_of(len(plan.ready), plan.same, plan.refused)


async def switch_bot(
    tx: WriteTx,
    actor: Actor,
    selection: Selection,
    *,
    on: bool,
    now: datetime,
    on_progress: OnProgress | None = None,
) -> BulkReport:
    """Switch bots on or off; goods that must not be switched on are left alone, with the reason.

    From the switch-on the window price is `base_price`: what a blank bound means. `on_progress`: as
    of `bulk_change`.
    """
    await lock_switches(tx, actor)
    plan = await _plan(tx, actor, await selected(tx, actor, selection, lock=True), on, now)
    if not plan.ready:
        return report_of(0, plan.same, plan.refused)
    before = [_state(product) for product in plan.ready]
    ids = [product.id for product in plan.ready]
    async for step in in_steps(ids, on_progress):
        if on:
            await start(tx, step, now)
        else:
            await stop(tx, actor, step, now)
        await begin_anew(tx, actor, step, now)
    undo_id = await remember(
        tx, actor, "bot_switched_on" if on else "bot_switched_off", before, now=now
    )
    announce(tx, actor, ids)
    return report_of(len(ids), plan.same, plan.refused, undo_id)


async def lock_switches(tx: WriteTx, actor: Actor) -> None:
    """Let one switch of this seller run at a time, so that two cannot pass the plan's limit together."""
    key = func.hashtextextended(f"bots:{actor.owner_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def free_slots(tx: ReadTx, actor: Actor, now: datetime) -> int:
    """Return how many more bots the plan allows."""
    allowed = await billing.entitlements(tx, actor, [actor.owner_id], now)
    return max(0, allowed[actor.owner_id].bot_limit - await count_bots(tx, actor))


async def start(tx: WriteTx, product_ids: Sequence[UUID], now: datetime) -> None:
    """Switch on, taking the window prices as base prices, city by city."""
    for batch in batches(product_ids):
        await tx.execute(
            update(Product)
            .where(col(Product.id).in_(batch))
            .values(
                bot_active=True,
                bot_enabled_at=now,
                base_price=_whole_tenge(col(Product.price)),
                last_error=None,
                check_failures=0,
            )
            .execution_options(synchronize_session="fetch")
        )
        await tx.execute(
            update(ProductCityPrice)
            .where(
                col(ProductCityPrice.product_id).in_(batch),
                col(ProductCityPrice.price).is_not(None),
            )
            .values(base_price=_whole_tenge(col(ProductCityPrice.price)))
        )


async def stop(tx: WriteTx, actor: Actor, product_ids: Sequence[UUID], now: datetime) -> None:
    """Switch off and drop what waits to be sent."""
    for batch in batches(product_ids):
        await tx.execute(
            update(Product)
            .where(col(Product.id).in_(batch))
            .values(bot_active=False, bot_enabled_at=None, big_fall_allowed_until=None)
            .execution_options(synchronize_session="fetch")
        )
        note = "Бот выключен: цена не отправлена."
        await pricing.drop_queued(tx, actor, product_ids=batch, note=note, now=now)


async def _plan(
    tx: ReadTx, actor: Actor, products: Sequence[Product], on: bool, now: datetime
) -> _Plan:
    plan = _Plan([], 0, [])
    same = 0
    slots = await free_slots(tx, actor, now) if on else len(products)
    for product in products:
        if product.bot_active == on:
            same += 1
        elif on and (reason := why_not_on(product, has_slot=len(plan.ready) < slots)):
            plan.refused.append((product, reason))
        else:
            plan.ready.append(product)
    return _Plan(plan.ready, same, plan.refused)


def _state(product: Product) -> dict[str, Any]:
    enabled_at = product.bot_enabled_at
    return {
        "id": str(product.id),
        "base_price": product.base_price,
        "bot_enabled_at": enabled_at.isoformat() if enabled_at else None,
    }


def _whole_tenge(price: Any) -> Any:
    return (price + 99) // 100 * 100
