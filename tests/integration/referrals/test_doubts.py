"""Who pays themselves through a friend: the bonus waits for a person, and the seller reads why."""

from __future__ import annotations

import pytest
from friends_scene import BONUS, DAY, buy, pair, refund, release, standing
from records import NOON, add_user, seller
from sqlalchemy import text

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import new_id, new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.referrals import doubts
from cube_demper.domain.referrals.schemas import DoubtedBonus, FriendStage
from cube_demper.models.accounts import User, UserSession
from cube_demper.models.billing import Payment
from cube_demper.models.gateway import PaymentCard
from cube_demper.models.referrals import ReferralTransaction


async def _signs_in(db: Database, user: User, ip: str, browser: str = "Chrome") -> None:
    async with db.write() as tx:
        tx.add(
            UserSession(
                token_hash=token_hash(new_token()),
                app=CubeApp.SELLER,
                user_id=user.id,
                ip=ip,
                user_agent=browser,
                expires_at=NOON + DAY,
            )
        )


async def _saves_card(db: Database, user: User, last_four: str = "1111") -> None:
    """Save a card; the gateway's token of one card differs from person to person."""
    async with db.write() as tx:
        tx.add(
            PaymentCard(
                user_id=user.id,
                token="-",
                token_hash=new_token().encode()[:32],
                first_six="411111",
                last_four=last_four,
                expires="12/28",
            )
        )


async def _waiting(db: Database) -> list[DoubtedBonus]:
    async with db.read() as tx:
        listed = await doubts.doubted(tx, SYSTEM)
        assert len(listed) == await doubts.count_doubted(tx, SYSTEM)
        return listed


@pytest.mark.parametrize(("browser", "sign"), [("Chrome", "own_device"), ("Safari", "own_address")])
async def test_a_friend_behind_the_sellers_own_screen_is_doubted(
    db: Database, browser: str, sign: str
) -> None:
    owner, friend = await pair(db)
    await _signs_in(db, owner, "10.0.0.1")
    await _signs_in(db, friend, "10.0.0.1", browser)
    await buy(db, friend)
    assert await release(db, NOON + 60 * DAY) == 0
    seen = (await standing(db, owner)).friends[0]
    assert (seen.stage, seen.doubts) == (FriendStage.DOUBTED, (sign,))
    (row,) = await _waiting(db)
    assert (row.seller, row.friend, row.amount) == (owner.email, friend.email, BONUS)


async def test_two_people_who_never_met_are_not(db: Database) -> None:
    owner, friend = await pair(db)
    await _signs_in(db, owner, "10.0.0.1")
    await _signs_in(db, owner, "")
    await _signs_in(db, friend, "10.0.0.2")
    await _signs_in(db, friend, "")
    await _saves_card(db, owner, "2222")
    await _saves_card(db, friend)
    await buy(db, friend)
    assert not await _waiting(db)
    assert await release(db, NOON + 14 * DAY) == 1


async def test_one_card_of_two_friends_is_doubted(db: Database) -> None:
    owner, friend = await pair(db)
    async with db.write() as tx:
        other = await add_user(tx, plan=None, referred_by=owner.id)
    await _saves_card(db, friend)
    await _saves_card(db, other)
    await buy(db, other)
    (row,) = await _waiting(db)
    assert row.doubts == ("own_card",)


async def test_a_crowd_from_one_address_and_a_mailbox_for_ten_minutes(db: Database) -> None:
    owner, friend = await pair(db)
    async with db.write() as tx:
        crowd = [await add_user(tx, plan=None, referred_by=owner.id) for _ in range(2)]
        (await tx.get_one(User, friend.id)).email = "a@mailinator.com"
    for user in (friend, *crowd):
        await _signs_in(db, user, "10.0.0.9")
    await buy(db, friend)
    (row,) = await _waiting(db)
    assert row.doubts == ("many_from_address", "throwaway_mail")


async def _doubted(db: Database) -> tuple[User, User, DoubtedBonus]:
    owner, friend = await pair(db)
    await _saves_card(db, owner)
    await _saves_card(db, friend)
    await buy(db, friend)
    (row,) = await _waiting(db)
    return owner, friend, row


async def test_a_cleared_bonus_is_paid_as_any_other(db: Database) -> None:
    owner, _, row = await _doubted(db)
    async with db.write() as tx:
        await doubts.clear(tx, SYSTEM, row.id, NOON)
    assert not await _waiting(db)
    assert (await standing(db, owner)).friends[0].stage is FriendStage.ON_HOLD
    assert await release(db, NOON + 14 * DAY) == 1
    assert (await standing(db, owner)).balance == BONUS
    async with db.write() as tx:
        with pytest.raises(Conflict):
            await doubts.deny(tx, SYSTEM, row.id, "поздно", NOON)


async def test_a_denied_bonus_is_never_paid_and_says_why(db: Database) -> None:
    owner, _, row = await _doubted(db)
    payment_day = NOON + DAY
    async with db.write() as tx:
        with pytest.raises(InvalidInput):
            await doubts.deny(tx, SYSTEM, row.id, "  ", payment_day)
    async with db.write() as tx:
        await doubts.deny(tx, SYSTEM, row.id, "Карта ваша.", payment_day)
    seen = await standing(db, owner)
    assert (seen.held, seen.friends[0].stage) == (0, FriendStage.DENIED)
    assert seen.friends[0].note == "Карта ваша."
    assert await release(db, NOON + 60 * DAY) == 0
    async with db.read() as tx:
        bonus = await tx.get_one(ReferralTransaction, row.id)
        payment = await tx.get_one(Payment, bonus.payment_id)
    await refund(db, payment, 999_900, NOON + 2 * DAY)
    after = await standing(db, owner)
    assert (after.balance, after.held) == (0, 0)


async def test_only_an_operator_decides_and_only_about_what_there_is(db: Database) -> None:
    owner, _, row = await _doubted(db)
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await doubts.clear(tx, seller(owner), row.id, NOON)
        with pytest.raises(PermissionDenied):
            await doubts.doubted(tx, seller(owner))
        with pytest.raises(PermissionDenied):
            await doubts.count_doubted(tx, seller(owner))
        with pytest.raises(NotFound):
            await doubts.clear(tx, SYSTEM, new_id(), NOON)


async def test_friends_are_counted_by_an_index_not_by_walking_all_users(db: Database) -> None:
    async with db.write() as tx:
        owner = await add_user(tx, plan=None)
        await tx.execute(
            text(
                "INSERT INTO users (email, password_hash, full_name, role, locale, referral_code)"
                " SELECT 'x' || n || '@example.kz', '-', '', 'user', 'ru', lpad(n::text, 8, '0')"
                " FROM generate_series(1, 3000) n"
            )
        )
        await tx.execute(text("ANALYZE users"))
        rows = await tx.execute(
            text("EXPLAIN SELECT id FROM users WHERE referred_by = :id"), {"id": owner.id}
        )
        plan = "\n".join(it[0] for it in rows)
    assert "ix_users_referred_by" in plan
