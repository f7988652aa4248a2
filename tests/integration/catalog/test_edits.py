"""Edits of one product on a real database: what is kept, what is refused, what the bot forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service
from cube_demper.domain.catalog.edit_schemas import CityChange, TermsChange
from cube_demper.domain.catalog.errors import ProductNotFound, TermsChanged
from cube_demper.domain.catalog.journal import in_words
from cube_demper.domain.catalog.rules import terms_mark
from cube_demper.domain.pricing.schemas import Memory, PricePoint, RivalFilters
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.operations import AuditEntry
from cube_demper.models.pricing import PricingMemory

ASTANA = "710000000"
POINTS = [
    {"id": "1_PP1", "name": "PP1", "cityId": city, "cityName": name, "enabled": True}
    for city, name in (("750000000", "Алматы"), (ASTANA, "Астана"))
]


async def _product(db: Database, **columns: object) -> tuple[Actor, Product]:
    async with db.write() as tx:
        user = await add_user(tx)
        product = await add_product(tx, await add_store(tx, user, points=POINTS), **columns)
    return seller(user), product


async def _read(db: Database, product: Product) -> Product:
    async with db.read() as tx:
        return (await tx.scalars(select(Product).where(Product.id == product.id))).one()


async def test_new_terms_are_kept_and_the_bot_begins_anew(db: Database) -> None:
    actor, product = await _product(db, next_check_at=NOON + timedelta(hours=1))
    memory = Memory(window_prices=(PricePoint(NOON, 1_000_000),), to_max_since=NOON)
    async with db.write() as tx:
        tx.add(PricingMemory(product_id=product.id, city_id="1", memory=memory.to_json()))
    change = TermsChange(
        min_price=800_000,
        max_price=1_200_000,
        step=300,
        strategy="stay_top_n",
        top_n=5,
        delivery_filter="till_3_days",
        rival_filters=RivalFilters(min_rating=4.0),
    )
    async with db.write() as tx:
        await service.change_terms(tx, actor, product.id, change, NOON)
        events = tx.info["events"]
    assert (f"user:{actor.user_id}", "product", str(product.id)) in [
        (it.channel, it.kind, it.id) for it in events
    ]
    kept = await _read(db, product)
    assert (kept.min_price, kept.max_price, kept.price_step_override) == (800_000, 1_200_000, 300)
    assert (kept.demping_strategy, kept.strategy_params) == ("stay_top_n", {"top_n": 5})
    assert (kept.delivery_filter, kept.rival_filters) == ("till_3_days", {"min_rating": 4.0})
    assert kept.next_check_at == kept.terms_changed_at == NOON
    async with db.read() as tx:
        row = (await tx.scalars(select(PricingMemory))).one()
        entry = (await tx.scalars(select(AuditEntry))).one()
    assert Memory.from_json(row.memory) == Memory()
    assert entry.action == "product_terms_changed"
    assert entry.details["old"]["min_price"] == 900_000
    assert entry.details["new"]["min_price"] == 800_000


async def test_terms_that_somebody_has_changed_are_not_written_over(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        product = await add_product(tx, await add_store(tx, user), min_price=800_000)
        actor, seen = seller(user), terms_mark(product)
        await service.change_terms(tx, actor, product.id, TermsChange(min_price=900_000), NOON)
    whole = TermsChange(min_price=800_000, step=700)
    async with db.write() as tx:
        with pytest.raises(TermsChanged):
            await service.change_terms(tx, actor, product.id, whole, NOON, seen=seen)
    async with db.write() as tx:
        kept = await tx.get_one(Product, product.id)
        assert (kept.min_price, kept.price_step_override) == (900_000, None)
        seen = (await service.product_view(tx, actor, product.id)).terms_mark
        await service.change_terms(tx, actor, product.id, whole, NOON, seen=seen)
        assert (kept.min_price, kept.price_step_override) == (800_000, 700)


async def test_terms_that_change_nothing_leave_the_bot_in_peace(db: Database) -> None:
    later = NOON + timedelta(hours=1)
    actor, product = await _product(db, next_check_at=later)
    async with db.write() as tx:
        await service.change_terms(tx, actor, product.id, TermsChange(min_price=900_000), NOON)
    assert (await _read(db, product)).next_check_at == later


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (TermsChange(min_price=-100), "min_price"),
        (TermsChange(min_price=900_050), "min_price"),
        (TermsChange(min_price=900), "min_price"),
        (TermsChange(max_price=800_000), "min_price"),
        (TermsChange(min_price=None), "min_price"),
        (TermsChange(step=0), "step"),
        (TermsChange(step=150), "step"),
        (TermsChange(strategy="cheapest"), "strategy"),
        (TermsChange(top_n=0), "top_n"),
        (TermsChange(top_n=65), "top_n"),
        (TermsChange(delivery_filter="soon"), "delivery_filter"),
        (TermsChange(rival_filters=RivalFilters(min_rating=5.5)), "min_rating"),
        (TermsChange(rival_filters=RivalFilters(min_reviews=-1)), "min_reviews"),
    ],
)
async def test_bad_terms_are_refused_in_words_and_nothing_is_kept(
    db: Database, change: TermsChange, field: str
) -> None:
    actor, product = await _product(db)
    with pytest.raises(InvalidInput) as refused:
        async with db.write() as tx:
            await service.change_terms(tx, actor, product.id, change, NOON)
    assert refused.value.field == field
    assert refused.value.message[0].isupper()
    assert refused.value.message.endswith(".")
    kept = await _read(db, product)
    assert (kept.min_price, kept.max_price, kept.terms_changed_at) == (900_000, None, None)


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ("min_price = 900000, max_price = 100", "min_price"),
        ("min_price = -100", "min_price"),
        ("max_price = 1000050", "max_price"),
        ("price_step_override = 0", "step"),
        ("strategy_params = '{\"top_n\": 0}'", "top_n"),
        ("demping_strategy = 'cheapest'", "strategy"),
        ("delivery_filter = 'soon'", "delivery_filter"),
        ("min_price = NULL, max_price = NULL", "min_price"),
    ],
)
async def test_the_database_refuses_too_and_its_refusal_has_words(
    db: Database, columns: str, field: str
) -> None:
    await _product(db)
    with pytest.raises(IntegrityError) as refused:
        async with db.write() as tx:
            await tx.execute(text(f"UPDATE products SET {columns}"))  # noqa: S608 - from the list above
    words = in_words(refused.value)
    assert words.field == field
    assert words.message.endswith(".")


async def test_other_peoples_goods_are_not_found(db: Database) -> None:
    _, product = await _product(db)
    async with db.write() as tx:
        stranger: User = await add_user(tx)
    for call in (
        lambda tx: service.change_terms(
            tx, seller(stranger), product.id, TermsChange(step=200), NOON
        ),
        lambda tx: service.allow_big_fall(tx, seller(stranger), product.id, "750000000", NOON),
        lambda tx: service.check_now(tx, seller(stranger), product.id, NOON),
        lambda tx: service.change_city(
            tx, seller(stranger), product.id, ASTANA, CityChange(bot_active=True), now=NOON
        ),
    ):
        with pytest.raises(ProductNotFound):
            async with db.write() as tx:
                await call(tx)


async def test_a_city_starts_from_its_own_price(db: Database) -> None:
    actor, product = await _product(db)
    async with db.write() as tx:
        tx.add(ProductCityPrice(product_id=product.id, city_id=ASTANA, price=1_100_050))
    change = CityChange(min_price=1_000_000, bot_active=True)
    async with db.write() as tx:
        await service.change_city(tx, actor, product.id, ASTANA, change, now=NOON)
    async with db.read() as tx:
        row = (await tx.scalars(select(ProductCityPrice))).one()
    assert (row.bot_active, row.min_price, row.base_price) == (True, 1_000_000, 1_100_100)
    assert (await _read(db, product)).next_check_at == NOON


@pytest.mark.parametrize(
    ("city", "change", "words"),
    [
        ("750000000", CityChange(min_price=1_000_000), "домашний"),
        ("999999999", CityChange(min_price=1_000_000), "нет точек"),
        (ASTANA, CityChange(bot_active=True), "мин. цену"),
        (ASTANA, CityChange(min_price=1_000_000, bot_active=True), "не известна"),
        (ASTANA, CityChange(min_price=1_000_000, max_price=900_000), "больше"),
    ],
)
async def test_a_city_that_cannot_start_says_why(
    db: Database, city: str, change: CityChange, words: str
) -> None:
    actor, product = await _product(db)
    with pytest.raises(InvalidInput, match=words):
        async with db.write() as tx:
            await service.change_city(tx, actor, product.id, city, change, now=NOON)
