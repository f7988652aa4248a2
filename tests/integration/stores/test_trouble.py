"""What workers report of a store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from records import NOON, add_store, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import planning
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.stores import service
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification
from cube_demper.models.stores import KaspiStore, ReauthReason
from cube_demper.models.telling import NotificationDelivery, TellChannel


@pytest.mark.parametrize("reason", list(ReauthReason))
async def test_seller_is_told_once_per_transition_and_by_one_letter_a_day(
    db: Database, reason: ReauthReason
) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx), name="Тау Маркет")
        actor = seller(await tx.get_one(User, store.user_id))

    async def lose(hours: int) -> bool:
        at = NOON + timedelta(hours=hours)
        async with db.write() as tx:
            is_marked = await service.mark_needs_reauth(tx, SYSTEM, store.id, reason, at)
            await planning.plan(tx, at, {TellChannel.MAIL})
            return is_marked

    async def sign_in() -> None:
        async with db.write() as tx:
            row = await tx.get_one(KaspiStore, store.id)
            assert (row.needs_reauth, row.reauth_reason) == (True, reason)
            row.needs_reauth, row.reauth_reason = False, None
            await notifications.mark_read(tx, actor, NOON)

    async def told() -> tuple[list[bool], int]:
        async with db.read() as tx:
            rows = (await tx.scalars(select(Notification))).all()
            assert {it.title for it in rows} == {"«Тау Маркет»: войдите в Kaspi заново"}
            letters = (await tx.scalars(select(NotificationDelivery))).all()
            return sorted(it.read_at is not None for it in rows), len(letters)

    assert await lose(0)
    assert not await lose(1)
    assert await told() == ([False], 1)
    await sign_in()
    assert await told() == ([True], 1)
    assert await lose(2)  # news in the app again, and no second letter
    assert await told() == ([False], 1)
    await sign_in()
    assert await lose(24)
    assert await told() == ([False, True], 2)


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
