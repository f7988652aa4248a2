"""What workers report of a store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from records import NOON, add_store, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.stores import service
from cube_demper.models.operations import Notification
from cube_demper.models.stores import KaspiStore, ReauthReason


@pytest.mark.parametrize("reason", list(ReauthReason))
async def test_seller_is_told_once_per_transition(db: Database, reason: ReauthReason) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx), name="Тау Маркет")
    async with db.write() as tx:
        assert await service.mark_needs_reauth(tx, SYSTEM, store.id, reason, NOON)
        later = NOON + timedelta(minutes=1)
        assert not await service.mark_needs_reauth(tx, SYSTEM, store.id, reason, later)
    async with db.write() as tx:
        row = await tx.get_one(KaspiStore, store.id)
        assert (row.needs_reauth, row.reauth_reason) == (True, reason)
        row.needs_reauth, row.reauth_reason = False, None
    async with db.write() as tx:
        second = NOON + timedelta(hours=2)
        assert await service.mark_needs_reauth(tx, SYSTEM, store.id, reason, second)
    async with db.read() as tx:
        told = (await tx.scalars(select(Notification))).all()
    assert [it.title for it in told] == ["«Тау Маркет»: войдите в Kaspi заново"] * 2


async def test_block_is_never_shortened(db: Database) -> None:
    long, short = NOON + timedelta(minutes=30), NOON + timedelta(minutes=5)
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        await service.block_sends(tx, SYSTEM, store.id, long)
        await service.block_sends(tx, SYSTEM, store.id, short)
    async with db.read() as tx:
        assert (await tx.get_one(KaspiStore, store.id)).sends_blocked_until == long


async def test_seller_cannot_report_trouble(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        reason = ReauthReason.SMS_REQUIRED
        with pytest.raises(PermissionDenied):
            await service.mark_needs_reauth(tx, seller(user), store.id, reason, NOON)
        with pytest.raises(PermissionDenied):
            await service.block_sends(tx, seller(user), store.id, NOON)
