"""What a seller takes back: a kept password, or a store with all of it, said in numbers and done at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.stores.card_schemas import RemovalForecast, Shelf
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.login_state import close
from cube_demper.domain.stores.queries import cards, logins, switches
from cube_demper.domain.stores.trouble import tell_needs_reauth
from cube_demper.models.stores import LoginStep, ReauthReason

_REMOVED = "Магазин отключён вами."


async def forget_password(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> bool:
    """Delete a store's kept password now; False when none was kept. A session that works lives on.

    A refresh that is under way ends with it: it would write the password down again.
    Raises StoreNotFound.
    """
    if not await switches.list_stores(tx, actor, store_id):
        raise StoreNotFound
    for row in await logins.list_refreshes(tx, store_id):
        close(tx, row, LoginStep.CANCELLED, now)
    await tx.flush()
    owner_id = await cards.forget_password(tx, store_id)
    if owner_id is None:
        return False
    await audit.record(tx, actor, "kaspi_password_forgotten", "store", store_id)
    reason = ReauthReason.CREDENTIALS_MISSING
    waiting = await logins.give_reason(tx, store_id, reason)
    if waiting is not None:
        await tell_needs_reauth(tx, actor, store_id, waiting, reason=reason, now=now)
    tx.emit(f"user:{owner_id}", "store", store_id)
    return True


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
