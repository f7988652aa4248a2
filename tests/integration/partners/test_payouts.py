"""Money asked for leaves the account at once, comes back when refused, and is asked for once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from partner_scene import PAYEE, SECRETS, SHARE, Programme, add_partner
from records import NOON
from sqlmodel import select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger
from cube_demper.domain.partners import accrual, payouts
from cube_demper.models.ledger import Account
from cube_demper.models.partner_program import PartnerPayout, PayoutStatus

DAY = timedelta(days=1)
LATER = NOON + 15 * DAY
ASKED = 550_000


@pytest.fixture
async def rich(programme: Programme, db: Database) -> Programme:
    """A partner with 5 999,40 ₸ to be paid."""
    for _ in range(3):
        await programme.buy(await programme.sign_up())
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, NOON + 14 * DAY)
    return programme


async def ask(it: Programme, amount: int = ASKED) -> UUID:
    async with it.db.write() as tx:
        return await payouts.request(tx, it.actor, amount, PAYEE, secrets=SECRETS, now=LATER)


async def payable_books(it: Programme) -> int:
    async with it.db.read() as tx:
        return await ledger.owed_to_partner(tx, it.partner_id, Account.PARTNER_PAYABLE)


async def test_the_way_of_a_payout_to_the_bank(rich: Programme) -> None:
    number = await ask(rich)
    asked = await rich.balance()
    assert (asked.payable, asked.asked) == (3 * SHARE - ASKED, ASKED)
    assert await payable_books(rich) == 3 * SHARE
    async with rich.db.write() as tx:
        await payouts.approve(tx, SYSTEM, number, LATER)
    async with rich.db.write() as tx:
        await payouts.pay(tx, SYSTEM, number, "ПП 104", LATER + DAY)
    after = await rich.balance()
    assert (after.payable, after.asked, after.paid) == (3 * SHARE - ASKED, 0, ASKED)
    assert await payable_books(rich) == after.payable
    with pytest.raises(Conflict, match="«Выплачена»"):
        async with rich.db.write() as tx:
            await payouts.pay(tx, SYSTEM, number, "ПП 105", LATER + DAY)


async def test_a_refused_payout_is_the_partners_money_again(rich: Programme) -> None:
    """ORIGINAL 67: rejected payouts still counted as withdrawn."""
    number = await ask(rich)
    with pytest.raises(InvalidInput):
        async with rich.db.write() as tx:
            await payouts.refuse(tx, SYSTEM, number, " ", LATER)
    async with rich.db.write() as tx:
        await payouts.refuse(tx, SYSTEM, number, "Счёт закрыт", LATER)
    after = await rich.balance()
    assert (after.payable, after.asked, after.paid) == (3 * SHARE, 0, 0)
    assert await payable_books(rich) == 3 * SHARE
    async with rich.db.read() as tx:
        rows, count = await payouts.listing(tx, rich.actor, page=1, size=10)
    assert (count, rows[0].reason) == (1, "Счёт закрыт")
    await ask(rich)


async def test_two_requests_at_once_are_one(rich: Programme) -> None:
    answers = await asyncio.gather(ask(rich, 500_000), ask(rich, 500_000), return_exceptions=True)
    assert sorted(type(it).__name__ for it in answers) == ["Conflict", "UUID"]
    assert (await rich.balance()).asked == 500_000


@pytest.mark.parametrize("amount", [499_900, 599_941, 600_000, 500_050, 0, -500_000])
async def test_too_little_too_much_and_parts_of_a_tenge_are_refused(
    rich: Programme, amount: int
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await ask(rich, amount)
    assert refusal.value.field == "amount"
    assert (await rich.balance()).asked == 0


async def test_bank_details_are_sealed_and_only_their_end_is_shown(rich: Programme) -> None:
    await ask(rich)
    async with rich.db.read() as tx:
        row = (await tx.scalars(select(PartnerPayout))).one()
        assert PAYEE.iban not in row.payee
        assert PAYEE.tax_id not in row.payee
        assert row.account_end == PAYEE.iban[-4:]
        assert await payouts.known_payee(tx, rich.actor, SECRETS) == PAYEE
        (seen,) = await payouts.for_operator(tx, SYSTEM, [PayoutStatus.REQUESTED], SECRETS)
    assert PAYEE.iban in seen.payee


async def test_a_refund_meanwhile_stops_the_approval(rich: Programme) -> None:
    payment = await rich.buy(await rich.sign_up(LATER - 14 * DAY), LATER - 14 * DAY)
    async with rich.db.write() as tx:
        await accrual.release_due(tx, SYSTEM, LATER)
    number = await ask(rich, 799_900)
    await rich.refund(payment, LATER + DAY)
    with pytest.raises(Conflict, match="не хватает"):
        async with rich.db.write() as tx:
            await payouts.approve(tx, SYSTEM, number, LATER + DAY)


async def test_only_the_operator_decides_and_only_ones_own_is_seen(
    rich: Programme, db: Database
) -> None:
    number = await ask(rich)
    stranger = await add_partner(db, "stranger@example.kz")
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await payouts.approve(tx, rich.actor, number, LATER)
    async with db.read() as tx:
        assert await payouts.listing(tx, stranger.actor, page=1, size=10) == ([], 0)
        assert await payouts.known_payee(tx, stranger.actor, SECRETS) is None
    assert (await stranger.balance()).payable == 0
