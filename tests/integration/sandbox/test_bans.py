from __future__ import annotations

from typing import Any

import httpx

STORE, OTHER_STORE = "30000001", "30000002"


async def test_fifteen_requests_a_second_pass_and_the_sixteenth_is_banned(client: Any) -> None:
    answers = [(await client.offers(client.card)).status_code for _ in range(17)]
    assert answers == [200] * 15 + [403] * 2
    assert [(ban.kind, ban.key) for ban in client.sandbox.limits.bans] == [("ip", "127.0.0.1")]


async def test_the_ban_of_an_address_is_a_page_and_lasts_fifteen_seconds(client: Any) -> None:
    for _ in range(16):
        answer = await client.offers(client.card)
    assert answer.headers["content-type"].startswith("text/html")
    client.clock.move(seconds=14.9)
    assert (await client.offers(client.card)).status_code == 403
    client.clock.move(seconds=0.2)
    assert (await client.offers(client.card)).status_code == 200


async def test_any_second_counts_not_the_calendars(client: Any) -> None:
    for _ in range(8):
        await client.offers(client.card)
    client.clock.move(seconds=0.9)
    answers = [(await client.offers(client.card)).status_code for _ in range(8)]
    assert answers == [200] * 7 + [403]


async def test_each_proxy_leaves_from_an_address_of_its_own(client: Any) -> None:
    url = f"{client.sandbox.shop_url}/yml/offer-view/offers/{client.card}"
    statuses = {}
    for proxy in client.sandbox.proxies[:2]:
        async with httpx.AsyncClient(proxy=proxy, trust_env=False) as http:
            answers = [await http.post(url, json={"cityId": "750000000"}) for _ in range(15)]
            statuses[proxy] = {answer.status_code for answer in answers}
    assert list(statuses.values()) == [{200}, {200}]
    assert (await client.offers(client.card)).status_code == 200
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        assert (await http.post(url, json={"cityId": "750000000"})).status_code == 403
    assert [ban.key for ban in client.sandbox.limits.bans] == ["127.0.0.2"]


async def test_a_fourth_feed_request_in_a_second_bans_the_store_for_half_an_hour(
    client: Any,
) -> None:
    answers = [(await client.change()).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    client.clock.move(minutes=29, seconds=59)
    assert (await client.change()).status_code == 429
    client.clock.move(seconds=2)
    assert (await client.change()).status_code == 200


async def test_one_stores_ban_leaves_the_other_and_the_catalogue_alone(client: Any) -> None:
    for _ in range(4):
        await client.change()
    other = next(iter(client.sandbox.world.stores[OTHER_STORE].values()))
    body = client.body(merchantUid=OTHER_STORE, model=other.model) | {"sku": other.sku}
    assert (await client.post("/pricefeed/upload/merchant/process", body)).status_code == 200
    assert (await client.get("/bff/offer-view/list", m=STORE)).status_code == 200
    protocol = {"merchantUid": STORE, "skuList": []}
    path = "/pricefeed/protocol/merchant/offer/list/s"
    assert (await client.post(path, protocol)).status_code == 429


async def test_250_changes_in_half_an_hour_pass_and_the_next_is_banned(client: Any) -> None:
    body = client.body()
    for _ in range(5):
        assert (await client.batch(*[body] * 50)).status_code == 200
        client.clock.move(seconds=10)
    assert client.sandbox.limits.changes_used(STORE, client.sandbox.now()) == 250
    assert (await client.change()).status_code == 429
    assert client.sandbox.limits.bans[-1].reason == "changes_per_30_minutes"
    assert client.sandbox.audit().bans == [("store", STORE)]


async def test_changes_leave_the_window_after_half_an_hour(client: Any) -> None:
    body = client.body()
    await client.batch(*[body] * 250)
    client.clock.move(minutes=30, seconds=1)
    assert (await client.batch(*[body] * 250)).status_code == 200
    assert client.sandbox.limits.bans == []
