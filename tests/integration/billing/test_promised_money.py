"""What lies on a balance is spent once or given back once, whoever was promised it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from money_scene import active, add_seller, begin, pay, read
from records import NOON

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import balances, ledger, refunds
from cube_demper.models.billing import PaymentMethod, PaymentStatus, Plan

BASIC, PRO = 999_900, 2_999_900
LATER = NOON + timedelta(days=10)
KASPI = PaymentMethod.KASPI_TRANSFER


async def _with_balance(db: Database) -> tuple[Actor, str]:
    """Return a seller who paid BASIC by card twice, and the name of the money on their balance."""
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    for transaction in ("t-1", "t-2"):
        await pay(db, payment, NOON, transaction=transaction)
    return actor, f"{payment.invoice_id}/t-2"


async def _ask_back(db: Database, invoice_id: str) -> None:
    async with db.write() as tx:
        await refunds.request(tx, SYSTEM, invoice_id, LATER, amount=None, reason="по просьбе")


async def _given_back(db: Database, amount: int) -> None:
    async with db.write() as tx:
        await refunds.refunded(tx, SYSTEM, "t-2", LATER, refund_transaction_id="r-1", amount=amount)


async def _money(db: Database, actor: Actor) -> tuple[int, int]:
    """Return what we owe a person, and what of it they may spend."""
    async with db.read() as tx:
        owed = await ledger.owed_to_user(tx, actor.owner_id)
        return owed, await balances.spendable(tx, actor.owner_id)


@pytest.mark.parametrize("has_arrived", [False, True])
async def test_a_balance_that_an_open_payment_counts_on_and_that_is_given_back_buys_nothing(
    db: Database, *, has_arrived: bool
) -> None:
    actor, extra = await _with_balance(db)
    upgrade = await begin(db, actor, Plan.PRO, LATER, method=KASPI, use_balance=True)
    assert (upgrade.from_balance, upgrade.amount) == (BASIC, (PRO - BASIC) * 20 // 30 // 100 * 100)
    await _ask_back(db, extra)
    if has_arrived:
        await _given_back(db, BASIC)
    asked = upgrade.amount - BASIC
    await pay(db, upgrade, LATER)
    after, plan = await read(db, upgrade), await active(db, actor.owner_id)
    assert (after.status, after.is_credited, after.amount) == (PaymentStatus.PAID, True, asked)
    assert plan is not None
    assert plan.plan == "basic"
    if not has_arrived:
        assert await _money(db, actor) == (BASIC + asked, asked)
        await _given_back(db, BASIC)
    assert await _money(db, actor) == (asked, asked)


async def test_a_balance_that_is_on_its_way_back_is_not_offered_again(db: Database) -> None:
    actor, extra = await _with_balance(db)
    await _ask_back(db, extra)
    assert await _money(db, actor) == (BASIC, 0)
    upgrade = await begin(db, actor, Plan.PRO, LATER, method=KASPI, use_balance=True)
    assert upgrade.from_balance == 0


async def test_a_balance_that_is_spent_is_not_given_back(db: Database) -> None:
    actor, extra = await _with_balance(db)
    upgrade = await begin(db, actor, Plan.PRO, LATER, method=KASPI, use_balance=True)
    await pay(db, upgrade, LATER)
    assert await _money(db, actor) == (0, 0)
    with pytest.raises(InvalidInput, match="на баланс"):
        await _ask_back(db, extra)
    assert await _money(db, actor) == (0, 0)


async def test_two_payments_that_count_on_one_balance_spend_it_once(db: Database) -> None:
    """The first was given up for the second, and its money comes all the same."""
    actor, _ = await _with_balance(db)
    given_up = await begin(db, actor, Plan.PRO, LATER, method=KASPI, use_balance=True)
    bought = await begin(
        db, actor, Plan.PRO, LATER, method=PaymentMethod.BANK_INVOICE, use_balance=True
    )
    assert given_up.id != bought.id
    assert given_up.from_balance == bought.from_balance == BASIC
    asked = given_up.amount - BASIC
    for payment in (bought, given_up):
        await pay(db, payment, LATER)
    assert [(await read(db, it)).is_credited for it in (bought, given_up)] == [False, True]
    assert await _money(db, actor) == (asked, asked)


async def test_a_payment_that_counts_on_a_balance_spent_meanwhile_buys_nothing(
    db: Database,
) -> None:
    """Of the same days as well as of others: what it counts on is gone."""
    actor, _ = await _with_balance(db)
    late = NOON + timedelta(days=25)
    given_up = await begin(db, actor, Plan.BASIC, late, method=KASPI, use_balance=False)
    renewal = await begin(db, actor, Plan.BASIC, late, method=KASPI, use_balance=True)
    assert (await read(db, renewal)).status == PaymentStatus.PAID  # by the balance, whole
    first = await active(db, actor.owner_id)
    await pay(db, given_up, late)
    last = await active(db, actor.owner_id)
    assert first is not None
    assert last is not None
    assert first.current_period_end == last.current_period_end == NOON + timedelta(days=60)
    assert await _money(db, actor) == (BASIC, BASIC)
