"""What a seller sees of their plan, money and goods at stake."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from money_scene import active, add_proxies, add_seller, begin, pay
from records import NOON, add_product, add_store

from cube_demper.core.errors import InvalidFields, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import goods, payer, subscribing, viewing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.payer import Payer
from cube_demper.domain.billing.view_schemas import Standing
from cube_demper.models.accounts import User
from cube_demper.models.billing import Landing, PaymentMethod, Plan
from cube_demper.models.gateway import PaymentCard
from cube_demper.models.staff import Area

DAY = timedelta(days=1)


async def _standing(db: Database, actor: Actor, days: float = 0) -> Standing:
    async with db.read() as tx:
        return await viewing.standing(tx, actor, NOON + days * DAY)


def _manager(actor: Actor, *rights: Area) -> Actor:
    return Actor(Role.USER, uuid4(), acts_for=actor.owner_id, rights=frozenset(rights))


async def test_without_a_subscription_it_is_free(db: Database) -> None:
    actor = await add_seller(db, NOON)
    found = await _standing(db, actor)
    assert (found.plan.code, found.ends_at) == ("free", None)
    async with db.read() as tx:
        used = await viewing.usage(tx, actor, NOON)
    assert (used.bots, used.bot_limit, used.proxies_due) == (0, 100, 0)


async def test_what_is_paid_shows_until_when_and_how_many_proxies_are_short(db: Database) -> None:
    await add_proxies(db, 3)
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    found = await _standing(db, actor, 1)
    assert (found.plan.code, found.ends_at) == ("basic", NOON + 30 * DAY)
    assert found.renewal == 999_900
    assert found.grace_until is None
    async with db.read() as tx:
        used = await viewing.usage(tx, actor, NOON)
    assert (used.proxies, used.proxies_due) == (3, 100)


async def test_after_its_end_it_is_awaited_and_after_its_grace_its_bot_is_being_stopped(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    late = await _standing(db, actor, 31)
    assert (late.plan.code, late.grace_until) == ("basic", NOON + 33 * DAY)
    row = await active(db, actor.owner_id)
    assert row is not None
    over = await _standing(db, actor, 33)
    assert (over.plan.code, over.landed_at, over.is_landing) == ("basic", NOON + 33 * DAY, True)
    async with db.write() as tx:
        await dunning.step(tx, SYSTEM, row.id, NOON + 33 * DAY)
    landed = await _standing(db, actor, 34)
    assert (landed.plan.code, landed.landed_at, landed.is_landing) == (
        "basic", NOON + 33 * DAY, False,
    )  # fmt: skip
    assert (await _standing(db, actor, 64)).plan.code == "free"


async def test_a_cancelled_plan_is_free_as_soon_as_its_bot_has_stopped(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    row = await active(db, actor.owner_id)
    assert row is not None
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, NOON)
    assert (await _standing(db, actor, 30)).is_landing
    async with db.write() as tx:
        await dunning.step(tx, SYSTEM, row.id, NOON + 30 * DAY)
    assert (await _standing(db, actor, 30)).plan.code == "free"


async def test_a_next_try_of_the_card_is_promised_only_while_there_is_one(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    row = await active(db, actor.owner_id)
    assert row is not None
    async with db.write() as tx:
        card = PaymentCard(user_id=actor.owner_id, token="sealed", token_hash=b"1")
        tx.add(card)
        await tx.flush()
        (await tx.merge(row)).card_id = card.id
    assert (await _standing(db, actor, 29)).charge_at == NOON + 29.75 * DAY  # six hours before
    assert (await _standing(db, actor, 30.1)).retry_at == NOON + 30.5 * DAY
    assert (await _standing(db, actor, 32.6)).retry_at is None  # what comes next is the landing
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, NOON + 30.1 * DAY)
    found = await _standing(db, actor, 30.1)
    assert (found.retry_at, found.charge_at) == (None, None)


async def test_a_landed_plan_says_which_one_was_not_paid(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    row = await active(db, actor.owner_id)
    assert row is not None
    async with db.write() as tx:
        row = await tx.merge(row)
        row.landed_at, row.landing = NOON + 33 * DAY, Landing.FLOOR
    found = await _standing(db, actor, 40)
    assert (found.plan.code, found.landing) == ("pro", "floor")
    assert found.landed_at == NOON + 33 * DAY


async def test_the_plan_that_was_made_last_is_shown_whenever_it_began(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    row = await active(db, actor.owner_id)
    assert row is not None
    async with db.write() as tx:
        row = await tx.merge(row)
        row.current_period_start -= 400 * DAY
        row.landed_at, row.landing = NOON + 33 * DAY, Landing.FLOOR
    assert (await _standing(db, actor, 40)).plan.code == "pro"


async def test_a_smaller_plan_that_follows_and_a_cancellation_are_shown(db: Database) -> None:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.PRO, NOON), NOON)
    async with db.write() as tx:
        await subscribing.change_at_period_end(tx, actor, Plan.BASIC, NOON)
    found = await _standing(db, actor)
    assert found.next_plan is not None
    assert (found.next_plan.code, found.renewal) == ("basic", 999_900)
    async with db.write() as tx:
        await subscribing.cancel_at_period_end(tx, actor, NOON)
    assert (await _standing(db, actor)).is_ending


async def test_a_plan_bought_in_a_trial_begins_after_it(db: Database) -> None:
    actor = await add_seller(db, NOON, Plan.PRO)
    row = await active(db, actor.owner_id)
    assert row is not None
    async with db.write() as tx:
        (await tx.merge(row)).is_trial = True
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    found = await _standing(db, actor)
    assert found.paid_plan is not None
    assert (found.plan.code, found.paid_plan.code) == ("pro", "basic")
    assert found.paid_from == NOON + 29 * DAY
    assert not found.is_trial


class TestPayments:
    async def test_are_listed_newest_first_with_what_the_balance_paid_apart(
        self, db: Database
    ) -> None:
        actor = await add_seller(db, NOON)
        await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
        open_one = await begin(db, actor, Plan.PRO, NOON + DAY, method=PaymentMethod.BANK_INVOICE)
        async with db.read() as tx:
            page = await viewing.list_payments(tx, actor, 7)
            last = await viewing.last_payment(tx, actor)
        assert [it.plan for it in page.rows] == ["PRO", "BASIC"]
        assert (page.page, page.total) == (1, 2)
        assert last is not None
        assert (last.id, last.method, last.status) == (open_one.id, "bank_invoice", "created")

    async def test_are_nobody_elses(self, db: Database) -> None:
        actor, other = await add_seller(db, NOON), await add_seller(db, NOON)
        await begin(db, actor, Plan.BASIC, NOON)
        async with db.read() as tx:
            assert (await viewing.list_payments(tx, other, 1)).total == 0
            assert await viewing.last_payment(tx, other) is None

    async def test_are_for_managers_with_the_right_to_money(self, db: Database) -> None:
        actor = await add_seller(db, NOON)
        await begin(db, actor, Plan.BASIC, NOON)
        async with db.read() as tx:
            assert (await viewing.list_payments(tx, _manager(actor, Area.MONEY), 1)).total == 1
            with pytest.raises(PermissionDenied):
                await viewing.list_payments(tx, _manager(actor, Area.PRICES), 1)
            assert await viewing.last_payment(tx, _manager(actor, Area.PRICES)) is None
            found = await viewing.standing(tx, _manager(actor), NOON)
            assert found.plan.code == "free"


class TestGoods:
    async def _shop(self, db: Database) -> Actor:
        actor = await add_seller(db, NOON)
        async with db.write() as tx:
            user = await tx.get_one(User, actor.owner_id)
            store = await add_store(tx, user)
            for hours in range(1, 6):
                await add_product(
                    tx,
                    store,
                    name=f"Товар {hours}",
                    price=1_000_000,
                    min_price=900_000,
                    base_price=1_100_000,
                    competitor_price=1_000_000 + 50_000 * (hours - 3),
                    bot_enabled_at=NOON - timedelta(hours=hours),
                )
            await add_product(tx, store, bot_active=False)
        return actor

    async def test_the_longest_switched_on_keep_the_bot(self, db: Database) -> None:
        actor = await self._shop(db)
        async with db.read() as tx:
            kept = await goods.keeping_bot(tx, actor, 3, 1)
            lost = await goods.losing_bot(tx, actor, 3, 9)
            ids = await goods.ids_losing_bot(tx, actor, 3)
        assert [it.name for it in kept.rows] == ["Товар 5", "Товар 4", "Товар 3"]
        assert [it.name for it in lost.rows] == ["Товар 2", "Товар 1"]
        assert (kept.total, lost.total, lost.page) == (3, 2, 1)
        assert ids == tuple(it.id for it in lost.rows)

    async def test_nobody_loses_it_within_the_limit(self, db: Database) -> None:
        actor = await self._shop(db)
        async with db.read() as tx:
            assert (await goods.losing_bot(tx, actor, 5, 1)).rows == ()
            assert (await goods.keeping_bot(tx, actor, 0, 1)).rows == ()

    async def test_each_way_to_land_says_what_moves(self, db: Database) -> None:
        actor = await self._shop(db)
        async with db.read() as tx:
            effects = await goods.landing_effects(tx, actor)
        stay, floor, base = effects["stay"], effects["floor"], effects["base"]
        assert (stay.lower, stay.higher, stay.same, stay.at_risk) == (0, 0, 5, 3)
        assert (floor.lower, floor.fall, floor.at_risk) == (5, 500_000, 1)
        assert (base.higher, base.rise, base.at_risk) == (5, 500_000, 5)

    async def test_the_dearest_against_a_rival_is_listed_first(self, db: Database) -> None:
        actor = await self._shop(db)
        async with db.read() as tx:
            rows, page = await goods.at_risk(tx, actor, "stay", 3, 3)
        assert [(it.name, frozen) for it, frozen in rows] == [
            ("Товар 1", 1_000_000),
            ("Товар 2", 1_000_000),
            ("Товар 3", 1_000_000),
        ]
        assert page == 1

    async def test_other_peoples_goods_are_not_among_them(self, db: Database) -> None:
        await self._shop(db)
        other = await add_seller(db, NOON)
        async with db.read() as tx:
            assert (await goods.keeping_bot(tx, other, 100, 1)).total == 0
            assert (await goods.at_risk(tx, other, "floor", 1, 5))[0] == ()


class TestPayer:
    async def test_is_kept_tidy_and_changed(self, db: Database) -> None:
        actor = await add_seller(db, NOON)
        async with db.write() as tx:
            await payer.save_payer(
                tx, actor, Payer("  ТОО  «Тау» ", "123456789013", "Алматы", "", "Kaspi", "")
            )
        async with db.write() as tx:
            saved = await payer.save_payer(
                tx,
                actor,
                Payer("ТОО «Тау»", "1234-5678-9013", "Алматы", "KZ86 125K ZT50 0410 0100"),
            )
        async with db.read() as tx:
            assert await payer.get_payer(tx, actor) == saved
        assert (saved.bin, saved.iban, saved.bank) == ("123456789013", "KZ86125KZT5004100100", "")

    async def test_names_every_wrong_field(self, db: Database) -> None:
        actor = await add_seller(db, NOON)
        with pytest.raises(InvalidFields) as caught:
            async with db.write() as tx:
                await payer.save_payer(tx, actor, Payer("", "1", iban="KZ1", bik="1"))
        assert set(caught.value.faults) == {"company", "bin", "iban", "bik"}

    async def test_is_said_by_the_seller_alone(self, db: Database) -> None:
        actor = await add_seller(db, NOON)
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await payer.save_payer(
                    tx, _manager(actor, Area.MONEY), Payer("ТОО", "123456789013")
                )
