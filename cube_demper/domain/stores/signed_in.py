"""Stores with a cabinet session, for the worker that reads catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.stores.queries import readiness


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A store whose cabinet can be read; `cookies` are encrypted."""

    id: UUID
    merchant_id: str
    cookies: str


async def find_signed_in(tx: ReadTx, actor: Actor, store_id: UUID) -> SignedIn | None:
    """Return a store with a live session, else None. Raises PermissionDenied."""
    _only_system(actor)
    store = await readiness.find_signed_in(tx, store_id)
    cookies = (store.guid or {}).get("cookies") if store else None
    if store is None or not isinstance(cookies, str):
        return None
    return SignedIn(store.id, store.merchant_id, cookies)


async def synced_before(
    tx: ReadTx, actor: Actor, before: datetime
) -> list[tuple[UUID, datetime | None]]:
    """Return signed-in stores whose catalogue was read before then or never. Raises PermissionDenied."""
    _only_system(actor)
    return await readiness.list_synced_before(tx, before)


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
