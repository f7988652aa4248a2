from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

STORE = "30000001"


async def offers_status(client: Any, times: int = 1) -> list[int]:
    return [(await client.offers(client.card)).status_code for _ in range(times)]


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 526])
async def test_an_error_status_for_so_many_requests(client: Any, status: int) -> None:
    client.sandbox.fault("status", "offers", status=status, count=2)
    assert await offers_status(client, 3) == [status, status, 200]
    assert client.sandbox.limits.bans == []


async def test_a_429_with_and_without_retry_after(client: Any) -> None:
    client.sandbox.fault("status", "process", status=429, retry_after=7, count=1)
    client.sandbox.fault("status", "process", status=429, count=1)
    answers = [await client.change(), await client.change()]
    assert [answer.headers.get("retry-after") for answer in answers] == ["7", None]
    assert client.sandbox.audit().accepted == 0


async def test_a_fault_for_a_time(client: Any) -> None:
    client.sandbox.fault("status", "offers", status=500, seconds=10)
    assert await offers_status(client, 2) == [500, 500]
    client.clock.move(seconds=10)
    assert await offers_status(client) == [200]


async def test_a_fault_of_one_store_spares_the_other(client: Any) -> None:
    client.sandbox.fault("status", "cabinet", status=401, store=STORE)
    assert (await client.get("/bff/offer-view/list", m=STORE)).status_code == 401
    assert (await client.get("/bff/offer-view/list", m="30000002")).status_code == 200


async def test_a_fault_of_one_address_spares_the_others(client: Any) -> None:
    client.sandbox.fault("status", "offers", status=403, ip="127.0.0.2")
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        url = f"{client.sandbox.shop_url}/yml/offer-view/offers/{client.card}"
        assert (await http.post(url, json={"cityId": "750000000"})).status_code == 403
    assert await offers_status(client) == [200]


async def test_a_page_with_status_200(client: Any) -> None:
    client.sandbox.fault("html", "offers", count=1)
    answer = await client.offers(client.card)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_truncated_json(client: Any) -> None:
    client.sandbox.fault("truncated", "list", count=1)
    answer = await client.get("/bff/offer-view/list", m=STORE)
    assert answer.text.startswith('{"data":[')
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_null_fields(client: Any) -> None:
    client.sandbox.fault("nulls", "list", fields=("offerId", "brand", "availabilities"), count=1)
    rows = (await client.get("/bff/offer-view/list", m=STORE)).json()["data"]
    assert {(row["offerId"], row["brand"], row["availabilities"]) for row in rows} == {
        (None, None, None)
    }
    assert all(row["sku"] for row in rows)


async def test_null_everything(client: Any) -> None:
    client.sandbox.fault("nulls", "offers", count=1)
    answer = (await client.offers(client.card)).json()
    assert answer["total"] is None
    assert {value for offer in answer["offers"] for value in offer.values() if not value} == {None}


async def test_an_empty_list(client: Any) -> None:
    client.sandbox.fault("empty", "*", count=2)
    assert (await client.offers(client.card)).json()["offers"] == []
    assert (await client.get("/bff/offer-view/list", m=STORE)).json() == {"data": [], "total": 0}


async def test_our_own_row_is_missing(client: Any) -> None:
    total = (await client.offers(client.card, limit=64)).json()["total"]
    client.sandbox.fault("own_missing", "offers", store=STORE, count=1)
    answer = (await client.offers(client.card, limit=64)).json()
    assert answer["total"] == len(answer["offers"]) == total - 1
    assert STORE not in {offer["merchantId"] for offer in answer["offers"]}
    assert (await client.offers(client.card, limit=64)).json()["total"] == total


async def test_a_slow_answer_takes_the_sandboxs_time(client: Any) -> None:
    before = client.clock.now()
    client.sandbox.fault("slow", "offers", delay=4.0, count=1)
    assert await offers_status(client) == [200]
    assert (client.clock.now() - before).total_seconds() == 4.0


async def test_no_answer_until_the_client_gives_up(client: Any) -> None:
    client.sandbox.fault("hang", "offers", count=1)
    client.http.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        await client.offers(client.card)
    assert await offers_status(client) == [200]


async def test_a_reset_before_the_request_is_served(client: Any) -> None:
    client.sandbox.fault("reset", "process", count=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.change()
    assert client.sandbox.audit().accepted == 0


@pytest.mark.parametrize("kind", ["reset_after", "hang_after"])
async def test_a_change_is_accepted_and_its_answer_lost(client: Any, kind: str) -> None:
    client.sandbox.fault(kind, "process", count=1)
    client.http.timeout = httpx.Timeout(0.2)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout)):
        await client.change()
    assert client.sandbox.audit().accepted == 1
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) == 5000.0


async def test_a_reset_passes_through_a_proxy(client: Any) -> None:
    client.sandbox.fault("reset", "offers", count=1)
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        url = f"{client.sandbox.shop_url}/yml/offer-view/offers/{client.card}"
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await http.post(url, json={"cityId": "750000000"})
        assert (await http.post(url, json={"cityId": "750000000"})).status_code == 200


async def test_a_change_is_acknowledged_and_never_applied(client: Any) -> None:
    before = await client.window_price(client.sku)
    client.sandbox.fault("ignored", "pricefeed", count=1)
    assert (await client.change()).status_code == 200
    client.clock.move(seconds=61)
    assert await client.window_price(client.sku) == before
    assert client.sandbox.audit().ignored == {"ignored_fault": 1}
