"""Money that comes starts a plan once, whatever order and how often it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from money_scene import active, add_proxies, add_seller, begin, count_proxies, pay, read
from records import NOON
from sqlmodel import col, select

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger, payments, refunds, service, subscribing
from cube_demper.domain.billing.errors import (
    AnothersTransaction,
    NoSuchPayment,
    PaymentClosed,
    TestPayment,
    WrongSum,
)
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose, PaymentStatus, Plan
from cube_demper.models.gateway import PaymentCard
from cube_demper.models.ledger import Account
from cube_demper.models.operations import OutboxMessage

DAY = timedelta(days=1)


async def outbox_topics(db: Database) -> list[str]:
    async with db.read() as tx:
        rows = await tx.scalars(select(OutboxMessage.topic).order_by(col(OutboxMessage.topic)))
        return list(rows.all())


async def test_payment_starts_thirty_days_and_allots_proxies(db: Database) -> None:
    await add_proxies(db, 120)
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    assert (payment.amount, payment.purpose) == (999_900, PaymentPurpose.SUBSCRIBE)
    await pay(db, payment, NOON + DAY)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert (plan.plan, plan.current_period_end) == ("basic", NOON + 31 * DAY)
    assert await count_proxies(db, actor.owner_id) == 100
    async with db.read() as tx:
        assert await ledger.totals(tx) == {Account.GATEWAY: 999_900, Account.REVENUE: -999_900}


async def test_told_twice_it_is_paid_once(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    for minute in range(3):
        await pay(db, payment, NOON + minute * timedelta(minutes=1))
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == NOON + 30 * DAY
    assert await outbox_topics(db) == ["billing.paid"]


async def test_a_shortage_of_proxies_blocks_nothing(db: Database) -> None:
    await add_proxies(db, 3)
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    assert await count_proxies(db, actor.owner_id) == 3
    assert await active(db, actor.owner_id) is not None


async def test_proxies_that_come_later_go_to_who_paid_first(db: Database) -> None:
    first, second = await add_seller(db, NOON), await add_seller(db, NOON)
    for actor in (first, second):
        await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    await add_proxies(db, 130)
    for _ in range(2):
        async with db.write() as tx:
            await subscribing.fill_shortages(tx, SYSTEM, NOON)
    counts = [await count_proxies(db, it.owner_id) for it in (first, second)]
    assert counts == [100, 30]


async def test_two_tabs_make_one_payment(db: Database) -> None:
    actor = await add_seller(db, NOON)
    first = await begin(db, actor, Plan.PRO, NOON)
    second = await begin(db, actor, Plan.PRO, NOON + timedelta(seconds=1))
    assert first.id == second.id
    third = await begin(db, actor, Plan.BASIC, NOON + timedelta(seconds=2))
    assert third.id != first.id
    assert (await read(db, first)).status == PaymentStatus.CANCELLED


@pytest.mark.parametrize(("amount", "currency"), [(1, "KZT"), (999_900, "RUB"), (999_901, "KZT")])
async def test_a_wrong_sum_changes_nothing(db: Database, amount: int, currency: str) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    money = Settlement(amount, currency, "t", PaymentMethod.CARD, NOON)
    with pytest.raises(WrongSum):
        async with db.write() as tx:
            await payments.paid(tx, SYSTEM, payment.invoice_id, money, NOON)
    assert (await read(db, payment)).status == PaymentStatus.CREATED
    assert await active(db, actor.owner_id) is None


async def test_a_test_payment_and_an_unknown_one_are_refused(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    money = Settlement(999_900, "KZT", "t", PaymentMethod.CARD, NOON, is_test=True)
    with pytest.raises(TestPayment):
        async with db.write() as tx:
            await payments.paid(tx, SYSTEM, payment.invoice_id, money, NOON)
    with pytest.raises(NoSuchPayment):
        async with db.write() as tx:
            await payments.paid(tx, SYSTEM, "CD-NOTHING", money, NOON, is_test_allowed=True)


async def test_anothers_transaction_pays_nothing(db: Database) -> None:
    first = await begin(db, await add_seller(db, NOON), Plan.BASIC, NOON)
    second = await begin(db, await add_seller(db, NOON), Plan.BASIC, NOON)
    await pay(db, first, NOON, transaction="t-1")
    with pytest.raises(AnothersTransaction):
        await pay(db, second, NOON, transaction="t-1")
    assert (await read(db, second)).status == PaymentStatus.CREATED


async def test_money_for_a_closed_invoice_still_starts_the_plan(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    async with db.write() as tx:
        assert await payments.expire(tx, SYSTEM, NOON + 2 * DAY) == 1
    async with db.read() as tx:
        with pytest.raises(PaymentClosed):
            await payments.check(
                tx, SYSTEM, payment.invoice_id, NOON, amount=999_900, currency="KZT"
            )
    await pay(db, payment, NOON + 3 * DAY)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.plan == "basic"


async def test_money_that_buys_nothing_any_more_stays_on_the_balance(db: Database) -> None:
    actor = await add_seller(db, NOON)
    late = await begin(db, actor, Plan.BASIC, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    await pay(db, late, NOON + DAY)
    assert (await read(db, late)).is_credited
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, actor.owner_id) == 999_900
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.plan == "pro"


async def test_an_invoice_paid_twice_keeps_the_second_money_on_the_balance(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    for transaction in ("t-1", "t-2", "t-2"):
        await pay(db, payment, NOON, transaction=transaction)
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, actor.owner_id) == 999_900
        totals = await ledger.totals(tx)
    assert totals[Account.GATEWAY] == 2 * 999_900


async def test_a_declined_attempt_is_forgotten_once_it_is_paid(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    async with db.write() as tx:
        await payments.failed(tx, SYSTEM, payment.invoice_id, code="5051", words="Мало денег")
    assert (await read(db, payment)).failure_words == "Мало денег"
    await pay(db, payment, NOON)
    async with db.write() as tx:
        await payments.failed(tx, SYSTEM, payment.invoice_id, code="5051", words="Мало денег")
    after = await read(db, payment)
    assert (after.status, after.failure_words) == (PaymentStatus.PAID, None)


async def test_a_declined_payment_may_be_paid_with_another_card_while_there_is_time(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    async with db.write() as tx:
        await payments.failed(tx, SYSTEM, payment.invoice_id, code="5051", words="Мало денег")

    async def ask(when: datetime) -> None:
        async with db.read() as tx:
            await payments.check(
                tx, SYSTEM, payment.invoice_id, when, amount=999_900, currency="KZT"
            )

    await ask(NOON)
    with pytest.raises(PaymentClosed):
        await ask(NOON + DAY)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    with pytest.raises(PaymentClosed):  # the days are bought by now
        await ask(NOON)


async def test_nobody_pays_with_anothers_card(db: Database) -> None:
    actor, other = await add_seller(db, NOON), await add_seller(db, NOON)
    async with db.write() as tx:
        card = PaymentCard(user_id=other.owner_id, token="sealed", token_hash=b"1")
        tx.add(card)
    with pytest.raises(NotFound):
        async with db.write() as tx:
            await payments.begin(
                tx, actor, Plan.BASIC, PaymentMethod.CARD, NOON, use_balance=False, card_id=card.id
            )
    async with db.read() as tx:
        assert (await tx.scalars(select(Payment))).all() == []


async def test_a_whole_refund_ends_the_plan_and_is_taken_in_once(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    await pay(db, payment, NOON, transaction="t-1")
    async with db.write() as tx:
        await refunds.request(
            tx, SYSTEM, payment.invoice_id, NOON + DAY, amount=None, reason="Ошибка"
        )
    for _ in range(2):
        async with db.write() as tx:
            await refunds.refunded(
                tx, SYSTEM, "t-1", NOON + DAY, refund_transaction_id="r-1", amount=999_900
            )
    assert (await read(db, payment)).status == PaymentStatus.REFUNDED
    async with db.read() as tx:
        allowed = await service.entitlements(tx, actor, [actor.owner_id], NOON + DAY)
        assert allowed[actor.owner_id].plan is Plan.FREE
        assert set((await ledger.totals(tx)).values()) == {0}
    assert await outbox_topics(db) == ["billing.paid", "billing.refunded"]


async def test_a_refund_before_its_payment_is_told_again_later(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    with pytest.raises(NoSuchPayment):
        async with db.write() as tx:
            await refunds.refunded(
                tx, SYSTEM, "t-1", NOON, refund_transaction_id="r-1", amount=1_000
            )
    await pay(db, payment, NOON, transaction="t-1")
    async with db.write() as tx:
        await refunds.refunded(tx, SYSTEM, "t-1", NOON, refund_transaction_id="r-1", amount=1_000)
    after = await read(db, payment)
    assert (after.status, after.refunded) == (PaymentStatus.PARTLY_REFUNDED, 1_000)
    assert await active(db, actor.owner_id) is not None


async def test_nobody_but_the_product_settles(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    money = Settlement(999_900, "KZT", "t", PaymentMethod.CARD, NOON)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await payments.paid(tx, actor, payment.invoice_id, money, NOON)
