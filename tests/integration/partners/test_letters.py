"""What partners and the operator read by letter, and what another account takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from accounts_scene import Postbox
from partner_scene import PASSWORD, PAYEE, SECRETS, Programme
from records import NOON, add_user
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.errors import TooManyAttempts, WrongCredentials
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Visitor
from cube_demper.domain.notifications.schemas import Letter
from cube_demper.domain.partners import accrual, desk, door, mailing, payouts, people, recovery
from cube_demper.domain.partners.payee import Payee
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import UserRole
from cube_demper.models.operations import OutboxMessage

DAY = timedelta(days=1)
LATER = NOON + 15 * DAY
OTHER = replace(PAYEE, iban="KZ75125KZT2069100100")
SITE = "https://partner.example.kz"


@pytest.fixture
async def rich(programme: Programme, db: Database) -> Programme:
    for _ in range(6):
        await programme.buy(await programme.sign_up())
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, LATER)
    return programme


async def delivered(db: Database, now: datetime) -> list[tuple[str, Letter]]:
    """Deliver what waits in the outbox for partners and the operator, as the worker does."""
    post = Postbox()
    async with db.write() as tx:
        rows = await tx.scalars(
            select(OutboxMessage)
            .where(
                col(OutboxMessage.topic).in_((*mailing.TOPICS, desk.TOPIC)),
                col(OutboxMessage.done_at).is_(None),
                col(OutboxMessage.next_try_at) <= now,
            )
            .order_by(col(OutboxMessage.created_at), col(OutboxMessage.id))
        )
        due = [(row.topic, row.payload) for row in rows.all()]
        for row in (await tx.scalars(select(OutboxMessage))).all():
            row.done_at = row.done_at or (now if row.next_try_at <= now else None)
    for topic, payload in due:
        if topic == desk.TOPIC:
            await desk.deliver(db, post, payload, now)
        else:
            await mailing.deliver(
                db, post, SITE, topic, payload, support="help@example.kz", now=now
            )
    return post.letters


async def ask(it: Programme, payee: Payee = PAYEE, *, is_proven: bool = False) -> UUID:
    async with it.db.write() as tx:
        return await payouts.request(
            tx, it.actor, 500_000, payee, secrets=SECRETS, now=LATER, is_proven=is_proven
        )


async def refused(it: Programme, payout: UUID, reason: str = "Счёт закрыт.") -> None:
    async with it.db.write() as tx:
        await payouts.refuse(tx, SYSTEM, payout, reason, LATER)


async def test_every_step_of_a_payout_is_told_with_sum_account_and_reason(
    rich: Programme, db: Database
) -> None:
    first = await ask(rich)
    ((to, asked),) = await delivered(db, LATER)
    assert to == rich.email
    assert "5\u00a0000\u00a0₸" in asked.text
    assert "•••0100" in asked.text
    assert PAYEE.iban not in asked.text + asked.html
    await refused(rich, first)
    ((_, told),) = await delivered(db, LATER)
    assert "Причина: Счёт закрыт.\n" in told.text
    second = await ask(rich)
    async with db.write() as tx:
        await payouts.approve(tx, SYSTEM, second, LATER)
    async with db.write() as tx:
        await payouts.pay(tx, SYSTEM, second, "ПП 7", LATER)
    letters = [it.subject for _, it in await delivered(db, LATER)]
    assert [it.split()[-1] for it in letters] == ["принята", "одобрена", "отправлена"]


async def test_another_account_takes_the_password_and_waits_a_day(
    rich: Programme, db: Database
) -> None:
    await refused(rich, await ask(rich))
    await delivered(db, LATER)
    with pytest.raises(InvalidInput) as wrong:
        await ask(rich, OTHER)
    assert set(wrong.value.faults) == {"password"}
    payout = await ask(rich, OTHER, is_proven=True)
    about = [it.subject for _, it in await delivered(db, LATER)]
    assert "Новый счёт для выплат" in about
    # Refused and asked for again, the account is as new as it was.
    await refused(rich, payout)
    payout = await ask(rich, OTHER)
    with pytest.raises(Conflict, match="Счёт новый"):
        async with db.write() as tx:
            await payouts.approve(tx, SYSTEM, payout, LATER + DAY - timedelta(minutes=1))
    async with db.write() as tx:
        await payouts.approve(tx, SYSTEM, payout, LATER + DAY)


async def test_the_password_is_the_partners_own_and_not_guessed(
    rich: Programme, db: Database, redis: Redis
) -> None:
    attempts, visitor = RedisAttempts(redis), Visitor("10.0.0.1", "")

    async def prove(password: str) -> None:
        async with db.read() as tx:
            await door.prove(
                tx, rich.actor, password, visitor=visitor, attempts=attempts, now=LATER
            )

    await prove(PASSWORD)
    for _ in range(9):
        with pytest.raises(WrongCredentials):
            await prove("не тот пароль")
    with pytest.raises(TooManyAttempts):
        await prove(PASSWORD)


async def test_a_new_password_is_told(programme: Programme, db: Database) -> None:
    async with db.write() as tx:
        await mailing.enqueue(tx, mailing.RESET, programme.partner_id, NOON)
    post = Postbox(await delivered(db, NOON))
    async with db.write() as tx:
        await recovery.reset_password(
            tx, NOBODY, token=post.link_token(), password="семь красных яблок", now=NOON
        )
    ((to, told),) = await delivered(db, NOON)
    assert (to, told.subject) == (programme.email, "Пароль кабинета партнёра изменён")


async def test_somebody_shut_out_reads_of_their_money_and_gets_no_way_in(
    rich: Programme, db: Database
) -> None:
    payout = await ask(rich)
    async with db.write() as tx:
        await mailing.enqueue(tx, mailing.RESET, rich.partner_id, LATER)
        await people.set_blocked(tx, SYSTEM, rich.email, is_blocked=True, now=LATER)
    await refused(rich, payout)
    subjects = [it.subject for _, it in await delivered(db, LATER)]
    assert [it.split()[-1] for it in subjects] == ["принята", "прошла"]


async def test_the_operator_is_told_once_of_what_waits(rich: Programme, db: Database) -> None:
    async with db.write() as tx:
        await add_user(tx, plan=None, email="boss@example.kz", role=UserRole.ADMIN)
        await add_user(tx, plan=None, email="gone@example.kz", role=UserRole.ADMIN, is_blocked=True)
    await ask(rich)
    for _ in range(2):  # the second one in doubt adds no letter
        user = await rich.sign_up(LATER, email=f"a{len(rich.numbers)}{_}@yopmail.com")
        await rich.buy(user, LATER)
    told = [it for it in await delivered(db, LATER + timedelta(minutes=5)) if "boss" in it[0]]
    ((_, letter),) = told
    assert "1\u00a0заявка на выплату" in letter.text
    assert "2\u00a0начисления на проверке" in letter.text
    assert "gone" not in str(told)


async def test_what_is_decided_meanwhile_is_not_told(rich: Programme, db: Database) -> None:
    async with db.write() as tx:
        await add_user(tx, plan=None, email="boss@example.kz", role=UserRole.ADMIN)
    await refused(rich, await ask(rich))
    letters = await delivered(db, LATER + timedelta(minutes=5))
    assert {to for to, _ in letters} == {rich.email}
