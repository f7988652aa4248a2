"""Stock changes that sellers made: sent where no price carries them, and proved in the cabinet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from cube_demper.core.errors import IntegrationError
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.schemas import CabinetProduct
from cube_demper.domain.pricing.sending import Send
from cube_demper.domain.pricing.supplying import take_supply
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.supply import sending as supply
from cube_demper.integrations.kaspi.session import CabinetSession
from workers.leases import Lease

if TYPE_CHECKING:
    from workers.sending import Sender

BATCH = 10


async def stores_to_serve(
    tx: ReadTx, ready: Sequence[ReadyStore], now: datetime
) -> tuple[list[ReadyStore], list[UUID]]:
    """Return stores to serve besides the ready ones (no price leaves them), and all with stock changes."""
    waiting = await supply.stores_waiting(tx, SYSTEM, now)
    others = list(set(waiting) - {store.id for store in ready})
    extra = await stores.reachable_stores(tx, SYSTEM, now, others) if others else []
    return extra, waiting


async def step(
    sender: Sender, store: ReadyStore, session: CabinetSession, lease: Lease
) -> int | None:
    """Prove what was sent, then send one batch; None: nothing was sent."""
    await _prove(sender, store, session)
    budget = await sender.budget(store)
    if budget is None:
        return None
    now = sender.services.clock.now()
    async with sender.services.db.read() as tx:
        waiting = await supply.next_queued(tx, store.id, now, min(BATCH, budget.room))
    if not waiting:
        return None
    cabinet = await _read(sender, store, session, [sku for _, sku in waiting])
    if cabinet is None:
        return None
    ids = [product_id for product_id, _ in waiting]
    sent = await sender.send(
        store, session, lease, len(ids), partial(_take, sender, store, ids, cabinet)
    )
    return sent or None


async def _take(
    sender: Sender,
    store: ReadyStore,
    product_ids: Sequence[UUID],
    cabinet: Mapping[str, CabinetProduct],
) -> Sequence[Send]:
    """Commit what may leave as `sending`; the store is read anew in that transaction."""
    services = sender.services
    kaspi, now = services.settings.kaspi, services.clock.now()
    async with services.db.write() as tx:
        fresh = await stores.reachable_stores(tx, SYSTEM, now, [store.id])
        if not fresh:
            return ()
        terms = store_terms(
            fresh[0],
            min_price_tenge=kaspi.min_price_tenge,
            max_fall_percent=kaspi.max_fall_percent,
        )
        is_running = bool(await stores.ready_stores(tx, SYSTEM, now, store_ids=[store.id]))
        return await take_supply(
            tx,
            product_ids,
            store=fresh[0],
            terms=terms,
            cabinet=cabinet,
            now=now,
            is_bot_running=is_running,
        )


async def _prove(sender: Sender, store: ReadyStore, session: CabinetSession) -> None:
    now = sender.services.clock.now()
    async with sender.services.db.read() as tx:
        proofs = await supply.due_proofs(tx, store.id, now, BATCH)
    if not proofs:
        return
    cabinet = await _read(sender, store, session, [proof.sku for proof in proofs])
    if cabinet is None:
        return
    shown = {sku: it.availabilities for sku, it in cabinet.items() if it.availabilities}
    async with sender.services.db.write() as tx:
        await supply.prove(tx, proofs, shown, sender.services.clock.now())


async def _read(
    sender: Sender, store: ReadyStore, session: CabinetSession, skus: Sequence[str]
) -> dict[str, CabinetProduct] | None:
    """Read these SKUs in the cabinet; None when it does not answer."""
    try:
        found = await sender.client.product_details(session, skus)
    except IntegrationError as error:
        await sender.failed_read(store, error)
        return None
    return {product.sku: product for product in found}
