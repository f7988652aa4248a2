"""The list of goods: pages, tabs, search, sort, whose they are, and how many statements it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import event

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, Actor
from cube_demper.domain.catalog import service
from cube_demper.domain.catalog.list_schemas import (
    ProductFilter,
    ProductSort,
    ProductStatus,
    ProductTab,
)
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode


@contextmanager
def _statements(db: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def _names(db: Database, actor: Actor, **view: object) -> list[str]:
    async with db.read() as tx:
        page = await service.list_products(tx, actor, ProductFilter(**view))
    return [row.name for row in page.rows]


async def test_a_page_and_all_counts_take_two_statements(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        for _ in range(60):
            product = await add_product(tx, store)
        await add_decision(tx, product, PriceStatus.QUEUED)
    async with db.read() as tx:
        with _statements(db) as seen:
            page = await service.list_products(tx, seller(user), ProductFilter(page=2))
    assert (page.total, len(page.rows), page.page, page.pages) == (60, 10, 2, 2)
    assert len(seen) == 2


async def test_a_page_past_the_end_is_the_last_one(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        await add_product(tx, store, name="Один")
    async with db.read() as tx:
        page = await service.list_products(tx, seller(user), ProductFilter(page=999))
    assert (page.page, [row.name for row in page.rows]) == (1, ["Один"])


async def test_everybody_sees_their_own_goods_only(db: Database) -> None:
    async with db.write() as tx:
        mine, other = await add_user(tx), await add_user(tx)
        await add_product(tx, await add_store(tx, mine), name="Мой")
        theirs = await add_product(tx, await add_store(tx, other), name="Чужой")
    assert await _names(db, seller(mine)) == ["Мой"]
    assert await _names(db, seller(mine), store_id=theirs.store_id) == []
    async with db.read() as tx:
        assert await service.read_rows(tx, seller(mine), (theirs.id,)) == ()
        with pytest.raises(PermissionDenied):
            await service.list_products(tx, NOBODY, ProductFilter())


async def test_tabs_count_and_hold_what_they_say(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        asleep = await add_store(tx, user, needs_reauth=True)
        await add_product(tx, store, name="Первый", position=1)
        await add_product(tx, store, name="Второй", position=2)
        await add_product(tx, store, name="На полу", price=900_000, position=3)
        await add_product(tx, store, name="Ошибка", last_error="Kaspi не ответил")
        await add_product(tx, store, name="Снят", is_on_sale=False)
        await add_product(tx, asleep, name="Нужен вход")
        await add_product(tx, store, name="Без кода", external_kaspi_id=None, bot_active=False)
        await add_product(tx, store, name="Без пола", min_price=None, bot_active=False, position=1)
    expected = {
        ProductTab.FIRST: ["Первый"],
        ProductTab.LOST: ["Второй", "На полу"],
        ProductTab.AT_FLOOR: ["На полу"],
        ProductTab.ERROR: ["Без кода", "Нужен вход", "Ошибка", "Снят"],
        ProductTab.NO_MIN_PRICE: ["Без пола"],
        ProductTab.BOT_OFF: ["Без кода", "Без пола"],
    }
    async with db.read() as tx:
        page = await service.list_products(tx, seller(user), ProductFilter())
    assert page.counts[ProductTab.ALL] == 8
    assert page.counts[ProductTab.BOT_ON] == 6
    for tab, names in expected.items():
        assert await _names(db, seller(user), tab=tab) == names, tab
        assert page.counts[tab] == len(names), tab


async def test_counts_follow_the_search_and_the_store(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        one, two = await add_store(tx, user), await add_store(tx, user)
        await add_product(tx, one, name="Чайник Lumika")
        await add_product(tx, two, name="Чайник Brava")
        await add_product(tx, two, name="Фен Brava")
    view = ProductFilter(search="чайник", store_id=two.id)
    async with db.read() as tx:
        page = await service.list_products(tx, seller(user), view)
    assert (page.total, page.counts[ProductTab.BOT_ON]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100%", ["Шерсть 100% белая"]),
        ("a_b", ["Кабель A_B"]),
        ("БЕЛАЯ шерсть", ["Шерсть 100% белая"]),
        ("zrd-7", ["Часы"]),
        ("102298404", ["Часы"]),
        ("\\", []),
        ("   ", ["Кабель A_B", "Кабель AxB", "Часы", "Шерсть 100% белая"]),
    ],
)
async def test_search_reads_words_and_not_patterns(
    db: Database, text: str, found: list[str]
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        await add_product(tx, store, name="Шерсть 100% белая")
        await add_product(tx, store, name="Кабель A_B")
        await add_product(tx, store, name="Кабель AxB")
        watch = {"kaspi_sku": "ZRD-7", "external_kaspi_id": "102298404"}
        await add_product(tx, store, name="Часы", **watch)
    assert await _names(db, seller(user), search=text) == found


@pytest.mark.parametrize("sort", list(ProductSort))
@pytest.mark.parametrize("is_descending", [False, True])
async def test_blanks_come_last_in_every_sort(
    db: Database, sort: ProductSort, is_descending: bool
) -> None:
    def values(number: int) -> dict[str, object]:
        money = dict.fromkeys(("price", "min_price", "competitor_price"), number * 100_000)
        return money | {
            "max_price": number * 200_000,
            "position": number,
            "last_check_time": NOON.replace(minute=number),
        }

    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        await add_product(tx, store, name="Б", **values(2))
        await add_product(tx, store, name="А", **values(1))
        blank = dict.fromkeys(values(1)) | {"bot_active": False}
        await add_product(tx, store, name="Я", **blank)
    names = await _names(db, seller(user), sort=sort, is_descending=is_descending)
    if sort is ProductSort.NAME:
        assert names == (["Я", "Б", "А"] if is_descending else ["А", "Б", "Я"])
    else:
        assert names == (["Б", "А", "Я"] if is_descending else ["А", "Б", "Я"])


async def test_equal_values_never_repeat_across_pages(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        for _ in range(120):
            await add_product(tx, store, name="Одинаковый")
    seen = []
    for page in (1, 2, 3):
        async with db.read() as tx:
            view = ProductFilter(sort=ProductSort.PRICE, page=page)
            rows = (await service.list_products(tx, seller(user), view)).rows
        seen += [row.id for row in rows]
    assert len(seen) == len(set(seen)) == 120


async def test_a_row_tells_what_is_pending_and_what_waits(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, bot={"mode": BotMode.SUGGEST, "price_step": 500})
        sent = await add_product(tx, store, last_check_time=NOON)
        await add_decision(tx, sent, PriceStatus.CONFIRMED, created_at=NOON)
        await add_decision(tx, sent, PriceStatus.SENT, new_price=950_000)
        waits = await add_product(tx, store, last_check_time=NOON, price_step_override=200)
        advice = await add_decision(tx, waits, PriceStatus.SUGGESTED, new_price=940_000)
        shown = await add_product(tx, store, last_check_time=NOON)
        await add_decision(tx, shown, PriceStatus.SUGGESTED, new_price=1_000_000)
        elsewhere = await add_product(tx, store, last_check_time=NOON)
        await add_decision(tx, elsewhere, PriceStatus.SUGGESTED, city_id="710000000")
    ids = (sent.id, waits.id, shown.id, elsewhere.id, uuid4())
    async with db.read() as tx:
        rows = {row.id: row for row in await service.read_rows(tx, seller(user), ids)}
    assert rows[sent.id].sending_price == 950_000
    assert rows[sent.id].status is ProductStatus.SENDING
    assert (rows[sent.id].step, rows[sent.id].is_step_own) == (500, False)
    assert rows[waits.id].suggestion_id == advice.id
    assert rows[waits.id].suggested_price == 940_000
    assert rows[waits.id].status is ProductStatus.SUGGESTED
    assert (rows[waits.id].step, rows[waits.id].is_step_own) == (200, True)
    assert rows[shown.id].suggestion_id is None
    assert rows[elsewhere.id].suggestion_id is None
    assert rows[shown.id].is_suggest_mode


async def test_stores_count_their_bots(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        full = await add_store(tx, user, name="Б полный")
        await add_store(tx, user, name="А пустой", bot=False)
        await add_product(tx, full)
        await add_product(tx, full, bot_active=False)
    async with db.read() as tx:
        stores = await service.list_stores(tx, seller(user))
    assert [(s.name, s.bots_on, s.is_suggest_mode) for s in stores] == [
        ("А пустой", 0, True),
        ("Б полный", 1, False),
    ]
