"""The trial: what it begins with, what it applies, whose it is, and the first steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.trial import service as trial
from cube_demper.domain.trial.schemas import FloorSource, Step
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore

ALMATY = "750000000"
OFF = {"bot_active": False, "bot_enabled_at": None, "min_price": None}


async def _shop(db: Database, **columns: Any) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return user, await add_store(tx, user, bot={"mode": BotMode.SUGGEST}, **columns)


async def _seen(db: Database, *goods: Product, rivals: int = 3, below: int = 10_000) -> None:
    """Have somebody look at these cards: rivals from `below` under our price upwards."""
    async with db.read() as tx:
        store = (await tx.scalars(select(KaspiStore))).first()
    assert store is not None
    looks = []
    for good in goods:
        price = good.price or 0
        offers = [Offer(store.merchant_id, "Мы", price, merchant_sku=good.kaspi_sku)]
        offers += [Offer(f"R{n}", f"Магазин {n}", price - below + n * 5_000) for n in range(rivals)]
        looks.append(Market(good.external_kaspi_id or "", ALMATY, tuple(offers), len(offers), NOON))
    async with db.write() as tx:
        await market.remember_markets(tx, SYSTEM, looks)


async def test_a_store_is_offered_goods_with_rivals_and_a_floor(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        goods = [await add_product(tx, store, **OFF) for _ in range(12)]
        alone = await add_product(tx, store, **OFF)
        await add_product(tx, store, **OFF, is_on_sale=False)
        known = await add_product(tx, store, **(OFF | {"cost_price": 700_000}))
    await _seen(db, *goods, known)
    await _seen(db, alone, rivals=0)
    async with db.read() as tx:
        found = await trial.choice(tx, seller(user), store.id, NOON)
    assert len(found.candidates) == 10
    assert (found.candidates[0].good.id, found.candidates[0].floor) == (known.id, 700_000)
    assert found.candidates[0].floor_source is FloorSource.COST
    assert {it.floor for it in found.candidates[1:]} == {900_000}
    assert alone.id not in {it.good.id for it in found.candidates}
    assert (found.shortlist, found.looked, found.bots) == (14, 14, 0)


async def test_the_shortlist_is_looked_at_once_an_hour_and_only_where_nobody_has(
    db: Database,
) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        known = await add_product(tx, store, **OFF)
        unknown = await add_product(tx, store, **OFF)
    await _seen(db, known)
    for _ in range(2):
        async with db.write() as tx:
            await trial.ask_to_look(tx, seller(user), store.id, NOON)
    async with db.read() as tx:
        asked = (await tx.scalars(select(OutboxMessage))).all()
        found = await trial.to_look_at(tx, SYSTEM, store.id, NOON)
    assert [it.topic for it in asked] == [trial.TOPIC]
    assert found == (user.id, ALMATY, [unknown.external_kaspi_id])


async def test_beginning_sets_the_floors_and_switches_on_without_sending(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        goods = [await add_product(tx, store, **OFF) for _ in range(3)]
    floors = {goods[0].id: 850_000, goods[1].id: 900_000}
    async with db.write() as tx:
        report = await trial.begin(tx, seller(user), store.id, floors, NOON)
    assert report.changed == 2
    async with db.read() as tx:
        rows = {row.id: row for row in await tx.scalars(select(Product))}
        mode = await tx.scalar(select(col(DempingSettings.mode)))
    assert [(rows[it.id].bot_active, rows[it.id].min_price) for it in goods] == [
        (True, 850_000),
        (True, 900_000),
        (False, None),
    ]
    assert mode == BotMode.SUGGEST


async def test_a_store_without_settings_is_started_and_only_suggests(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, bot=False)
        good = await add_product(tx, store, **OFF)
    async with db.write() as tx:
        await trial.begin(tx, seller(user), store.id, {good.id: 900_000}, NOON)
    async with db.read() as tx:
        settings = (await tx.scalars(select(DempingSettings))).one()
    assert (settings.is_enabled, settings.mode) == (True, BotMode.SUGGEST)


@pytest.mark.parametrize("floor", [0, 50, 900_050, 1_000_100])
async def test_a_refused_floor_begins_nothing(db: Database, floor: int) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        goods = [await add_product(tx, store, **OFF) for _ in range(2)]
    floors = {goods[0].id: 900_000, goods[1].id: floor}
    with pytest.raises(InvalidInput) as refused:
        async with db.write() as tx:
            await trial.begin(tx, seller(user), store.id, floors, NOON)
    assert refused.value.field == str(goods[1].id)
    async with db.read() as tx:
        assert not any(row.bot_active for row in await tx.scalars(select(Product)))


async def test_goods_of_another_store_or_seller_cannot_be_begun_with(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        stranger = await add_user(tx)
        theirs = await add_product(tx, await add_store(tx, stranger), **OFF)
        elsewhere = await add_product(tx, await add_store(tx, user), **OFF)
    for foreign in (theirs, elsewhere):
        with pytest.raises(NotFound):
            async with db.write() as tx:
                await trial.begin(tx, seller(user), store.id, {foreign.id: 900_000}, NOON)
    for actor in (seller(stranger), SYSTEM):
        with pytest.raises((StoreNotFound, PermissionDenied)):
            async with db.read() as tx:
                await trial.choice(tx, actor, store.id, NOON)


async def _suggested(db: Database, store: KaspiStore, new_price: int) -> PriceHistory:
    async with db.write() as tx:
        product = await add_product(tx, store)
        return await add_decision(tx, product, PriceStatus.SUGGESTED, new_price=new_price)


async def test_suggestions_are_applied_all_at_once_and_the_overtaken_are_counted(
    db: Database,
) -> None:
    user, store = await _shop(db)
    rows = [await _suggested(db, store, price) for price in (990_000, 950_000, 980_000)]
    async with db.read() as tx:
        shown = await trial.suggestions(tx, seller(user), store.id)
    assert [it.new_price for it in shown] == [950_000, 980_000, 990_000]
    async with db.write() as tx:
        (await tx.get_one(PriceHistory, rows[0].id)).status = PriceStatus.SUPERSEDED
    async with db.write() as tx:
        done = await trial.apply(tx, seller(user), [it.id for it in shown], NOON)
    assert (done.queued, done.outdated) == (2, 1)
    async with db.read() as tx:
        queued = (
            await tx.scalars(
                select(PriceHistory).where(col(PriceHistory.status) == PriceStatus.QUEUED)
            )
        ).all()
        assert {it.approved_at for it in queued} == {NOON}
        assert await trial.suggestions(tx, seller(user), store.id) == ()


async def test_nobody_applies_or_sees_anothers_suggestions(db: Database) -> None:
    _, store = await _shop(db)
    row = await _suggested(db, store, 990_000)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    async with db.read() as tx:
        assert await trial.suggestions(tx, stranger) == ()
    for actor, wanted in ((stranger, row.id), (seller(_), uuid4())):
        with pytest.raises(NotFound):
            async with db.write() as tx:
                await trial.apply(tx, actor, [wanted], NOON)


async def _steps(db: Database, actor: Actor) -> list[Step]:
    async with db.read() as tx:
        steps = await trial.first_steps(tx, actor)
    return [step for step, is_done in steps.done.items() if is_done]


async def test_the_first_steps_follow_what_really_happened(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
    actor = seller(user)
    assert await _steps(db, actor) == [Step.EMAIL]
    async with db.write() as tx:
        store = await add_store(tx, user, synced_at=NOON)
        product = await add_product(tx, store)
    assert await _steps(db, actor) == [Step.EMAIL, Step.STORE, Step.CATALOGUE, Step.BOUNDS]
    async with db.write() as tx:
        row = await add_decision(tx, product, PriceStatus.SUGGESTED)
    async with db.write() as tx:
        await trial.apply(tx, actor, [row.id], NOON)
    assert (await _steps(db, actor))[-1] is Step.APPLIED
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await trial.close_steps(tx, actor, NOON)
    await _confirm(db, row.id)
    assert await _steps(db, actor) == list(Step)
    async with db.write() as tx:
        await trial.close_steps(tx, actor, NOON)
    async with db.read() as tx:
        assert (await trial.first_steps(tx, actor)).is_closed


async def _confirm(db: Database, row_id: UUID) -> None:
    async with db.write() as tx:
        row = await tx.get_one(PriceHistory, row_id)
        row.status, row.sent_at = PriceStatus.CONFIRMED, NOON
        row.confirmed_at = NOON + timedelta(seconds=90)
