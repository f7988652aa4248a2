"""Use cases of repricing that people start: forgetting, dropping the queue, taking a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.pricing import edit_queries, queries, queueing, send_queries
from cube_demper.domain.pricing.consent import allow_fall, held_falls
from cube_demper.domain.pricing.forecasting import changes_forecasts, queue_place, stock_place
from cube_demper.domain.pricing.proofs import store_proofs
from cube_demper.domain.pricing.send_queries import WaitingQueue
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.staff import Area

__all__ = [
    "WaitingQueue",
    "allow_fall",
    "changes_forecasts",
    "drop_queued",
    "forget_memory",
    "held_falls",
    "queue_place",
    "queue_suggestion",
    "recent_sends",
    "stock_place",
    "store_proofs",
    "stores_with_queue",
]


async def forget_memory(
    tx: WriteTx, actor: Actor, product_ids: Sequence[UUID], now: datetime
) -> None:
    """Start the 24-hour median anew and look at once: the seller changed bounds, strategy or switch.

    Products of other sellers are left alone. Raises PermissionDenied for anybody but a seller.
    """
    own = await edit_queries.own_products(tx, actor.owner_id, product_ids)
    await edit_queries.forget_memories(tx, own)
    await edit_queries.set_terms_changed(tx, own, now)


async def drop_queued(
    tx: WriteTx,
    actor: Actor,
    *,
    product_ids: Sequence[UUID] | None = None,
    store_ids: Sequence[UUID] | None = None,
    note: str,
    now: datetime,
) -> int:
    """Drop what is queued and not yet on its way; return how many rows.

    A seller reaches their own goods only. Their products are looked at again when the bot may.
    """
    owner = None if actor.role in (Role.SYSTEM, Role.ADMIN) else actor.owner_id
    return await edit_queries.drop_queued(
        tx, owner_id=owner, product_ids=product_ids, store_ids=store_ids, note=note, now=now
    )


async def queue_suggestion(tx: WriteTx, actor: Actor, history_id: UUID, now: datetime) -> None:
    """Send a suggested price after all; the last check before sending still applies.

    Raises:
        NotFound: there is no such suggestion of this seller.
        Conflict: the market or the terms have changed since.
        PermissionDenied: a manager has no right to prices.
        PlanLacks: the plan only watches.
    """
    actor.require(Area.PRICES)
    await billing.require(tx, actor, Feature.REPRICING, now)
    row = await edit_queries.find_own_history(tx, actor.owner_id, history_id)
    if row is None:
        raise NotFound("Такой подсказки нет.")
    if row.status != PriceStatus.SUGGESTED:
        raise Conflict("Подсказка устарела: рынок изменился. Дождитесь новой проверки.")
    await _drop_older(tx, row)
    row.status = PriceStatus.QUEUED
    (product,) = await queries.list_products(tx, [row.product_id])
    queueing.approve(row, is_priority=product.is_priority, now=now)
    await tx.flush()
    tx.emit(f"user:{actor.owner_id}", "product", row.product_id)


async def recent_sends(tx: ReadTx, actor: Actor, since: datetime) -> dict[str, list[datetime]]:
    """Return when each merchant's SKU changes left since then: what the limits must know again.

    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    found: dict[str, list[datetime]] = {}
    for merchant, at in await send_queries.recent_sends(tx, since):
        found.setdefault(merchant, []).append(at)
    return found


async def stores_with_queue(tx: ReadTx, actor: Actor) -> dict[UUID, WaitingQueue]:
    """Return the stores that have something queued, and what waits there.

    Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return await send_queries.stores_with_queue(tx)


async def _drop_older(tx: WriteTx, row: PriceHistory) -> None:
    sends = await queries.open_sends(tx, [row.product_id])
    queued = [
        send.id
        for send in sends[row.product_id]
        if send.city_id == row.city_id and send.status == PriceStatus.QUEUED
    ]
    await queries.supersede(
        tx, queued, note="Отправляется подсказка.", statuses=(PriceStatus.QUEUED,)
    )
