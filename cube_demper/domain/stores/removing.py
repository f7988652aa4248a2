"""The end of a store: what it takes along, said in numbers, and then done at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.stores.card_schemas import RemovalForecast, Shelf
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.queries import cards, switches

_REMOVED = "Магазин отключён вами."


async def removal_forecast(tx: ReadTx, actor: Actor, store_id: UUID) -> RemovalForecast:
    """Say what removing a store deletes. Raises StoreNotFound."""
    rows = await switches.list_stores(tx, actor, store_id)
    if not rows:
        raise StoreNotFound
    store = rows[0][0]
    shelf = (await cards.shelves(tx, [store_id])).get(store_id, Shelf())
    queued, sending = await switches.count_sends(tx, [store_id])
    return RemovalForecast(
        name=store.name,
        shelf=shelf,
        queued=queued,
        sending=sending,
        decisions=await cards.count_decisions(tx, store_id),
        has_password=bool((store.guid or {}).get("password")),
    )


async def remove_store(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> str:
    """Delete a store with its password, cookies, token, goods and history now; return its name.

    Prices in Kaspi stay as they are. Raises StoreNotFound.
    """
    rows = await switches.list_stores(tx, actor, store_id)
    if not rows:
        raise StoreNotFound
    store = rows[0][0]
    await pricing.drop_queued(tx, actor, store_ids=[store_id], note=_REMOVED, now=now)
    await cards.delete_store(tx, store_id)
    await audit.record(
        tx, actor, "store_removed", "store", store_id, name=store.name, merchant=store.merchant_id
    )
    tx.emit(f"user:{store.user_id}", "store", store_id)
    return store.name
