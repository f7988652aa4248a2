"""A plan that ends: told before, charged, borne for some days, landed where the seller chose, and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from money_scene import active, add_proxies, add_seller, begin, count_proxies, pay, save_card
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import payments, service, subscribing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.stores import service as stores
from cube_demper.models.billing import (
    Landing,
    Payment,
    PaymentPurpose,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from cube_demper.models.catalog import Product
from cube_demper.models.dunning import DunningCase, DunningState, LandedPrice
from cube_demper.models.operations import Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings

DAY = timedelta(days=1)
END = NOON + 30 * DAY


async def step(db: Database, now: datetime) -> None:
    async with db.read() as tx:
        found = await dunning.due_subscriptions(tx, SYSTEM, now)
    for one in found:
        async with db.write() as tx:
            await dunning.step(tx, SYSTEM, one, now)


async def told(db: Database) -> list[str]:
    async with db.read() as tx:
        rows = await tx.scalars(
            select(Notification.dedupe_key).order_by(col(Notification.created_at))
        )
        return [key.split(":")[0] for key in rows.all()]


async def paid_seller(db: Database, plan: Plan = Plan.BASIC) -> Actor:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, plan, NOON), NOON)
    return actor


async def payments_of(db: Database, actor: Actor) -> list[Payment]:
    async with db.read() as tx:
        rows = await tx.scalars(
            select(Payment)
            .where(col(Payment.user_id) == actor.owner_id)
            .order_by(col(Payment.expires_at))
        )
        return list(rows.all())


async def test_reminders_come_once_each_and_a_late_worker_tells_the_latest(db: Database) -> None:
    await paid_seller(db)
    await step(db, NOON)
    assert await told(db) == []
    for hours in range(-8 * 24, 0, 6):
        await step(db, END + timedelta(hours=hours))
    assert await told(db) == ["remind_7", "remind_3", "remind_1"]


async def test_a_worker_that_slept_tells_only_what_is_true_now(db: Database) -> None:
    await paid_seller(db)
    await step(db, END - timedelta(hours=20))
    assert await told(db) == ["remind_1"]


async def test_the_plan_works_in_its_grace_and_not_a_minute_longer(db: Database) -> None:
    actor = await paid_seller(db)
    for after, plan, in_grace in (
        (-timedelta(minutes=1), Plan.BASIC, False),
        (timedelta(), Plan.BASIC, True),
        (3 * DAY - timedelta(minutes=1), Plan.BASIC, True),
        (3 * DAY, Plan.FREE, False),
    ):
        async with db.read() as tx:
            found = (await service.entitlements(tx, actor, [actor.owner_id], END + after))[
                actor.owner_id
            ]
        assert (found.plan, found.in_grace) == (plan, in_grace)


async def test_a_saved_card_is_charged_before_the_end_and_again_after_a_decline(
    db: Database,
) -> None:
    actor = await paid_seller(db)
    await save_card(db, actor)
    tries = []
    for hours in range(-12, 80, 3):
        now = END + timedelta(hours=hours)
        await step(db, now)
        async with db.read() as tx:
            waiting = await dunning.open_charges(tx, SYSTEM, now)
        for payment_id in waiting:
            tries.append(hours)
            async with db.write() as tx:
                found = await tx.get_one(Payment, payment_id)
                await payments.failed(tx, SYSTEM, found.invoice_id, code="5051", words="Нет денег")
    assert tries == [-6, 12, 36, 60]
    assert await active(db, actor.owner_id) is None  # landed when the grace was over
    assert (await told(db))[-1] == "landed"


async def test_a_renewal_goes_on_from_the_old_end(db: Database) -> None:
    actor = await paid_seller(db)
    await save_card(db, actor)
    await step(db, END - timedelta(hours=5))
    renewal = (await payments_of(db, actor))[-1]
    assert (renewal.purpose, renewal.amount) == (PaymentPurpose.RENEW, 999_900)
    await pay(db, renewal, END + DAY)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == END + 30 * DAY
    assert plan.card_id is not None


async def test_two_workers_open_one_charge(db: Database) -> None:
    actor = await paid_seller(db)
    await save_card(db, actor)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    for _ in range(2):
        async with db.write() as tx:
            await dunning.step(tx, SYSTEM, plan.id, END - timedelta(hours=5))
    assert len(await payments_of(db, actor)) == 2


async def test_a_smaller_plan_follows_at_its_own_price(db: Database) -> None:
    actor = await paid_seller(db, Plan.PRO)
    await save_card(db, actor)
    async with db.write() as tx:
        assert await subscribing.change_at_period_end(tx, actor, Plan.BASIC, NOON) == END
    await step(db, END - timedelta(hours=5))
    renewal = (await payments_of(db, actor))[-1]
    assert (renewal.plan, renewal.amount) == ("basic", 999_900)
    await pay(db, renewal, END - timedelta(hours=4))
    async with db.read() as tx:
        before = await service.entitlements(tx, actor, [actor.owner_id], END - timedelta(hours=1))
        after = await service.entitlements(tx, actor, [actor.owner_id], END + timedelta(hours=1))
    assert before[actor.owner_id].plan is Plan.PRO
    assert after[actor.owner_id].plan is Plan.BASIC


async def test_a_cancelled_plan_ends_without_grace_unless_it_is_resumed(db: Database) -> None:
    await add_proxies(db, 5)
    actor = await paid_seller(db)
    async with db.write() as tx:
        assert await subscribing.cancel_at_period_end(tx, actor, NOON) == END
    async with db.write() as tx:
        await subscribing.resume(tx, actor, NOON)
        await subscribing.cancel_at_period_end(tx, actor, NOON)
    await step(db, END)
    assert await active(db, actor.owner_id) is None
    assert await count_proxies(db, actor.owner_id) == 0


async def test_renewal_cancelled_in_the_grace_does_not_cut_it(db: Database) -> None:
    actor = await paid_seller(db)
    async with db.write() as tx:
        until = await subscribing.cancel_at_period_end(tx, actor, END + DAY)
    assert until == END + 3 * DAY
    await step(db, END + 2 * DAY)
    async with db.read() as tx:
        found = await service.entitlements(tx, actor, [actor.owner_id], END + 2 * DAY)
    assert found[actor.owner_id].plan is Plan.BASIC
    await step(db, END + 3 * DAY)
    assert await active(db, actor.owner_id) is None


async def shop(db: Database, where: Landing) -> tuple[Actor, Product]:
    """A seller in a price war: base 12 000 ₸, floor 9 000, price 10 000, a rival at 9 900."""
    async with db.write() as tx:
        user = await add_user(tx, plan=Plan.BASIC)
        store = await add_store(tx, user)
        product = await add_product(
            tx,
            store,
            price=1_000_000,
            base_price=1_200_000,
            min_price=900_000,
            competitor_price=990_000,
        )
        await add_decision(tx, product, PriceStatus.QUEUED, new_price=989_900)
        actor = seller(user)
        await subscribing.choose_landing(tx, actor, where, NOON)
        row = await tx.scalar(select(Subscription))
        assert row is not None
        row.current_period_end = NOON + DAY
        return actor, product


@pytest.mark.parametrize(
    ("where", "target"),
    [(Landing.STAY, None), (Landing.FLOOR, 900_000), (Landing.BASE, 1_200_000)],
)
async def test_prices_stop_where_the_seller_chose(
    db: Database, where: Landing, target: int | None
) -> None:
    actor, product = await shop(db, where)
    await step(db, NOON + 2 * DAY)
    async with db.read() as tx:
        (place,) = (await tx.scalars(select(LandedPrice))).all()
        (case,) = (await tx.scalars(select(DunningCase))).all()
        rows = (await tx.scalars(select(PriceHistory))).all()
        told_ = (await tx.scalars(select(Notification))).all()
    assert (place.product_id, place.target) == (product.id, target)
    assert (case.state, case.goods, case.at_risk) == (
        DunningState.LANDED, 1, int(where is not Landing.FLOOR),
    )  # fmt: skip
    queued = [it for it in rows if it.status == PriceStatus.QUEUED]
    assert [it.new_price for it in queued] == ([target] if target else [])
    assert all(it.change_reason == "plan_ended" and it.approved_at for it in queued)
    assert [it.title for it in told_] == ["Тариф закончился"]
    assert "1 товар" in told_[0].body.replace("\u00a0", " ")
    async with db.read() as tx:
        found = await service.entitlements(tx, actor, [actor.owner_id], NOON + 2 * DAY)
    assert found[actor.owner_id].landed


async def test_where_prices_stop_may_be_chosen_in_the_grace_too(db: Database) -> None:
    actor, product = await shop(db, Landing.STAY)
    async with db.write() as tx:
        row = await tx.scalar(select(Subscription))
        assert row is not None
        row.grace_until = NOON + 2 * DAY
    await step(db, NOON + DAY)
    async with db.write() as tx:
        await subscribing.choose_landing(tx, actor, Landing.FLOOR, NOON + DAY)
    await step(db, NOON + 2 * DAY)
    async with db.read() as tx:
        (place,) = (await tx.scalars(select(LandedPrice))).all()
    assert (place.product_id, place.target) == (product.id, 900_000)


async def test_a_bot_that_only_suggested_sends_nothing(db: Database) -> None:
    actor, product = await shop(db, Landing.BASE)
    async with db.write() as tx:
        await stores.set_mode(tx, actor, product.store_id, BotMode.SUGGEST, NOON)
    await step(db, NOON + 2 * DAY)
    async with db.read() as tx:
        rows = (await tx.scalars(select(PriceHistory.status))).all()
    assert PriceStatus.QUEUED not in rows


async def test_payment_wakes_the_bot_and_takes_its_landing_back(db: Database) -> None:
    actor, product = await shop(db, Landing.BASE)
    await step(db, NOON + 2 * DAY)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON + 3 * DAY), NOON + 3 * DAY)
    async with db.read() as tx:
        rows = (await tx.scalars(select(PriceHistory.status))).all()
        again = await tx.get_one(Product, product.id)
        case = await tx.scalar(select(DunningCase))
        found = await service.entitlements(tx, actor, [actor.owner_id], NOON + 3 * DAY)
    assert PriceStatus.QUEUED not in rows
    assert again.next_check_at == NOON + 3 * DAY
    assert again.bot_active
    assert case is not None
    assert case.state == DunningState.RECOVERED
    assert found[actor.owner_id].can_reprice
    assert not found[actor.owner_id].landed


async def test_a_closed_store_lands_when_its_hours_open(db: Database) -> None:
    actor, product = await shop(db, Landing.FLOOR)
    async with db.write() as tx:
        settings = await tx.scalar(select(DempingSettings))
        assert settings is not None
        settings.work_hours_start, settings.work_hours_end = time(14), time(20)
    await step(db, NOON + DAY)  # 12:00 in Almaty
    async with db.read() as tx:
        assert await tx.scalar(select(LandedPrice)) is None
        row = await tx.scalar(select(Subscription))
        assert row is not None
        assert row.status == SubscriptionStatus.ACTIVE
    await step(db, NOON + DAY + timedelta(hours=3))
    async with db.read() as tx:
        place = await tx.scalar(select(LandedPrice))
    assert place is not None
    assert (place.product_id, place.target) == (product.id, 900_000)
    assert await active(db, actor.owner_id) is None


async def test_a_trial_ends_without_grace_and_what_is_left_of_it_is_kept_when_paid(
    db: Database,
) -> None:
    async with db.write() as tx:
        user = await add_user(tx, plan=None)
        await service.start_trial(tx, SYSTEM, user.id, NOON)
    actor = seller(user)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON + 4 * DAY), NOON + 4 * DAY)
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == NOON + 44 * DAY
    async with db.read() as tx:
        for days, expected in ((5, Plan.PRO), (13, Plan.PRO), (14, Plan.BASIC), (43, Plan.BASIC)):
            found = await service.entitlements(tx, actor, [actor.owner_id], NOON + days * DAY)
            assert found[actor.owner_id].plan is expected
