from __future__ import annotations

from typing import Any

import pytest

from cube_demper.sandbox.pricefeed import FeedRules

STORE, OTHER_STORE = "30000001", "30000002"
ALMATY, ASTANA = "750000000", "710000000"


@pytest.fixture
def sku_of_both(client: Any) -> str:
    """A product that is sold in both cities."""
    goods = client.sandbox.world.stores[STORE].values()
    return str(next(g.sku for g in goods if g.price_in(ALMATY) and g.price_in(ASTANA)))


async def test_a_change_is_accepted_now_and_seen_after_its_delay(client: Any) -> None:
    before = await client.window_price(client.sku)
    answer = await client.change()
    assert answer.status_code == 200
    assert len(answer.json()["id"]) == 24
    client.clock.move(seconds=4.9)
    assert await client.window_price(client.sku) == before
    client.clock.move(seconds=55.2)
    assert await client.window_price(client.sku) == 5000.0


async def test_only_the_named_city_changes(client: Any, sku_of_both: str) -> None:
    before = await client.window_price(sku_of_both, ASTANA)
    await client.change(sku=sku_of_both)
    client.clock.move(seconds=61)
    assert await client.window_price(sku_of_both, ALMATY) == 5000.0
    assert await client.window_price(sku_of_both, ASTANA) == before


async def test_an_omitted_point_loses_its_availability(client: Any, sku_of_both: str) -> None:
    point = {"storeId": f"{STORE}_PP1", "available": "yes"}
    await client.change(sku=sku_of_both, availabilities=[point])
    client.clock.move(seconds=61)
    assert await client.window_price(sku_of_both, ALMATY) == 5000.0
    assert await client.window_price(sku_of_both, ASTANA) is None


async def test_without_availabilities_they_stay(client: Any, sku_of_both: str) -> None:
    await client.post(
        "/pricefeed/upload/merchant/process",
        {"merchantUid": STORE, "sku": sku_of_both, "price": 4321},
    )
    client.clock.move(seconds=61)
    assert await client.window_price(sku_of_both, ALMATY) == 4321.0
    assert await client.window_price(sku_of_both, ASTANA) == 4321.0


async def test_no_availability_anywhere_removes_the_product_for_good(client: Any) -> None:
    nowhere = [{"storeId": f"{STORE}_PP1", "available": "no"}]
    await client.change(availabilities=nowhere)
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) is None
    removed = (await client.get("/bff/offer-view/list", m=STORE, a="false", l=100)).json()["data"]
    row = next(row for row in removed if row["sku"] == client.sku)
    assert row["offerError"]["errorCodes"] == ["NO_AVAILABILITIES"]
    back = [{"storeId": f"{STORE}_PP1", "available": "yes"}]
    assert (await client.change(availabilities=back)).status_code == 200
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) is None
    assert client.sandbox.audit().ignored == {"ignored_removed": 1}


async def test_a_wrong_model_is_accepted_and_ignored(client: Any) -> None:
    before = await client.window_price(client.sku)
    assert (await client.change(model="SEO заголовок")).status_code == 200
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) == before
    assert client.sandbox.audit().ignored == {"ignored_model": 1}


async def test_the_check_of_the_model_can_be_switched_off(client: Any) -> None:
    client.sandbox.market.rules = FeedRules(check_model=False)
    await client.change(model="SEO заголовок")
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) == 5000.0


async def test_stock_in_a_single_change_may_remove_the_product(client: Any) -> None:
    client.sandbox.market.rules = FeedRules(single_stock_removes=True)
    stock = [{"storeId": f"{STORE}_PP1", "available": "yes", "stockCount": 3}]
    await client.change(availabilities=stock)
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) is None


@pytest.mark.parametrize("value", [1200.5, "1200", 0, -5, True, None, 1200.0])
async def test_a_price_that_is_not_whole_tenge_is_refused(client: Any, value: Any) -> None:
    answer = await client.change(cityPrices=[{"cityId": ALMATY, "value": value}])
    assert answer.status_code == 400
    assert client.sandbox.audit().accepted == 0


async def test_a_batch_is_taken_whole(client: Any) -> None:
    skus = list(client.sandbox.skus(STORE))[:3]
    answer = await client.batch(*(client.body(sku=sku) for sku in skus))
    assert len({row["id"] for row in answer.json()}) == 3
    client.clock.move(seconds=61)
    client.sandbox.market.settle()
    assert client.sandbox.audit().applied == 3


async def test_a_batch_takes_echoed_details(client: Any) -> None:
    rows = await client.post("/offers/api/v1/offer/details", {"sku": [client.sku]}, m=STORE)
    echoed = rows.json()[0] | {"cityPrices": [{"cityId": ALMATY, "value": 4500}]}
    before = client.sandbox.world.stores[STORE][client.sku].stocks
    assert (await client.batch(echoed)).status_code == 200
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) == 4500.0
    assert client.sandbox.world.stores[STORE][client.sku].stocks == before


async def test_a_batch_of_two_stores_or_with_one_bad_price_is_refused_whole(client: Any) -> None:
    bad = client.body(cityPrices=[{"cityId": ALMATY, "value": 1.5}])
    assert (await client.batch(client.body(), bad)).status_code == 400
    assert (
        await client.batch(client.body(), client.body(merchantUid=OTHER_STORE))
    ).status_code == 400
    assert client.sandbox.audit().accepted == 0


async def test_the_protocol_tells_waiting_from_processed(client: Any) -> None:
    await client.change()
    path, body = "/pricefeed/protocol/merchant/offer/list/s", {
        "merchantUid": STORE,
        "skuList": [client.sku, "unknown"],
    }  # fmt: skip
    waiting = (await client.post(path, body)).json()
    client.clock.move(seconds=61)
    done = (await client.post(path, body)).json()
    assert [(row["sku"], row["processed"]) for row in waiting] == [(client.sku, False)]
    assert [row["processed"] for row in done] == [True]


async def test_an_accepted_change_is_logged_with_who_what_and_where(client: Any) -> None:
    sku = client.sku
    await client.change()
    client.clock.move(seconds=61)
    client.sandbox.market.settle()
    accepted = next(client.sandbox.journal.since(0, kind="accepted"))
    settled = next(client.sandbox.journal.since(0, kind="settled"))
    assert accepted["store"] == STORE
    assert (accepted["sku"], accepted["ip"]) == (sku, "127.0.0.1")
    assert accepted["city_prices"] == {ALMATY: 5000}
    assert accepted["changed_cities"] == [ALMATY]
    assert settled["result"] == "applied"
    assert accepted["at"] < settled["at"]
