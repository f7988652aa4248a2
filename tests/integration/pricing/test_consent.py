"""A suspiciously low price: held, told once, agreed to for that fall, and asked about again below it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from pricing_bot import RIVAL, Bot, make_bot, make_product
from records import NOON, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import Conflict, NotFound
from cube_demper.db.session import Database
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.errors import BotRefused
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.consent import HeldFall
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode, KaspiStore

ALMATY = "750000000"
LATER = NOON + timedelta(minutes=5)


async def _held(db: Database, bot: Bot, product_id: UUID | None = None) -> tuple[HeldFall, ...]:
    async with db.read() as tx:
        return await pricing.held_falls(tx, bot.actor, product_id or bot.product_id, LATER)


async def _last(db: Database) -> PriceHistory:
    async with db.read() as tx:
        rows = (await tx.scalars(select(PriceHistory))).all()
    return max(rows, key=lambda row: row.created_at)


async def test_the_fall_is_held_with_its_numbers_and_told(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    (fall,) = await _held(db, bot)
    assert (fall.price, fall.target, fall.reference) == (1_200_000, 700_000, 1_200_000)
    assert (fall.rival_name, fall.allowed.price, fall.is_allowed) == ("Магазин R1", 679_000, False)
    (told,) = await bot.news()
    assert told.title == "Подозрительно низкая цена: «Чайник 77»"
    assert "с 12\u00a0000\u00a0₸ до 7\u00a0000\u00a0₸, на 41,7\u00a0%" in told.body


async def test_the_same_product_is_told_of_once_a_day(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    await bot.look(NOON + timedelta(minutes=5), 1_200_000, (RIVAL, 1_190_000))
    (first,) = await bot.news()
    await bot.look(NOON + timedelta(minutes=9), 1_189_900, (RIVAL, 650_100))
    (again,) = await bot.news()
    assert (again.id, again.body) == (first.id, first.body)
    await bot.look(NOON + timedelta(minutes=12), 1_189_900, (RIVAL, 1_189_000))
    await bot.look(NOON + timedelta(days=1), 1_188_900, (RIVAL, 650_100))
    assert len(await bot.news()) == 2


async def test_a_store_that_only_advises_is_not_told(db: Database) -> None:
    bot = await make_bot(db, mode=BotMode.SUGGEST)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    assert await bot.news() == []
    assert len(await _held(db, bot)) == 1


async def test_goods_of_a_store_are_told_of_in_one_line(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    await bot.look_away()
    async with db.write() as tx:
        second = await make_product(tx, await tx.get_one(KaspiStore, bot.store.id), "78")
    await bot.on(second.id).look(NOON + timedelta(minutes=1), 1_200_000, (RIVAL, 700_100))
    (told,) = await bot.news()
    assert told.title == "Товаров с подозрительно низкой ценой конкурента: 2"
    assert told.link == f"/products?tab=held&store={bot.store.id}"


async def test_the_agreed_fall_is_sent_and_a_deeper_one_is_asked_about(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    async with db.write() as tx:
        allowed = await catalog.allow_big_fall(tx, bot.actor, bot.product_id, ALMATY, LATER)
    (fall,) = await _held(db, bot)
    assert (fall.is_allowed, fall.allowed) == (True, allowed)
    async with db.read() as tx:
        product = await tx.get_one(Product, bot.product_id)
    assert product.big_fall_allowed_until == allowed.until == LATER + timedelta(hours=6)
    await bot.look(LATER, 1_200_000, (RIVAL, 680_000))
    sent = await _last(db)
    assert (sent.status, sent.new_price) == (PriceStatus.SENT, 679_900)
    await bot.look(LATER + timedelta(minutes=3), 679_900, (RIVAL, 450_000))
    assert (await _last(db)).change_reason == "suspicious_fall"


async def test_the_consent_ends_by_itself(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    async with db.write() as tx:
        allowed = await catalog.allow_big_fall(tx, bot.actor, bot.product_id, ALMATY, LATER)
    await bot.look(allowed.until, 1_200_000, (RIVAL, 700_100))
    async with db.read() as tx:
        rows = (await tx.scalars(select(PriceHistory.status))).all()
    assert set(rows) == {PriceStatus.HELD}


async def test_what_is_not_held_cannot_be_agreed_to(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 1_190_000))
    assert await _held(db, bot) == ()
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await catalog.allow_big_fall(tx, bot.actor, bot.product_id, ALMATY, LATER)
    await bot.look(LATER, 1_189_900, (RIVAL, 700_100))
    async with db.write() as tx:
        (await tx.get_one(Product, bot.product_id)).bot_active = False
    with pytest.raises(BotRefused):
        async with db.write() as tx:
            await catalog.allow_big_fall(tx, bot.actor, bot.product_id, ALMATY, LATER)


async def test_nobody_agrees_for_another_seller(db: Database) -> None:
    bot = await make_bot(db)
    await bot.look(NOON, 1_200_000, (RIVAL, 700_100))
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    async with db.write() as tx:
        assert await pricing.held_falls(tx, stranger, bot.product_id, LATER) == ()
        with pytest.raises(NotFound):
            await catalog.allow_big_fall(tx, stranger, bot.product_id, ALMATY, LATER)
        with pytest.raises(Conflict):
            await pricing.allow_fall(tx, stranger, bot.product_id, ALMATY, LATER)


async def test_a_rival_left_out_on_one_product_is_no_rival_there(db: Database) -> None:
    bot = await make_bot(db)
    async with db.write() as tx:
        await catalog.exclude_rival(tx, bot.actor, bot.product_id, RIVAL, NOON)
        await catalog.exclude_rival(tx, bot.actor, bot.product_id, RIVAL, NOON)
    await bot.look(NOON, 1_200_000, (RIVAL, 1_190_000), ("R2", 1_195_000))
    assert (await _last(db)).new_price == 1_194_900
    async with db.read() as tx:
        found = await catalog.excluded_on(tx, bot.actor, [bot.product_id], RIVAL)
        stranger = await catalog.excluded_on(tx, bot.actor, [], RIVAL)
    assert (found, stranger) == ({bot.product_id}, frozenset())
    async with db.write() as tx:
        await catalog.include_rival(tx, bot.actor, bot.product_id, RIVAL, LATER)
    await bot.look(LATER, 1_194_900, (RIVAL, 1_190_000))
    assert (await _last(db)).new_price == 1_189_900


async def test_the_products_own_form_keeps_who_is_left_out_and_who_is_followed(
    db: Database,
) -> None:
    bot = await make_bot(db)
    async with db.write() as tx:
        before = await tx.get_one(Product, bot.product_id)
        before.rival_filters = {"only_merchants": ["R2"]}
        await tx.flush()
        await catalog.exclude_rival(tx, bot.actor, bot.product_id, RIVAL, NOON)
        change = TermsChange(rival_filters=RivalFilters(min_rating=4.0))
        await catalog.change_terms(tx, bot.actor, bot.product_id, change, NOON)
    async with db.read() as tx:
        product = await tx.get_one(Product, bot.product_id)
    assert product.rival_filters == {
        "min_rating": 4.0,
        "excluded_merchants": [RIVAL],
        "only_merchants": ["R2"],
    }
