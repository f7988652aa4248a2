"""A friend's first payment earns a bonus that the plan can be paid with; a refund takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from friends_scene import BONUS, DAY, buy, deliver, pair, refund, release, standing
from money_scene import begin, pay
from records import NOON, add_store, add_user, seller

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import ledger
from cube_demper.domain.partners import terms
from cube_demper.domain.referrals import service as referrals
from cube_demper.domain.referrals.schemas import FriendStage
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan


async def test_the_bonus_waits_for_refunds_to_end_and_pays_for_a_plan(db: Database) -> None:
    owner, friend = await pair(db)
    await buy(db, friend)
    waiting = await standing(db, owner)
    assert (waiting.held, waiting.balance) == (BONUS, 0)
    assert waiting.friends[0].stage is FriendStage.ON_HOLD
    assert await release(db, NOON + 14 * DAY - timedelta(seconds=1)) == 0
    assert await release(db, NOON + 14 * DAY) == 1
    ready = await standing(db, owner)
    assert (ready.held, ready.earned, ready.balance) == (0, BONUS, BONUS)
    payment = await begin(db, seller(owner), Plan.BASIC, NOON + 15 * DAY, use_balance=True)
    assert payment.from_balance == BONUS - 90  # whole tenge: the rest is a sum people can send
    await pay(db, payment, NOON + 15 * DAY)
    assert (await standing(db, owner)).balance == 90


async def test_only_the_first_payment_counts_and_told_twice_it_counts_once(db: Database) -> None:
    owner, friend = await pair(db)
    first = await buy(db, friend)
    await deliver(db, first, NOON + DAY)
    await buy(db, friend, NOON + 29 * DAY)
    await release(db, NOON + 60 * DAY)
    assert (await standing(db, owner)).balance == BONUS


async def test_a_refund_before_the_release_leaves_what_is_left_of_the_share(db: Database) -> None:
    owner, friend = await pair(db)
    payment = await buy(db, friend)
    await refund(db, payment, 499_950, NOON + DAY)
    await release(db, NOON + 14 * DAY)
    assert (await standing(db, owner)).balance == BONUS // 2


async def test_a_refund_after_the_bonus_was_spent_leaves_a_debt(db: Database) -> None:
    owner, friend = await pair(db)
    payment = await buy(db, friend)
    await release(db, NOON + 14 * DAY)
    spent = await begin(db, seller(owner), Plan.BASIC, NOON + 15 * DAY, use_balance=True)
    await pay(db, spent, NOON + 15 * DAY)
    await refund(db, payment, 999_900, NOON + 16 * DAY)
    after = await standing(db, owner)
    assert (after.balance, after.friends[0].stage) == (90 - BONUS, FriendStage.REFUNDED)
    async with db.read() as tx:
        assert sum((await ledger.totals(tx)).values()) == 0


async def test_the_percent_is_a_rule_with_a_date_and_a_promise_is_kept(db: Database) -> None:
    owner, friend = await pair(db)
    payment = await buy(db, friend)
    async with db.write() as tx:
        await terms.change_terms(tx, SYSTEM, NOON + DAY, referral_percent=0)
    await refund(db, payment, 499_950, NOON + 2 * DAY)
    await release(db, NOON + 14 * DAY)
    assert (await standing(db, owner)).balance == BONUS // 2
    async with db.write() as tx:
        other = await add_user(tx, plan=None, referred_by=owner.id)
    await buy(db, other, NOON + 3 * DAY)
    assert (await standing(db, owner)).held == 0


async def test_each_friend_says_why_there_is_no_bonus(db: Database) -> None:
    owner, friend = await pair(db)
    async with db.write() as tx:
        unconfirmed = await add_user(tx, plan=None, referred_by=owner.id)
        (await tx.get_one(User, unconfirmed.id)).email_confirmed_at = None
        await add_store(tx, friend)
    stages = {it.email: it.stage for it in (await standing(db, owner)).friends}
    assert stages == {
        friend.email: FriendStage.NO_PAYMENT,
        unconfirmed.email: FriendStage.NO_EMAIL,
    }


async def test_a_managers_eyes_do_not_see_the_owners_money(db: Database) -> None:
    owner, _ = await pair(db)
    async with db.read() as tx:
        with pytest.raises(PermissionDenied):
            await referrals.standing(tx, Actor(Role.USER, acts_for=owner.id), NOON)
