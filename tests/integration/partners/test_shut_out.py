"""A partner who is shut out earns nothing new; what they earned before waits for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from money_scene import begin, pay
from partner_scene import PAYEE, SECRETS, SHARE, Programme
from records import NOON, seller
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger
from cube_demper.domain.partners import accrual, deciding, payouts, people
from cube_demper.domain.partners.trail import Stop
from cube_demper.models.billing import Plan
from cube_demper.models.ledger import Account
from cube_demper.models.operations import AuditEntry

DAY = timedelta(days=1)


async def block(it: Programme, now: datetime, *, is_blocked: bool = True) -> None:
    async with it.db.write() as tx:
        await people.set_blocked(tx, SYSTEM, it.email, is_blocked=is_blocked, now=now)


async def test_who_is_shut_out_is_written_down_with_before_and_after(
    programme: Programme, db: Database
) -> None:
    await block(programme, NOON)
    await block(programme, NOON, is_blocked=False)
    async with db.read() as tx:
        rows = (
            await tx.scalars(
                select(AuditEntry)
                .where(col(AuditEntry.entity) == "partner")
                .order_by(col(AuditEntry.created_at))
            )
        ).all()
    changes = [(it.action, it.before, it.after) for it in rows]
    assert changes[0][0] == "partner_created"
    assert (changes[0][2] or {})["commission_percent"] == 20
    assert changes[1:] == [
        ("partner_blocked", {"is_blocked": False}, {"is_blocked": True}),
        ("partner_unblocked", {"is_blocked": True}, {"is_blocked": False}),
    ]


async def release(it: Programme, now: datetime) -> None:
    async with it.db.write() as tx:
        await accrual.release_due(tx, SYSTEM, now)


async def owed(it: Programme) -> tuple[int, int]:
    async with it.db.read() as tx:
        held = await ledger.owed_to_partner(tx, it.partner_id, Account.PARTNER_HELD)
        return held, await ledger.owed_to_partner(tx, it.partner_id, Account.PARTNER_PAYABLE)


async def test_nothing_new_is_earned_and_it_says_why(programme: Programme) -> None:
    user = await programme.sign_up()
    await programme.buy(user)
    await block(programme, NOON + DAY)
    await programme.buy(user, NOON + 29 * DAY)
    assert (await programme.balance()).held == SHARE
    assert await owed(programme) == (SHARE, 0)
    late = await programme.sign_up(NOON + 30 * DAY)
    assert await programme.lead_of(late) is None
    await block(programme, NOON + 31 * DAY, is_blocked=False)
    await release(programme, NOON + 31 * DAY)
    await programme.buy(user, NOON + 58 * DAY)
    assert (await programme.balance()).held == SHARE
    assert await owed(programme) == (SHARE, SHARE)


async def test_a_lead_who_paid_meanwhile_reads_as_not_accrued(programme: Programme) -> None:
    user = await programme.sign_up()
    await block(programme, NOON)
    await programme.buy(user, NOON + DAY)
    facts, stage = await programme.facts(user)
    assert (facts.denied_why, stage) == ("когда клиент оплатил, ваш доступ был закрыт", "refused")
    assert (await programme.trail(user, NOON + DAY)).stop is Stop.DENIED


async def test_a_payment_made_before_is_on_hold_however_late_it_is_told(
    programme: Programme,
) -> None:
    user = await programme.sign_up()
    payment = await begin(programme.db, seller(user), Plan.BASIC, NOON)
    await pay(programme.db, payment, NOON)
    await block(programme, NOON + timedelta(seconds=1))
    await programme.deliver(payment, NOON + DAY)
    assert (await programme.balance()).held == SHARE


async def test_what_was_on_hold_stays_until_the_operator_decides(programme: Programme) -> None:
    for _ in range(2):
        await programme.buy(await programme.sign_up())
    await block(programme, NOON + DAY)
    await release(programme, NOON + 60 * DAY)
    assert (await programme.balance()).held == 2 * SHARE
    await block(programme, NOON + 61 * DAY, is_blocked=False)
    await release(programme, NOON + 61 * DAY)
    assert (await programme.balance()).payable == 2 * SHARE


async def test_the_operator_may_deny_all_of_it(programme: Programme) -> None:
    for _ in range(2):
        await programme.buy(await programme.sign_up())
    with pytest.raises(Conflict):
        async with programme.db.write() as tx:
            await deciding.deny_all(tx, SYSTEM, programme.email, "накрутка", NOON)
    await block(programme, NOON + DAY)
    with pytest.raises(PermissionDenied):
        async with programme.db.write() as tx:
            await deciding.deny_all(tx, programme.actor, programme.email, "накрутка", NOON)
    for count in (2, 0):
        async with programme.db.write() as tx:
            denied = await deciding.deny_all(
                tx, SYSTEM, programme.email, "накрутка", NOON + 2 * DAY
            )
        assert denied == count
    assert (await programme.balance()).earned == 0
    assert await owed(programme) == (0, 0)


async def test_an_open_request_is_not_approved(programme: Programme, db: Database) -> None:
    for _ in range(3):
        await programme.buy(await programme.sign_up())
    await release(programme, NOON + 14 * DAY)
    async with db.write() as tx:
        payout = await payouts.request(
            tx, programme.actor, 500_000, PAYEE, secrets=SECRETS, now=NOON
        )
    await block(programme, NOON + 15 * DAY)
    with pytest.raises(Conflict, match="Доступ партнёра закрыт"):
        async with db.write() as tx:
            await payouts.approve(tx, SYSTEM, payout, NOON + 15 * DAY)
    async with db.write() as tx:
        await payouts.refuse(tx, SYSTEM, payout, "накрутка", NOON + 15 * DAY)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await payouts.request(tx, programme.actor, 500_000, PAYEE, secrets=SECRETS, now=NOON)
    assert (await programme.balance()).payable == 3 * SHARE
