"""A store's economics on a real database: conditions, margins, floors, and never somebody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor, Role
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import MarginChange, Refusal
from cube_demper.domain.catalog.list_schemas import ProductFilter, Selection
from cube_demper.domain.economics.costs.errors import CostedProductNotFound
from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.economics.shop import service
from cube_demper.domain.economics.shop.schemas import MarginPage, MarginQuery, MarginSort, MarginTab
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.catalog import Product
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import Area

LATER = NOON + timedelta(hours=1)
IRONS = ("Утюги",)
TERMS = SaleTerms(regime=Regime.IP_SIMPLIFIED, category=IRONS, weight_g=900)
ALL = Selection(everything=ProductFilter())


async def shop(db: Database, *, min_profit: int | None = None) -> tuple[Actor, UUID]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, bot={"min_profit": min_profit})
    return seller(user), store.id


async def put(db: Database, store_id: UUID, **columns: object) -> Product:
    from cube_demper.models.stores import KaspiStore  # noqa: PLC0415 - one use

    async with db.write() as tx:
        store = await tx.get_one(KaspiStore, store_id)
        return await add_product(tx, store, **columns)


async def save(db: Database, actor: Actor, store_id: UUID, terms: SaleTerms = TERMS) -> None:
    async with db.write() as tx:
        await service.save_terms(tx, actor, store_id, terms, LATER)


async def agree_to_all(db: Database, actor: Actor, store_id: UUID) -> tuple[str, ...]:
    async with db.read() as tx:
        view = await service.store_terms(tx, actor, store_id, LATER)
    async with db.write() as tx:
        await service.agree(tx, actor, store_id, view.unsure_keys, LATER)
    return view.unsure_keys


async def margins(db: Database, actor: Actor, query: MarginQuery | None = None) -> MarginPage:
    async with db.read() as tx:
        return await service.list_margins(tx, actor, query or MarginQuery(), LATER)


async def floor_of(db: Database, product: Product) -> object:
    async with db.read() as tx:
        (store,) = await stores.ready_stores(tx, SYSTEM, LATER, store_ids=[product.store_id])
    return store.floors.of(Good(product.cost_price, product.category, None, product.weight_g))


async def test_the_bots_floor_comes_from_the_conditions_the_seller_told(db: Database) -> None:
    actor, store_id = await shop(db, min_profit=100_000)
    product = await put(db, store_id, cost_price=700_000)
    assert await floor_of(db, product) is Gap.TERMS
    await save(db, actor, store_id)
    assert await floor_of(db, product) is Gap.UNSURE
    assert await agree_to_all(db, actor, store_id)
    floor = await floor_of(db, product)
    assert isinstance(floor, int)
    assert floor > 800_000  # dearer than cost and profit: Kaspi and the tax take theirs
    await save(db, actor, store_id, replace(TERMS, packaging=20_000))
    dearer = await floor_of(db, product)
    assert isinstance(dearer, int)
    assert dearer >= floor + 20_000


async def test_new_conditions_have_the_bot_look_anew_and_are_on_record(db: Database) -> None:
    actor, store_id = await shop(db)
    product = await put(db, store_id, next_check_at=NOON + timedelta(days=1))
    await save(db, actor, store_id)
    async with db.read() as tx:
        row = await tx.get_one(Product, product.id)
        entry = await tx.scalar(
            select(AuditEntry).where(col(AuditEntry.entity_id) == str(store_id))
        )
    assert row.terms_changed_at == LATER
    assert row.next_check_at <= LATER
    assert entry.action == "bot_sale_terms_changed"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(TERMS, category=("Утюжки",)), "category"),
        (replace(TERMS, weight_g=-1), "weight"),
        (replace(TERMS, is_vat_payer=True), "is_vat_payer"),
        (replace(TERMS, tax_percent=Decimal(9)), "tax_percent"),
        (replace(TERMS, returns_percent=Decimal(100)), "returns_percent"),
    ],
)
async def test_conditions_that_cannot_be_are_refused_by_their_field(
    db: Database, terms: SaleTerms, field: str
) -> None:
    actor, store_id = await shop(db)
    with pytest.raises(InvalidInput) as refused:
        await save(db, actor, store_id, terms)
    assert refused.value.field == field


async def test_a_kind_of_goods_is_told_once_and_a_product_may_differ(db: Database) -> None:
    actor, store_id = await shop(db)
    await save(db, actor, store_id, replace(TERMS, category=None))
    kettle = await put(db, store_id, category="Master - Irons", cost_price=500_000)
    assert (await margins(db, actor)).rows[0].gap is Gap.CATEGORY
    async with db.read() as tx:
        (kind,) = (await service.store_terms(tx, actor, store_id, LATER)).kinds
    assert (kind.name, kind.goods, kind.path, kind.is_chosen) == ("Master - Irons", 1, None, False)
    async with db.write() as tx:
        await service.choose_kind(
            tx, actor, store_id, kind="Master - Irons", category="Утюги", now=LATER
        )
    (row,) = (await margins(db, actor)).rows
    assert (row.gap, row.commission) == (None, 125_000)
    async with db.write() as tx:
        await service.set_product_terms(
            tx,
            actor,
            kettle.id,
            category="Аксессуары > Зонты, брелоки и портсигары",
            weight_g=300,
            now=LATER,
        )
    (row,) = (await margins(db, actor)).rows
    assert row.commission == 155_000
    await save(db, actor, store_id, replace(TERMS, category=None))  # a new form keeps the kinds
    async with db.read() as tx:
        assert (await service.store_terms(tx, actor, store_id, LATER)).kinds == ()


async def test_goods_without_a_cost_are_counted_and_never_taken_for_free(db: Database) -> None:
    actor, store_id = await shop(db)
    await save(db, actor, store_id)
    await put(db, store_id, name="А", cost_price=None)
    await put(db, store_id, name="Б", cost_price=990_000)
    await put(db, store_id, name="В", cost_price=650_000)
    await put(db, store_id, name="Г", cost_price=300_000)
    page = await margins(db, actor)
    assert page.counts == {
        MarginTab.ALL: 4,
        MarginTab.LOSS: 1,
        MarginTab.LOW: 1,
        MarginTab.NO_COST: 1,
        MarginTab.UNKNOWN: 0,
    }
    assert [row.name for row in page.rows] == ["Б", "В", "Г", "А"]
    assert page.known == 3
    missing = page.rows[-1]
    assert (missing.profit, missing.margin, missing.gap) == (None, None, Gap.COST)
    assert (missing.commission, missing.delivery) == (125_000, page.rows[0].delivery)
    assert page.unsure == 4
    loss = page.rows[0]
    assert loss.profit is not None
    assert loss.profit < 0
    parts = [loss.price, loss.cost, loss.commission, loss.delivery, loss.tax, loss.other]
    assert all(it is not None for it in parts)
    price, *taken = [it or 0 for it in parts]
    assert price - sum(taken) == loss.profit


async def test_a_view_is_searched_sorted_and_paged(db: Database) -> None:
    actor, store_id = await shop(db)
    await save(db, actor, store_id)
    for number in range(52):
        await put(db, store_id, name=f"Утюг {number:02}", cost_price=200_000 + number * 1_000)
    last = await margins(db, actor, MarginQuery(page=9, sort=MarginSort.COST, is_descending=True))
    assert (last.page, last.pages, len(last.rows)) == (2, 2, 2)
    assert [row.name for row in last.rows] == ["Утюг 01", "Утюг 00"]
    await put(db, store_id, name="Фен 100%", cost_price=200_000)
    found = await margins(db, actor, MarginQuery(search="фен 0%"))
    assert [row.name for row in found.rows] == ["Фен 100%"]
    async with db.read() as tx:
        query = MarginQuery(tab=MarginTab.NO_COST)
        assert await service.ids_under(tx, actor, query, LATER) == ()


async def test_floors_by_margin_are_shown_agreed_to_as_shown_and_taken_back(db: Database) -> None:
    actor, store_id = await shop(db)
    await save(db, actor, store_id)
    await put(db, store_id, name="А", cost_price=None)
    plain = await put(db, store_id, name="Б", cost_price=500_000, min_price=500_000)
    await put(db, store_id, name="В", cost_price=900_000, min_price=500_000, max_price=910_000)
    change = MarginChange(10)
    async with db.read() as tx:
        held = await catalog.preview_bulk(tx, actor, ALL, change, LATER)
    assert held.changed == 0
    assert held.refused == {Refusal.COST_UNKNOWN: 1, Refusal.FIGURE_UNSURE: 2}
    await agree_to_all(db, actor, store_id)
    async with db.read() as tx:
        shown = await catalog.preview_bulk(tx, actor, ALL, change, LATER)
    assert shown.refused == {Refusal.COST_UNKNOWN: 1, Refusal.MIN_OVER_MAX: 1}
    (move,) = shown.moves
    assert (move.id, move.old) == (plain.id, 500_000)
    async with db.write() as tx:
        row = await tx.get_one(Product, plain.id)
        row.cost_price = 510_000
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await catalog.bulk_change(tx, actor, ALL, change, LATER, plan=shown.plan)
    async with db.read() as tx:
        shown = await catalog.preview_bulk(tx, actor, ALL, change, LATER)
    async with db.write() as tx:
        done = await catalog.bulk_change(tx, actor, ALL, change, LATER, plan=shown.plan)
    async with db.read() as tx:
        row = await tx.get_one(Product, plain.id)
    assert row.min_price == shown.moves[0].new
    found = await margins(db, actor, MarginQuery(search="Б"))
    assert done.undo_id is not None
    assert found.rows[0].min_price == row.min_price
    async with db.write() as tx:
        assert await catalog.undo(tx, actor, done.undo_id, LATER) == 1
    async with db.read() as tx:
        assert (await tx.get_one(Product, plain.id)).min_price == 500_000


async def test_a_price_for_a_profit_says_what_is_missing(db: Database) -> None:
    actor, store_id = await shop(db)
    product = await put(db, store_id, cost_price=500_000)
    async with db.read() as tx:
        with pytest.raises(InvalidInput, match="не заданы условия"):
            await service.price_leaving(tx, actor, product.id, 100_000, LATER)
    await save(db, actor, store_id)
    async with db.read() as tx:
        assert await service.price_leaving(tx, actor, product.id, 100_000, LATER) > 600_000


async def test_nobody_reaches_the_economics_of_another(db: Database) -> None:
    actor, store_id = await shop(db)
    product = await put(db, store_id, cost_price=500_000)
    await save(db, actor, store_id)
    stranger, _ = await shop(db)
    assert (await margins(db, stranger, MarginQuery(store_id=store_id))).total == 0
    async with db.write() as tx:
        with pytest.raises(StoreNotFound):
            await service.store_terms(tx, stranger, store_id, LATER)
        with pytest.raises(StoreNotFound):
            await service.save_terms(tx, stranger, store_id, TERMS, LATER)
        with pytest.raises(StoreNotFound):
            await service.agree(tx, stranger, store_id, [], LATER)
        with pytest.raises(StoreNotFound):
            await service.choose_kind(tx, stranger, store_id, kind="x", category="", now=LATER)
        with pytest.raises(CostedProductNotFound):
            await service.set_product_terms(
                tx, stranger, product.id, category="", weight_g=1, now=LATER
            )
        with pytest.raises(CostedProductNotFound):
            await service.price_leaving(tx, stranger, product.id, 1, LATER)
        for nobody in (NOBODY, Actor(Role.SUPPORT, uuid4())):
            with pytest.raises(PermissionDenied):
                await service.list_margins(tx, nobody, MarginQuery(), LATER)


async def test_a_manager_without_the_right_to_prices_changes_nothing(db: Database) -> None:
    actor, store_id = await shop(db)
    rights = frozenset({Area.STORES})
    manager = replace(actor, user_id=uuid4(), acts_for=actor.user_id, rights=rights)
    with pytest.raises(PermissionDenied):
        await save(db, manager, store_id)
    assert (await margins(db, manager)).total == 0
