"""What a payment earns: held, released, taken back; told twice or out of turn it changes nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from partner_scene import BASIC, PAYEE, SECRETS, SHARE, Programme, add_partner
from records import NOON, add_store
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger
from cube_demper.domain.partners import accrual, deciding, payouts, terms
from cube_demper.domain.partners.schemas import Step
from cube_demper.domain.partners.trail import StepState, Stop
from cube_demper.models.gateway import PaymentCard
from cube_demper.models.ledger import Account
from cube_demper.models.operations import AuditEntry
from cube_demper.models.partner_program import EntryKind, EntryStatus, PartnerTransaction

DAY = timedelta(days=1)


async def release(db: Database, now: object) -> int:
    async with db.write() as tx:
        return await accrual.release_due(tx, SYSTEM, now)  # type: ignore[arg-type]


async def books(db: Database, partner_id: UUID) -> tuple[int, int]:
    """What the ledger owes the partner: on hold, payable."""
    async with db.read() as tx:
        held = await ledger.owed_to_partner(tx, partner_id, Account.PARTNER_HELD)
        payable = await ledger.owed_to_partner(tx, partner_id, Account.PARTNER_PAYABLE)
        assert sum((await ledger.totals(tx)).values()) == 0
    return held, payable


async def doubted(db: Database) -> PartnerTransaction:
    async with db.read() as tx:
        rows = await tx.scalars(
            select(PartnerTransaction).where(
                PartnerTransaction.status == EntryStatus.DOUBTED,
                col(PartnerTransaction.kind) == EntryKind.COMMISSION,
            )
        )
        return rows.one()


async def test_a_payment_earns_a_fifth_on_hold_and_then_to_be_paid(
    programme: Programme, db: Database
) -> None:
    """ORIGINAL 67: nothing inserted partner income; sums were in two units."""
    user = await programme.sign_up()
    await programme.buy(user)
    assert (await programme.balance()).held == SHARE
    assert await books(db, programme.partner_id) == (SHARE, 0)
    assert await release(db, NOON + 14 * DAY - timedelta(seconds=1)) == 0
    assert await release(db, NOON + 14 * DAY) == 1
    after = await programme.balance()
    assert (after.held, after.payable, after.earned) == (0, SHARE, SHARE)
    assert await books(db, programme.partner_id) == (0, SHARE)


async def test_told_twice_it_earns_once(programme: Programme, db: Database) -> None:
    payment = await programme.buy(await programme.sign_up())
    await programme.deliver(payment, NOON)
    await programme.deliver(payment, NOON + DAY)
    assert await books(db, programme.partner_id) == (SHARE, 0)


async def test_a_sellers_second_payment_earns_too_and_a_strangers_nothing(
    programme: Programme, db: Database
) -> None:
    user = await programme.sign_up()
    await programme.buy(user)
    await programme.buy(user, NOON + 29 * DAY)
    await programme.buy(await programme.sign_up(cookie=""), NOON)
    assert (await programme.balance()).earned == 2 * SHARE


async def test_a_partner_of_their_own_share(db: Database) -> None:
    generous = await add_partner(db, "big@example.kz", percent=35)
    await generous.buy(await generous.sign_up())
    assert (await generous.balance()).held == 349_965


async def test_a_refund_takes_the_same_share_and_parts_leave_no_rounding(
    programme: Programme, db: Database
) -> None:
    payment = await programme.buy(await programme.sign_up())
    for part in (333_333, 333_333, 333_234):
        await programme.refund(payment, NOON + DAY, part)
    assert await books(db, programme.partner_id) == (0, 0)
    assert (await programme.balance()).earned == 0
    assert await release(db, NOON + 15 * DAY) == 1
    assert (await programme.balance()).payable == 0


async def test_a_refund_told_before_its_payment_earns_nothing(
    programme: Programme, db: Database
) -> None:
    user = await programme.sign_up()
    payment = await programme.buy(user)
    await programme.refund(payment, NOON + DAY)
    await programme.deliver(payment, NOON + 2 * DAY)
    assert await books(db, programme.partner_id) == (0, 0)


async def test_a_refund_after_the_release_leaves_a_debt_that_the_next_commission_covers(
    programme: Programme, db: Database
) -> None:
    user, other = await programme.sign_up(), await programme.sign_up()
    three = [await programme.buy(it) for it in (user, other, await programme.sign_up())]
    await release(db, NOON + 14 * DAY)
    async with db.write() as tx:
        await payouts.request(
            tx, programme.actor, 599_900, PAYEE, secrets=SECRETS, now=NOON + 15 * DAY
        )
    for payment in three:
        await programme.refund(payment, NOON + 16 * DAY)
    assert (await programme.balance()).payable == -599_900
    await programme.buy(await programme.sign_up(NOON + 17 * DAY), NOON + 17 * DAY)
    async with db.read() as tx:
        assert sum((await ledger.totals(tx)).values()) == 0


async def test_the_hold_is_a_dated_rule_and_what_was_accrued_keeps_its_own(
    programme: Programme, db: Database
) -> None:
    await programme.buy(await programme.sign_up())
    async with db.write() as tx:
        await terms.change_terms(tx, SYSTEM, NOON + DAY, hold_days=30)
    await programme.buy(await programme.sign_up(NOON + 2 * DAY), NOON + 2 * DAY)
    assert await release(db, NOON + 20 * DAY) == 1


async def test_doubted_money_waits_for_a_person_who_lets_it_go(
    programme: Programme, db: Database
) -> None:
    user = await programme.sign_up(email="a@yopmail.com")
    await programme.buy(user)
    assert (await programme.balance()).doubted == SHARE
    assert await release(db, NOON + 20 * DAY) == 0
    trail = await programme.trail(user, NOON + 20 * DAY)
    assert trail.stop is Stop.DOUBTED
    entry = await doubted(db)
    async with db.write() as tx:
        await deciding.clear(tx, SYSTEM, entry.id, NOON + 20 * DAY)
    assert (await programme.balance()).payable == SHARE
    # What was cleared once is not doubted for the same sign again.
    await programme.buy(user, NOON + 29 * DAY)
    assert (await programme.balance()).held == SHARE
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await deciding.clear(tx, SYSTEM, entry.id, NOON + 30 * DAY)


async def test_denied_money_is_never_paid_and_says_why(programme: Programme, db: Database) -> None:
    user = await programme.sign_up(email="a@yopmail.com")
    payment = await programme.buy(user)
    entry = await doubted(db)
    async with db.write() as tx:
        await deciding.deny(tx, SYSTEM, entry.id, "Магазина не существует", NOON + DAY)
    async with db.read() as tx:
        row = await tx.scalar(select(AuditEntry).where(AuditEntry.action == "commission_denied"))
    assert row is not None
    assert (row.before, row.after) == ({"status": "doubted"}, {"status": "denied"})
    assert row.details["amount"] == SHARE
    assert (await programme.trail(user, NOON + DAY)).stop is Stop.DENIED
    await programme.refund(payment, NOON + 2 * DAY)
    assert await books(db, programme.partner_id) == (0, 0)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await deciding.clear(tx, programme.actor, entry.id, NOON)


async def test_ones_own_payments_earn_nothing(programme: Programme, db: Database) -> None:
    user = await programme.sign_up(email="partner+me@example.kz")
    await programme.buy(user)
    assert await books(db, programme.partner_id) == (0, 0)
    assert (await programme.balance()).earned == 0
    assert (await programme.trail(user, NOON)).stop is Stop.SELF


async def test_a_card_that_another_of_their_sellers_saved_is_doubted(
    programme: Programme, db: Database
) -> None:
    first, second = await programme.sign_up(), await programme.sign_up()
    async with db.write() as tx:
        for user, token in ((first, b"a"), (second, b"b")):
            digits = {"first_six": "440043", "last_four": "1111", "expires": "11/29"}
            tx.add(PaymentCard(user_id=user.id, token="sealed", token_hash=token, **digits))
    await programme.buy(second)
    trail = await programme.trail(second, NOON)
    assert trail.stop is Stop.DOUBTED
    assert (await programme.facts(second))[0].money_doubts == ("own_card",)
    stranger = await add_partner(db, "stranger@example.kz")
    await stranger.buy(await stranger.sign_up())
    assert (await stranger.balance()).held == SHARE


async def test_a_share_of_refunds_holds_what_comes_after(programme: Programme) -> None:
    payments = [await programme.buy(await programme.sign_up()) for _ in range(4)]
    await programme.refund(payments[0], NOON + DAY)
    await programme.buy(await programme.sign_up(NOON + 2 * DAY), NOON + 2 * DAY)
    after = await programme.balance()
    assert (after.held, after.doubted) == (3 * SHARE, SHARE)


async def test_the_trail_says_where_it_stops_to_the_tenge(
    programme: Programme, db: Database
) -> None:
    user = await programme.sign_up()
    assert (await programme.trail(user, NOON)).stop is Stop.NO_STORE
    async with db.write() as tx:
        await add_store(tx, user)
    assert (await programme.trail(user, NOON)).stop is Stop.NO_PAYMENT
    await programme.buy(user)
    trail = await programme.trail(user, NOON + DAY)
    assert trail.stop is Stop.ON_HOLD
    hold = next(it for it in trail.steps if it.step is Step.HOLD)
    assert (hold.state, hold.at, hold.amount) == (StepState.HERE, NOON + 14 * DAY, SHARE)
    paid = next(it for it in trail.steps if it.step is Step.PAYMENT)
    assert paid.amount == BASIC
    await release(db, NOON + 14 * DAY)
    done = await programme.trail(user, NOON + 15 * DAY)
    assert done.stop is Stop.NOTHING
    assert all(it.state is StepState.DONE for it in done.steps)
