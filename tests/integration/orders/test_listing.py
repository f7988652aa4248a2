"""The list of orders: Kaspi's tabs, the search, and what is hidden from whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from orders_made import one_of_each_tab, seen, write
from records import NOON, add_store, add_user, seller

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor, Role
from cube_demper.domain.orders import listing, switching, taking
from cube_demper.domain.orders.list_schemas import OrderPage, OrderQuery, OrderTab
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.orders import OrderSource, OrderStatus
from cube_demper.models.staff import Area
from cube_demper.models.stores import KaspiStore

BOX = SecretBox(["new", "old"])


async def _shop(db: Database) -> tuple[Actor, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return seller(user), await add_store(tx, user)


async def _list(db: Database, actor: Actor, **asked: str) -> OrderPage:
    async with db.read() as tx:
        return await listing.list_orders(tx, actor, OrderQuery(**asked), secrets=BOX)  # type: ignore[arg-type]


def _codes(page: OrderPage) -> list[str]:
    return [view.row.kaspi_order_code for view in page.rows]


async def test_every_order_stands_in_the_tab_where_kaspi_has_it(db: Database) -> None:
    actor, store = await _shop(db)
    await write(db, store, one_of_each_tab(NOON), NOON, secrets=BOX)
    page = await _list(db, actor)
    assert page.total == 11
    assert page.counts == {tab: 1 for tab in OrderTab if tab is not OrderTab.SENT} | {"archive": 2}
    assert _codes(await _list(db, actor, tab="packing")) == ["900000004"]
    assert _codes(await _list(db, actor, tab="returning")) == ["900000006"]
    assert _codes(await _list(db, actor, tab="other")) == ["900000011"]
    assert _codes(page) == sorted(_codes(page))


@pytest.mark.parametrize(
    "search", ["900000002", "8 (705) 111-22-33", "+77051112233", "серик", "ОМАРОВ", "Омаров Серик"]
)
async def test_an_order_is_found_by_code_phone_and_name(db: Database, search: str) -> None:
    actor, store = await _shop(db)
    buyer = Buyer("Серик Омаров", "+77051112233")
    orders = [
        seen("900000001", "NEW", "APPROVED_BY_BANK", NOON),
        seen("900000002", "NEW", "APPROVED_BY_BANK", NOON, buyer=buyer),
    ]
    await write(db, store, orders, NOON, secrets=SecretBox(["old"]))
    assert _codes(await _list(db, actor, search=search)) == ["900000002"]
    assert _codes(await _list(db, actor, search="нет такого")) == []


async def test_a_manager_without_the_right_sees_masked_buyers(db: Database) -> None:
    actor, store = await _shop(db)
    await write(db, store, [seen("900000001", "NEW", "APPROVED_BY_BANK", NOON)], NOON, secrets=BOX)
    without = Actor(Role.USER, uuid4(), "m@example.kz", actor.owner_id, frozenset({Area.PRICES}))
    having = Actor(Role.USER, uuid4(), "n@example.kz", actor.owner_id, frozenset({Area.ORDERS}))
    (masked,), (shown,) = (await _list(db, without)).rows, (await _list(db, having)).rows
    assert (masked.buyer, masked.phone, masked.address) == ("А. Т.", "+7 701 ··· ·· 01", "Алматы")
    assert (shown.buyer, shown.phone) == ("Айгерим Тестова", "+7 701 000 00 01")
    for search, found in (("Айгерим", 0), ("7010000001", 0), ("900000001", 1)):
        assert (await _list(db, without, search=search)).total == found
    assert (await _list(db, having, search="Айгерим")).total == 1
    assert "Айгерим" not in repr(shown)
    assert "701 000" not in repr(shown)


async def test_orders_are_their_sellers_alone(db: Database) -> None:
    actor, store = await _shop(db)
    await write(db, store, [seen("900000001", "NEW", "APPROVED_BY_BANK", NOON)], NOON, secrets=BOX)
    stranger, _ = await _shop(db)
    assert (await _list(db, stranger)).total == 0
    (mine,) = (await _list(db, actor)).rows
    async with db.read() as tx:
        with pytest.raises(NotFound):
            await listing.get_order(tx, stranger, mine.row.id, secrets=BOX)
        with pytest.raises(PermissionDenied):
            await listing.list_orders(tx, NOBODY, OrderQuery(), secrets=BOX)
        found = await listing.get_order(tx, actor, mine.row.id, secrets=BOX)
        assert [step.new_status for step in found.history] == [OrderStatus.APPROVED]
        assert [view.store_id for view in await switching.polls(tx, stranger)] != [store.id]
    async with db.write() as tx:
        with pytest.raises(StoreNotFound):
            await switching.switch(tx, stranger, store.id, NOON, is_on=True)
        shelf = taking.Shelf(store.id, store.user_id, OrderSource.API, NOON)
        with pytest.raises(PermissionDenied):
            await taking.take(tx, actor, shelf, [], asked_at=NOON, secrets=BOX, now=NOON)


async def test_the_switch_makes_the_store_due_at_once(db: Database) -> None:
    actor, store = await _shop(db)
    async with db.write() as tx:
        assert await switching.switch(tx, actor, store.id, NOON, is_on=True)
        assert not await switching.switch(tx, actor, store.id, NOON, is_on=True)
    async with db.read() as tx:
        (view,) = await switching.polls(tx, actor)
        everybody = await switching.polls(tx, SYSTEM)
    assert (view.is_on, view.import_percent, view.problem) == (True, 0, None)
    assert view in everybody


async def test_an_older_answer_changes_nothing_and_what_is_left_out_stays(db: Database) -> None:
    actor, store = await _shop(db)
    whole = seen("900000001", "KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT", NOON)
    await write(db, store, [whole], NOON, secrets=BOX)
    old = seen("900000001", "NEW", "APPROVED_BY_BANK", NOON, total_price=1)
    await write(db, store, [old], NOON - timedelta(seconds=1), secrets=BOX)
    bare = seen(
        "900000001",
        "ARCHIVE",
        "COMPLETED",
        NOON,
        buyer=Buyer(),
        address=None,
        payment_mode=None,
        items=None,
    )
    await write(db, store, [bare], NOON + timedelta(minutes=1), secrets=BOX)
    (view,) = (await _list(db, actor)).rows
    assert view.row.status == OrderStatus.COMPLETED
    assert view.row.completed_at == NOON + timedelta(minutes=1)
    assert (view.buyer, view.row.payment_mode) == ("Айгерим Тестова", "PREPAID")
    assert (len(view.items), view.row.total_price) == (1, 1_299_000)


async def test_an_entry_that_was_cancelled_is_left_with_nothing_in_it(db: Database) -> None:
    actor, store = await _shop(db)
    two = seen("900000001", "NEW", "APPROVED_BY_BANK", NOON, goods=("Плед", "Фен"))
    one = seen("900000001", "NEW", "APPROVED_BY_BANK", NOON, goods=("Плед",))
    await write(db, store, [two], NOON, secrets=BOX)
    await write(db, store, [one], NOON + timedelta(minutes=1), secrets=BOX)
    (view,) = (await _list(db, actor)).rows
    assert [(it.name, it.quantity, it.total_price) for it in view.items] == [
        ("Плед", 1, 1_299_000),
        ("Фен", 0, 0),
    ]
