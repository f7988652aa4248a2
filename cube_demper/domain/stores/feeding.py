"""A store as its price list needs it: the file is wanted when the bot rests, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.economics import service as economics
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.queries import readiness
from cube_demper.domain.stores.reading import ready_store
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.stores.status import ready_stores
from cube_demper.models.stores import DempingSettings


@dataclass(frozen=True, slots=True)
class FedStore:
    """A store and whether its bot may send now; `terms` are there all the same."""

    terms: ReadyStore
    name: str
    is_ready: bool
    is_active: bool
    is_owner_blocked: bool
    synced_at: datetime | None


async def fed_store(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> FedStore:
    """Return a store for its price list. Raises StoreNotFound, PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    found = await readiness.find_with_owner(tx, store_id)
    if found is None:
        raise StoreNotFound
    store, settings, owner = found
    ready = await ready_stores(tx, actor, now, store_ids=[store_id])
    terms = ready[0] if ready else None
    if terms is None:
        merchants = await readiness.merchant_ids_by_user(tx, [store.user_id])
        kept = settings or DempingSettings(store_id=store.id, is_enabled=False)
        floors = await economics.profit_floors(tx, {store.id: kept.min_profit}, now)
        terms = ready_store(
            store,
            kept,
            can_reprice=False,
            merchant_ids=merchants[store.user_id],
            cutoff=None,
            floors=floors[store.id],
        )
    return FedStore(
        terms=terms,
        name=store.name,
        is_ready=bool(ready),
        is_active=store.is_active,
        is_owner_blocked=owner.is_blocked,
        synced_at=store.synced_at,
    )
