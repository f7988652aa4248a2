"""How a plan renews itself: balance first, then the card, whatever unpaid invoices lie around."""

from __future__ import annotations

from datetime import timedelta

import pytest
from money_scene import active, add_seller, begin, pay, read, save_card
from records import NOON
from sqlmodel import col, select, update

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import announcing, ledger, refunds, subscribing, viewing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.models.billing import (
    Payment,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
    Plan,
    PlanTerms,
    Subscription,
)
from cube_demper.models.ledger import Account
from cube_demper.models.operations import Notification, OutboxMessage

DAY = timedelta(days=1)
END = NOON + 30 * DAY
CHARGED = END - timedelta(hours=5)
PRICE = 999_900


async def step(db: Database, actor: Actor, now: object) -> None:
    plan = await active(db, actor.owner_id)
    assert plan is not None
    async with db.write() as tx:
        await dunning.step(tx, SYSTEM, plan.id, now)  # type: ignore[arg-type]


async def paid_seller(db: Database, *, card: bool = True, balance: int = 0) -> Actor:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    if card:
        await save_card(db, actor)
    if balance:
        lines = [
            Line(Account.REFERRAL_COST, balance),
            Line(Account.CUSTOMER, -balance, actor.owner_id),
        ]
        async with db.write() as tx:
            await ledger.post(tx, Posting(f"gift:{actor.owner_id}", "gift", lines), NOON)
    return actor


async def renewal_of(db: Database, actor: Actor) -> Payment | None:
    async with db.read() as tx:
        found: Payment | None = await tx.scalar(
            select(Payment).where(
                col(Payment.user_id) == actor.owner_id,
                col(Payment.purpose) == PaymentPurpose.RENEW,
                col(Payment.card_id).is_not(None) | (col(Payment.method) == "balance"),
            )
        )
        return found


async def told(db: Database) -> dict[str, str]:
    async with db.read() as tx:
        query = select(Notification).order_by(col(Notification.created_at))
        rows = (await tx.scalars(query)).all()
    return {
        it.dedupe_key.split(":")[0]: f"{it.title}. {it.body}".replace("\u00a0", " ") for it in rows
    }


async def balance_of(db: Database, actor: Actor) -> int:
    async with db.read() as tx:
        return await ledger.owed_to_user(tx, actor.owner_id)


async def announce(db: Database) -> None:
    async with db.read() as tx:
        query = select(OutboxMessage).order_by(col(OutboxMessage.created_at))
        rows = (await tx.scalars(query)).all()
    for row in rows:
        handle = announcing.paid if row.topic == "billing.paid" else announcing.refunded
        async with db.write() as tx:
            await handle(tx, SYSTEM, row.payload, NOON)


@pytest.mark.parametrize("method", [PaymentMethod.BANK_INVOICE, PaymentMethod.CARD])
async def test_an_unpaid_invoice_does_not_keep_the_card_from_renewing(
    db: Database, method: PaymentMethod
) -> None:
    actor = await paid_seller(db)
    unpaid = await begin(db, actor, Plan.BASIC, END - 2 * DAY, method=method)
    await step(db, actor, END - DAY)
    assert (
        f"раньше оплатите счёт {unpaid.invoice_id}, не спишем ничего"
        in (await told(db))["remind_1"]
    )
    await step(db, actor, CHARGED)
    assert (await read(db, unpaid)).status == PaymentStatus.CANCELLED
    words = (await told(db))["invoice_closed"]
    assert words.startswith(f"Счёт {unpaid.invoice_id} закрыт")
    assert "9 999 ₸ с сохранённой карты" in words
    renewal = await renewal_of(db, actor)
    assert renewal is not None
    await pay(db, renewal, CHARGED)
    await pay(db, unpaid, END)  # the bank was slow
    await announce(db)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == END + 30 * DAY
    assert await balance_of(db, actor) == PRICE
    assert unpaid.invoice_id in (await told(db))["paid"] or "лежат на вашем балансе" in str(
        await told(db)
    )


async def test_a_declined_card_leaves_the_invoice_payable(db: Database) -> None:
    actor = await paid_seller(db)
    unpaid = await begin(db, actor, Plan.BASIC, END - DAY, method=PaymentMethod.KASPI_TRANSFER)
    await step(db, actor, CHARGED)
    await pay(db, unpaid, CHARGED + timedelta(hours=1))
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == END + 30 * DAY
    renewal = await renewal_of(db, actor)
    assert renewal is not None
    assert renewal.status == PaymentStatus.CANCELLED  # nothing is charged any more
    assert await balance_of(db, actor) == 0


async def test_the_balance_pays_first_and_the_card_the_rest(db: Database) -> None:
    actor = await paid_seller(db, balance=200_050)
    async with db.read() as tx:
        standing = await viewing.standing(tx, actor, CHARGED)
    assert (standing.renewal, standing.from_balance) == (PRICE, 200_000)
    await step(db, actor, END - DAY)
    assert "спишем 2 000 ₸ с баланса и 7 999 ₸ с сохранённой карты" in (await told(db))["remind_1"]
    await step(db, actor, CHARGED)
    renewal = await renewal_of(db, actor)
    assert renewal is not None
    assert (renewal.amount, renewal.from_balance) == (PRICE, 200_000)
    await pay(db, renewal, CHARGED)
    assert await balance_of(db, actor) == 50
    await announce(db)
    assert "из них с баланса 2 000 ₸" in (await told(db))["paid"]


@pytest.mark.parametrize("card", [True, False])
async def test_a_balance_that_is_enough_renews_without_a_card(db: Database, *, card: bool) -> None:
    actor = await paid_seller(db, card=card, balance=PRICE)
    await step(db, actor, END - DAY)
    assert "22 декабря спишем 9 999 ₸ с баланса." in (await told(db))["remind_1"]
    await step(db, actor, END + timedelta(hours=1))  # the worker slept: no word of a missed payment
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == END + 30 * DAY
    assert (plan.card_id is not None) is card
    assert await balance_of(db, actor) == 0
    assert "grace" not in await told(db)


async def test_a_balance_that_is_too_small_waits_for_its_owner(db: Database) -> None:
    actor = await paid_seller(db, card=False, balance=100_000)
    await step(db, actor, END - DAY)
    assert "9 999 ₸. На балансе есть 1 000 ₸" in (await told(db))["remind_1"]
    await step(db, actor, END)
    assert "grace" in await told(db)
    assert await balance_of(db, actor) == 100_000


async def test_money_on_its_way_back_is_not_spent(db: Database) -> None:
    actor = await paid_seller(db, card=False)
    async with db.read() as tx:
        first = await tx.scalar(select(Payment))
    assert first is not None
    await pay(db, first, NOON, transaction="t-again")  # paid twice: credited
    async with db.write() as tx:
        await refunds.request(
            tx, SYSTEM, f"{first.invoice_id}/t-again", NOON, amount=None, reason="дважды"
        )
    async with db.read() as tx:
        assert await viewing.balance(tx, actor) == 0
    await step(db, actor, END + timedelta(hours=1))
    assert "grace" in await told(db)
    assert await balance_of(db, actor) == PRICE


async def test_money_that_was_spent_from_the_balance_is_not_given_back(db: Database) -> None:
    actor = await paid_seller(db, card=False)
    async with db.read() as tx:
        first = await tx.scalar(select(Payment))
    assert first is not None
    await pay(db, first, NOON, transaction="t-again")
    await step(db, actor, CHARGED)
    assert await balance_of(db, actor) == 0
    with pytest.raises(InvalidInput, match="легли на баланс"):
        async with db.write() as tx:
            await refunds.request(
                tx, SYSTEM, f"{first.invoice_id}/t-again", CHARGED, amount=None, reason=""
            )


async def test_a_plan_that_is_not_sold_cannot_follow_and_a_promised_one_still_does(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    await save_card(db, actor)

    async def sell(*, is_sold: bool) -> None:
        async with db.write() as tx:
            await tx.execute(
                update(PlanTerms).where(col(PlanTerms.code) == "basic").values(is_sold=is_sold)
            )

    await sell(is_sold=False)
    with pytest.raises(InvalidInput, match="не продаётся"):
        async with db.write() as tx:
            await subscribing.change_at_period_end(tx, actor, Plan.BASIC, NOON)
    await sell(is_sold=True)
    async with db.write() as tx:
        await subscribing.change_at_period_end(tx, actor, Plan.BASIC, NOON)
    await sell(is_sold=False)
    await step(db, actor, CHARGED)
    renewal = await renewal_of(db, actor)
    assert renewal is not None
    assert (renewal.plan, renewal.amount) == ("basic", PRICE)


async def test_who_cancels_is_not_charged_by_what_was_opened_before(db: Database) -> None:
    actor = await paid_seller(db)
    await step(db, actor, CHARGED)  # and the gateway is away
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, CHARGED)
    renewal = await renewal_of(db, actor)
    assert renewal is not None
    assert renewal.status == PaymentStatus.CANCELLED
    async with db.read() as tx:
        assert list(await dunning.open_charges(tx, SYSTEM, CHARGED)) == []
        row = await tx.scalar(select(Subscription))
        assert row is not None
        assert row.cancel_at_period_end


async def test_money_of_a_renewal_that_was_unwanted_meanwhile_renews_nothing_more(
    db: Database,
) -> None:
    """The card was being charged when its holder cancelled: the days are theirs, and the last ones."""
    actor = await paid_seller(db)
    await step(db, actor, CHARGED)
    charged = await renewal_of(db, actor)
    assert charged is not None
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, CHARGED)
    assert (await read(db, charged)).status == PaymentStatus.CANCELLED

    await pay(db, charged, CHARGED)

    row = await active(db, actor.owner_id)
    assert row is not None
    assert (row.current_period_end, row.grace_until) == (END + 30 * DAY, None)
    assert row.cancel_at_period_end
    await step(db, actor, row.current_period_end - timedelta(hours=5))
    async with db.read() as tx:
        rows = (
            await tx.scalars(select(Payment.id).where(col(Payment.user_id) == actor.owner_id))
        ).all()
    assert len(rows) == 2, "charged after a cancellation"


async def test_a_smaller_plan_follows_though_the_bigger_one_was_being_charged(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    await save_card(db, actor)
    await step(db, actor, CHARGED)
    charged = await renewal_of(db, actor)
    assert charged is not None
    async with db.write() as tx:
        await subscribing.change_at_period_end(tx, actor, Plan.BASIC, CHARGED)

    await pay(db, charged, CHARGED)

    row = await active(db, actor.owner_id)
    assert row is not None
    assert (row.plan, row.next_plan, row.current_period_end) == ("pro", "basic", END + 30 * DAY)
