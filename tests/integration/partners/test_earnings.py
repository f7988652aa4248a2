"""What the workers do for those who bring sellers: follow a payment, end the hold, write letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts_scene import Scene
from money_scene import begin, pay
from partner_scene import SHARE, Programme
from records import NOON, add_user, seller
from redis.asyncio import Redis
from sqlmodel import select
from web_stage import web_services

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing.settling import PAID_TOPIC
from cube_demper.domain.partners import work
from cube_demper.domain.referrals import service as referrals
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.billing import Plan
from cube_demper.models.operations import OutboxMessage
from workers.earnings import Earnings
from workers.topics import FOLLOWERS

DAY = timedelta(days=1)


async def test_a_payment_is_followed_by_partner_and_friend_alike(
    programme: Programme, db: Database, redis: Redis
) -> None:
    async with db.write() as tx:
        host = await add_user(tx, plan=None)
        guest = await add_user(tx, plan=None, referred_by=host.id)
    brought = await programme.sign_up()
    for user in (guest, brought):
        payment = await begin(db, seller(user), Plan.BASIC, NOON)
        await pay(db, payment, NOON)
    async with db.read() as tx:
        queued = await tx.scalars(select(OutboxMessage).where(OutboxMessage.topic == PAID_TOPIC))
        payloads = [it.payload for it in queued.all()]
    assert len(payloads) == 2
    for payload in payloads * 2:  # each is delivered twice
        async with db.write() as tx:
            for follow in FOLLOWERS[PAID_TOPIC]:
                await follow(tx, SYSTEM, payload, NOON)
    assert (await programme.balance()).held == SHARE

    scene = Scene(db, FixedClock(NOON + 15 * DAY), RedisAttempts(redis))
    await Earnings(web_services(scene, redis)).release()
    assert (await programme.balance()).payable == SHARE
    async with db.read() as tx:
        standing = await referrals.standing(tx, seller(host), NOON + 15 * DAY)
    assert (standing.balance, standing.paying) == (99_990, 1)


async def test_only_the_product_itself_books_earnings(programme: Programme, db: Database) -> None:
    payload = {"payment_id": "00000000-0000-4000-8000-000000000000"}
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await work.accrue(tx, programme.actor, payload, NOON)
        with pytest.raises(PermissionDenied):
            await referrals.take_back(tx, programme.actor, payload, NOON)
        await work.take_back(tx, SYSTEM, payload, NOON)
    assert (await programme.balance()).earned == 0
