from __future__ import annotations

from uuid import uuid4

import pytest
from records import NOON, add_product, add_store, add_user, seller

from cube_demper.core.errors import NotFound
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.calculations import goods
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.models.stores import ALMATY_CITY_ID

LINK = "https://kaspi.kz/shop/p/chainik-emal-{}/?c=750000000"


@pytest.mark.parametrize(
    ("text", "card"),
    [
        (LINK.format(102030405), "102030405"),
        ("kaspi.kz/shop/p/iphone-15-128gb-113137790", "113137790"),
        ("смотри https://kaspi.kz/shop/p/x-12345678?ref=1", "12345678"),
        ("https://kaspi.kz/shop/search/?text=чайник", None),
        ("https://example.kz/shop/p/x-12345678", None),
        ("чайник 12345678", None),
        ("", None),
    ],
)
def test_reads_the_cards_code_of_a_link(text: str, card: str | None) -> None:
    assert goods.card_of(text) == card


async def own(db: Database, **columns: object) -> tuple[Actor, object]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        product = await add_product(tx, store, **columns)
        return seller(user), product.id


async def test_finds_own_goods_by_name_and_sku_and_nobody_elses(db: Database) -> None:
    actor, product_id = await own(db, name="Чайник 100% сталь", kaspi_sku="T-1", cost_price=500_000)
    await own(db, name="Чайник чужой", kaspi_sku="T-2")
    async with db.read() as tx:
        for text in ("чайник", "t-1", "100%", "сталь чайник"):
            found = await goods.search(tx, actor, text)
            assert [(it.id, it.cost) for it in found.goods] == [(product_id, 500_000)]
        assert (await goods.search(tx, actor, "")).goods == ()
        assert not (await goods.search(tx, actor, "T_1")).goods


async def test_a_missing_cost_is_none_and_no_zero(db: Database) -> None:
    actor, product_id = await own(db, name="Чайник", cost_price=None)
    async with db.read() as tx:
        good = await goods.get_good(tx, actor, product_id)  # type: ignore[arg-type]
    assert good.cost is None


async def test_nobody_takes_anothers_product(db: Database) -> None:
    _, product_id = await own(db)
    stranger, _ = await own(db)
    async with db.read() as tx:
        with pytest.raises(NotFound):
            await goods.get_good(tx, stranger, product_id)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await goods.get_good(tx, stranger, uuid4())


async def test_a_link_finds_own_goods_then_a_recorded_market(db: Database) -> None:
    actor, product_id = await own(db, external_kaspi_id="102030405")
    seen = Market(
        "555000111", ALMATY_CITY_ID, (_offer("1", 1_200_000), _offer("2", 1_100_000)), 2, NOON
    )
    async with db.write() as tx:
        await market.remember_markets(tx, SYSTEM, [seen])
    async with db.read() as tx:
        mine = await goods.search(tx, actor, LINK.format("102030405"))
        assert [it.id for it in mine.goods] == [product_id]
        strange = await goods.search(tx, actor, LINK.format("555000111"))
        assert strange.sighting
        assert (strange.sighting.lowest_price, strange.goods) == (1_100_000, ())
        unknown = await goods.search(tx, actor, LINK.format("999999999"))
        assert (unknown.card, unknown.sighting) == ("999999999", None)
        assert (await goods.search(tx, actor, "https://kaspi.kz/shop/")).is_wrong_link


async def test_a_known_category_is_taken_and_others_are_offered(db: Database) -> None:
    actor, known = await own(db, name="Телефон", category="Смартфоны")
    stranger, other = await own(db, name="Смартфон Нова 5", category="Master - phones")
    async with db.read() as tx:
        start = await goods.start_from(tx, actor, known)  # type: ignore[arg-type]
        assert (start.category, start.options) == ("Телефоны и гаджеты > Смартфоны", ())
        start = await goods.start_from(tx, stranger, other)  # type: ignore[arg-type]
    assert start.category == ""
    assert "Смартфоны" in start.options


async def test_a_products_own_category_and_weight_begin_its_calculation(db: Database) -> None:
    own_path = ["Телефоны и гаджеты", "Смартфоны"]
    actor, product_id = await own(
        db, category="Master - phones", tariff_category=own_path, weight_g=750
    )
    async with db.read() as tx:
        start = await goods.start_from(tx, actor, product_id)  # type: ignore[arg-type]
    assert (start.category, start.weight_g) == (" > ".join(own_path), 750)
    assert start.terms is None


async def test_what_a_product_does_not_know_comes_from_its_stores_conditions(db: Database) -> None:
    actor, product_id = await own(db, category="Master - Irons")
    async with db.write() as tx:
        good = await goods.get_good(tx, actor, product_id)  # type: ignore[arg-type]
        terms = SaleTerms(regime=Regime.TOO_GENERAL, weight_g=1_200, is_vat_payer=True)
        assert good.store_id
        await shop.save_terms(tx, actor, good.store_id, terms, NOON)
        await shop.choose_kind(
            tx, actor, good.store_id, kind="Master - Irons", category="Утюги", now=NOON
        )
    async with db.read() as tx:
        start = await goods.start_from(tx, actor, good.id)
    assert start.category.endswith("Утюги")
    assert (start.weight_g, start.terms and start.terms.is_vat_payer) == (1_200, True)


def _offer(merchant: str, price: int) -> Offer:
    return Offer(merchant_id=merchant, merchant_name=merchant, price=price)
