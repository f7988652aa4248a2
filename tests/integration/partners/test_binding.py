"""A seller is bound at sign-up to whoever sent them, for good; signs of fraud are noted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts_scene import HOME, PASSWORD
from partner_scene import SECRETS, Programme, add_partner
from records import NOON
from redis.asyncio import Redis
from sqlmodel import select

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import TooManyAttempts
from cube_demper.domain.accounts.schemas import NOBODY
from cube_demper.domain.partners.clicks import marks_of
from cube_demper.domain.partners.schemas import CameBy
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import User
from cube_demper.models.partner_program import PartnerLead

DAY = timedelta(days=1)


async def register(
    db: Database, redis: Redis, email: str, *, cookie: str = "", code: str = "", friend: str = ""
) -> User:
    async with db.write() as tx:
        await accounts.register(
            tx,
            NOBODY,
            accounts.Registration(
                email=email,
                password=PASSWORD,
                referral_code=friend,
                has_agreed=True,
                came_by=CameBy(cookie, code, marks_of(SECRETS, HOME)),
            ),
            visitor=HOME,
            attempts=RedisAttempts(redis),
            now=NOON,
        )
        user = await tx.scalar(select(User).where(User.email == email))
        assert user
        return user


async def test_registration_binds_the_lead_in_its_own_transaction(
    programme: Programme, db: Database, redis: Redis
) -> None:
    cookie = await programme.click() or ""
    user = await register(db, redis, "new@example.kz", cookie=cookie)
    lead = await programme.lead_of(user)
    assert lead
    assert (lead.way, lead.clicked_at, lead.doubts) == ("link", NOON, [])
    assert user.partner_id == programme.partner_id


async def test_a_spoken_code_is_stronger_than_a_link_and_forgives_the_keyboard(
    programme: Programme, db: Database, redis: Redis
) -> None:
    other = await add_partner(db, "other@example.kz")
    cookie = await other.click() or ""
    spoken = " ".join(programme.code.lower())
    user = await register(db, redis, "new@example.kz", cookie=cookie, code=spoken)
    lead = await programme.lead_of(user)
    assert lead
    assert (lead.partner_id, lead.way) == (programme.partner_id, "code")


async def test_a_wrong_code_is_said_under_its_field_and_nobody_is_made(
    programme: Programme, db: Database, redis: Redis
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await register(db, redis, "new@example.kz", code="НЕТТАКОГО")
    assert "promo_code" in refusal.value.faults
    async with db.read() as tx:
        assert (await tx.scalars(select(User))).all() == []


async def test_codes_cannot_be_tried_out_by_the_thousand(
    programme: Programme, db: Database, redis: Redis
) -> None:
    for number in range(60):
        with pytest.raises(InvalidInput):
            await register(db, redis, f"a{number}@example.kz", code=f"WR{number}")
    with pytest.raises(TooManyAttempts):
        await register(db, redis, "new@example.kz", code=programme.code)
    # Whoever types none is not held up by that.
    assert await register(db, redis, "plain@example.kz")


async def test_a_friends_code_binds_to_the_friend_but_never_to_oneself(
    programme: Programme, db: Database, redis: Redis
) -> None:
    friend = await register(db, redis, "friend@gmail.com")
    brought = await register(db, redis, "new@example.kz", code=friend.referral_code.upper())
    again = await register(db, redis, "f.riend+2@gmail.com", friend=friend.referral_code)
    assert brought.referred_by == friend.id
    assert again.referred_by is None


async def test_a_partner_leaves_no_bonus_for_a_friend(
    programme: Programme, db: Database, redis: Redis
) -> None:
    friend = await register(db, redis, "friend@example.kz")
    cookie = await programme.click() or ""
    user = await register(db, redis, "new@example.kz", cookie=cookie, friend=friend.referral_code)
    assert (user.partner_id, user.referred_by) == (programme.partner_id, None)


async def test_a_friend_who_is_named_is_stronger_than_a_partners_cookie(
    programme: Programme, db: Database, redis: Redis
) -> None:
    friend = await register(db, redis, "friend@example.kz")
    cookie = await programme.click() or ""
    named = await register(db, redis, "new@example.kz", cookie=cookie, code=friend.referral_code)
    assert (named.partner_id, named.referred_by) == (None, friend.id)
    # One's own code names nobody: then the link counts.
    own = await register(db, redis, "friend+2@example.kz", cookie=cookie, code=friend.referral_code)
    assert (own.partner_id, own.referred_by) == (programme.partner_id, None)


async def test_bringing_oneself_is_refused_and_said(programme: Programme) -> None:
    user = await programme.sign_up(email="partner+shop@example.kz")
    lead = await programme.lead_of(user)
    assert lead
    assert lead.doubts == ["self"]
    assert user.partner_id is None


async def test_a_click_older_than_the_cookie_binds_nobody(programme: Programme) -> None:
    cookie = await programme.click() or ""
    late = await programme.sign_up(NOON + 91 * DAY, cookie=cookie)
    in_time = await programme.sign_up(NOON + 90 * DAY, cookie=cookie)
    assert await programme.lead_of(late) is None
    assert await programme.lead_of(in_time) is not None


async def test_a_forged_cookie_binds_nobody(programme: Programme) -> None:
    for cookie in ("x", "../../etc", "ZZZZZZ.", f"{'A' * 500}.1"):
        assert await programme.lead_of(await programme.sign_up(cookie=cookie)) is None


async def test_many_sign_ups_from_one_address_are_doubted(programme: Programme) -> None:
    users = [await programme.sign_up(ip="10.5.0.1") for _ in range(3)]
    doubts = [(await programme.lead_of(it)).doubts for it in users]  # type: ignore[union-attr]
    assert doubts == [[], [], ["many_from_address"]]


async def test_a_mailbox_for_ten_minutes_is_doubted(programme: Programme) -> None:
    user = await programme.sign_up(email="a@mailinator.com")
    async with programme.db.read() as tx:
        lead = await tx.scalar(select(PartnerLead).where(PartnerLead.user_id == user.id))
    assert lead
    assert lead.doubts == ["throwaway_mail"]
