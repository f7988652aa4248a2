"""Rivals that a store's bot leaves out of account."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.stores.changes import bot_settings, change_bot_settings
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.stores.queries import switches


async def exclude_rival(
    tx: WriteTx, actor: Actor, store_id: UUID, merchant_id: str, now: datetime
) -> int:
    """Leave a seller out of account in the whole store; return how many goods are checked anew.

    Raises StoreNotFound.
    """
    return await _change(tx, actor, store_id, merchant_id, now, is_excluded=True)


async def include_rival(
    tx: WriteTx, actor: Actor, store_id: UUID, merchant_id: str, now: datetime
) -> int:
    """Take a seller into account again. Raises StoreNotFound."""
    return await _change(tx, actor, store_id, merchant_id, now, is_excluded=False)


async def follow_only(
    tx: WriteTx, actor: Actor, store_id: UUID, merchant_id: str, now: datetime
) -> int:
    """Add a seller to those that alone are rivals in the whole store; return how many goods that touches.

    Raises StoreNotFound, and InvalidInput for a seller who is left out of account.
    """
    return await _follow(tx, actor, store_id, merchant_id, now, is_followed=True)


async def unfollow(
    tx: WriteTx, actor: Actor, store_id: UUID, merchant_id: str, now: datetime
) -> int:
    """Take a seller off that list; with nobody on it all are rivals again. Raises StoreNotFound."""
    return await _follow(tx, actor, store_id, merchant_id, now, is_followed=False)


async def _follow(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    merchant_id: str,
    now: datetime,
    *,
    is_followed: bool,
) -> int:
    settings = await bot_settings(tx, actor, store_id)
    if is_followed and merchant_id in settings.excluded_merchant_ids:
        raise InvalidInput("Этот продавец сейчас не учитывается. Сначала снова учитывайте его.")
    filters, one = settings.rival_filters, frozenset({merchant_id})
    only = filters.only_merchants
    wanted = only | one if is_followed else only - one
    if wanted == only:
        return 0
    changed = replace(settings, rival_filters=replace(filters, only_merchants=wanted))
    return await change_bot_settings(tx, actor, store_id, changed, now)


async def _change(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    merchant_id: str,
    now: datetime,
    *,
    is_excluded: bool,
) -> int:
    rows = await switches.list_stores(tx, actor, store_id)
    if not rows:
        raise StoreNotFound
    if not await switches.set_excluded(tx, store_id, merchant_id, is_excluded=is_excluded):
        return 0
    checked = await switches.check_at(tx, [store_id], now)
    action = "rival_excluded" if is_excluded else "rival_included"
    await audit.record(tx, actor, action, "store", store_id, merchant_id=merchant_id)
    tx.emit(f"user:{rows[0][0].user_id}", "store", store_id)
    return checked
