"""What Kaspi may do to a reading of orders: a page for JSON, a refused window, a huge or a bare order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from orders_made import seen, write
from orders_scene import OrdersScene
from sqlalchemy import select
from sqlmodel import col
from worker_stage import Stage

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import buyers, listing, sheet
from cube_demper.domain.orders.list_schemas import OrderView
from cube_demper.domain.orders.seen_schemas import Buyer, SeenOrder
from cube_demper.models.orders import Order
from cube_demper.models.polling import PollProblem
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox import orders_api
from cube_demper.seller.pages.orders.around_rows import AroundView
from cube_demper.seller.pages.orders.rows import panel_view

DAY_MS = 86_400_000


@pytest.fixture
def scene(stage: Stage) -> OrdersScene:
    return OrdersScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


async def _read(scene: OrdersScene, order: SeenOrder) -> OrderView:
    """Write an order as a reading does and return it as the panel shows it."""
    stage = scene.stage
    async with stage.db.read() as tx:
        store = await tx.get_one(KaspiStore, stage.store_id)
    now, secrets = stage.clock.now(), stage.services.secrets
    await write(stage.db, store, [order], now, secrets=secrets)
    actor = Actor(Role.USER, stage.user_id, "seller@example.kz")
    async with stage.db.read() as tx:
        query = select(col(Order.id)).where(col(Order.kaspi_order_code) == order.code)
        order_id = (await tx.scalars(query)).one()
        return await listing.get_order(tx, actor, order_id, secrets=secrets)


async def test_without_the_accept_header_kaspi_shows_a_page_and_we_send_it(
    scene: OrdersScene,
) -> None:
    token = await scene.begin()
    url = f"{scene.stage.sandbox.shop_url}/shop/api/v2/orders"
    agent = {"X-Auth-Token": token, "User-Agent": "Mozilla/5.0"}
    async with httpx.AsyncClient() as client:
        answer = await client.get(url, headers=agent | {"Accept": "text/html"})
    assert (answer.status_code, answer.text[:1]) == (404, "<")
    await scene.work()
    assert await scene.problem() is None
    assert await scene.count(Order) > 0


async def test_a_page_of_404_in_place_of_orders_is_got_over(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    known = await scene.orders()
    scene.stage.sandbox.fault("status", "orders", status=404)
    await scene.later(hours=1)
    assert await scene.problem() is PollProblem.CHANGED
    assert (await scene.orders()).keys() == known.keys()
    assert not [row for row in (await scene.orders()).values() if row.missing_since]
    scene.stage.sandbox.faults.clear()
    await scene.later(hours=2)
    assert await scene.problem() is None


async def test_no_window_is_longer_than_kaspi_answers_for(scene: OrdersScene) -> None:
    token = await scene.begin()
    await scene.work()
    asked = [
        entry["asked_ms"]
        for entry in scene.stage.sandbox.journal.entries
        if entry.get("route") == "orders_list" and entry.get("asked_ms")
    ]
    assert 7 * DAY_MS <= max(asked) <= 14 * DAY_MS
    now = int(scene.stage.clock.now().timestamp() * 1000)
    params = {
        "page[number]": "0",
        "page[size]": "100",
        "filter[orders][state]": "NEW",
        "filter[orders][creationDate][$ge]": str(now - 15 * DAY_MS),
        "filter[orders][creationDate][$le]": str(now),
    }
    headers = {
        "X-Auth-Token": token,
        "Accept": "application/vnd.api+json",
        "User-Agent": "Mozilla/5.0",
    }
    async with httpx.AsyncClient() as client:
        url = f"{scene.stage.sandbox.shop_url}/shop/api/v2/orders"
        answer = await client.get(url, params=params, headers=headers)
    assert answer.status_code == 400
    assert "14 days" in answer.json()["errors"][0]["title"]


async def test_a_refused_window_is_said_and_loses_nothing(
    scene: OrdersScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.begin()
    await scene.work()
    known = await scene.orders()
    with monkeypatch.context() as stricter:
        stricter.setattr(orders_api, "_LONGEST_WINDOW", timedelta(days=1))
        await scene.later(hours=1)
    assert await scene.problem() is PollProblem.CHANGED
    assert (await scene.orders()).keys() == known.keys()
    await scene.later(hours=2)
    assert await scene.problem() is None


async def test_a_thousand_items_are_kept_shown_and_saved(scene: OrdersScene) -> None:
    goods = tuple(f"Товар {number}" for number in range(1000))
    now = scene.stage.clock.now()
    view = await _read(scene, seen("990000001", "NEW", "APPROVED_BY_BANK", now, goods=goods))
    assert len(view.items) == 1000
    assert [item.number for item in view.items] == list(range(1000))
    assert sum(item.quantity for item in view.items) == Decimal(1000)
    panel = panel_view(view, None, AroundView(), now)
    assert (len(panel.goods), panel.goods_note) == (
        100,
        "и ещё 900\u00a0товаров: все они в файле Excel",
    )
    lines = list(sheet.rows_of(view))
    assert len(lines) == 1000
    assert [line[9] for line in lines if line[9] is not None] == [1000 * 12_990]


async def test_an_order_without_customer_or_address_is_kept_and_shown(scene: OrdersScene) -> None:
    now, nobody = scene.stage.clock.now(), Buyer(None, None)
    order = seen(
        "990000002", "PICKUP", "ACCEPTED_BY_MERCHANT", now,
        buyer=nobody, address=None, city_name=None, items=None,
    )  # fmt: skip
    view = await _read(scene, order)
    assert (view.buyer, view.phone, view.address, view.items) == ("", "скрыт", "", ())
    (line,) = sheet.rows_of(view)
    assert line[0] == "990000002"
    stage = scene.stage
    actor = Actor(Role.USER, stage.user_id, "seller@example.kz")
    async with stage.db.read() as tx:
        secrets = stage.services.secrets
        assert await buyers.buyer_of(tx, actor, view.row, secrets=secrets) is None
