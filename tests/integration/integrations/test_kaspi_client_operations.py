"""Each operation four ways: request built, right address, answer read, error read."""

from __future__ import annotations

import pytest
from fake_kaspi import SESSION, FakeKaspi, change, offers_of, send

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    InvalidInput,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.limits import Limits

ROW = {"sku": "102_1", "masterSku": "102", "available": True, "price": 500}


class TestOffers:
    async def test_asks_like_the_cards_page(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        await client.offers(card="102298404", city_id="710000000", page=1)

        (request,) = kaspi.requests
        assert request.method == "POST"
        assert str(request.url) == "https://kaspi.kz/yml/offer-view/offers/102298404"
        assert (kaspi.body["cityId"], kaspi.body["page"], kaspi.body["limit"]) == (
            "710000000",
            1,
            64,
        )
        assert request.headers["X-KS-City"] == "710000000"
        assert request.headers["User-Agent"].startswith("Mozilla/5.0")
        assert "Cookie" not in request.headers

    async def test_reads_the_answer(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        kaspi.answer(json=offers_of([4999.0, 5000.0]))
        page = await client.offers(card="1", city_id="750000000")

        assert [offer.price for offer in page.offers] == [499_900, 500_000]

    async def test_page_of_100_is_refused_before_it_leaves(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        with pytest.raises(InvalidInput):
            await client.offers(card="1", city_id="750000000", limit=100)
        assert kaspi.requests == []

    async def test_400_is_shown_and_not_repeated(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(400, text="bad product")
        with pytest.raises(Refused, match="bad product"):
            await client.offers(card="1", city_id="750000000")
        assert len(kaspi.requests) == 1

    async def test_one_egress_is_one_browser(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        for _ in range(6):
            await client.offers(card="1", city_id="750000000")
        agents = {
            (url, request.headers["User-Agent"])
            for url, request in zip(kaspi.egresses, kaspi.requests, strict=True)
        }

        assert len(set(kaspi.egresses)) == len(agents) == 2


class TestWhoAmI:
    async def test_shows_the_cookies_and_reads_the_merchants(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json={"merchants": [{"uid": "30000001"}, {"uid": "30067228"}]})

        assert await client.who_am_i(SESSION.cookies) == ("30000001", "30067228")
        (request,) = kaspi.requests
        assert (request.method, str(request.url)) == ("GET", "https://mc.shop.kaspi.kz/s/m")
        assert request.headers["Cookie"] == "mc-session=a; mc-sid=b"
        assert request.headers["X-Auth-Version"] == "3"

    @pytest.mark.parametrize("status", [401, 302])
    async def test_dead_session_asks_to_sign_in(
        self, client: KaspiClient, kaspi: FakeKaspi, status: int
    ) -> None:
        kaspi.answer(status)
        with pytest.raises(CredentialsRejected):
            await client.who_am_i(SESSION.cookies)
        assert len(kaspi.requests) == 1


class TestListProducts:
    async def test_asks_for_a_page_of_the_store(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json={"data": [ROW], "total": 240})
        page = await client.list_products(SESSION, page=2)

        (request,) = kaspi.requests
        assert request.url.path == "/bff/offer-view/list"
        assert dict(request.url.params) == {
            "m": "30000001",
            "p": "2",
            "l": "100",
            "a": "true",
            "t": "",
            "c": "",
            "lowStock": "false",
            "notSpecifiedStock": "false",
        }
        assert request.headers["x-merchant"] == "30000001"
        assert (page.total, page.products[0].price) == (240, 50_000)

    async def test_removed_and_all(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        for on_sale in (False, None):
            kaspi.answer(json={"data": [], "total": 0})
            await client.list_products(SESSION, page=0, on_sale=on_sale)

        assert [request.url.params.get("a") for request in kaspi.requests] == ["false", None]

    @pytest.mark.parametrize("limit", [0, 101, 200])
    async def test_limit_past_100_is_refused(self, client: KaspiClient, limit: int) -> None:
        with pytest.raises(InvalidInput):
            await client.list_products(SESSION, page=0, limit=limit)

    async def test_another_shape_stops_and_is_not_repeated(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json={"items": []})
        with pytest.raises(ContractChanged):
            await client.list_products(SESSION, page=0)
        assert len(kaspi.requests) == 1

    async def test_429_slows_this_lane_only(
        self, client: KaspiClient, kaspi: FakeKaspi, limits: Limits
    ) -> None:
        kaspi.answer(429, headers={"Retry-After": "7"})
        with pytest.raises(RateLimited) as caught:
            await client.list_products(SESSION, page=0)

        assert caught.value.retry_after.total_seconds() == 7
        assert await limits.store_blocked_until("30000001") is None

    async def test_a_store_keeps_to_its_egress(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        for _ in range(5):
            kaspi.answer(json={"data": [], "total": 0})
            await client.list_products(SESSION, page=0)

        assert len(set(kaspi.egresses)) == 1


class TestProductDetails:
    async def test_asks_many_and_reads_a_bare_array(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json=[ROW])
        (product,) = await client.product_details(SESSION, ["102_1", "103_1"])

        assert str(kaspi.requests[0].url) == (
            "https://mc.shop.kaspi.kz/offers/api/v1/offer/details?m=30000001"
        )
        assert kaspi.body == {"sku": ["102_1", "103_1"]}
        assert product.card == "102"

    async def test_object_instead_of_an_array_stops(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json={"error": "x"})
        with pytest.raises(ContractChanged):
            await client.product_details(SESSION, ["102_1"])


class TestPoints:
    async def test_asks_get_merchant(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        point = {"id": "PP1", "name": "PP1", "enabled": False, "city": {"id": "1", "name": "Г"}}
        kaspi.answer(json={"data": {"merchant": {"points": [point]}}})
        (read,) = await client.points(SESSION)

        assert str(kaspi.requests[0].url).endswith("/mc/facade/graphql?opName=getMerchant")
        assert kaspi.body["variables"] == {"id": "30000001"}
        assert "enabled" in kaspi.body["query"]
        assert (read["id"], read["enabled"]) == ("30000001_PP1", False)

    async def test_error_inside_200_is_a_refusal(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(json={"errors": [{"message": "Unknown field argument 'uid'"}]})
        with pytest.raises(Refused, match="Unknown field"):
            await client.points(SESSION)


class TestSendPrices:
    async def test_one_goes_alone(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        kaspi.answer(json={"id": "op1"})

        assert await send(client, change()) == ("op1",)
        assert str(kaspi.requests[0].url) == (
            "https://mc.shop.kaspi.kz/pricefeed/upload/merchant/process"
        )
        assert kaspi.body["cityPrices"] == [{"cityId": "750000000", "value": 1200}]

    async def test_many_go_as_a_batch(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        kaspi.answer(json=[{"id": "op1"}])

        assert await send(client, change("a"), change("b")) == ("op1",)
        assert str(kaspi.requests[0].url) == (
            "https://mc.shop.kaspi.kz/pricefeed/upload/merchant/process/process/batch"
        )
        assert [row["sku"] for row in kaspi.body] == ["a", "b"]

    async def test_none_sends_nothing(self, client: KaspiClient, kaspi: FakeKaspi) -> None:
        assert await send(client) == ()
        assert kaspi.requests == []

    @pytest.mark.parametrize(
        ("status", "kind"), [(400, Refused), (403, Refused), (401, CredentialsRejected)]
    )
    async def test_refusal_is_known_not_to_be_done(
        self, client: KaspiClient, kaspi: FakeKaspi, status: int, kind: type[Exception]
    ) -> None:
        kaspi.answer(status)
        with pytest.raises(kind):
            await send(client, change())
        assert len(kaspi.requests) == 1

    async def test_send_through_a_dead_proxy_is_known_not_to_have_left(
        self, client: KaspiClient, kaspi: FakeKaspi, limits: Limits
    ) -> None:
        kaspi.fail(has_left=False)
        with pytest.raises(Unreachable):
            await send(client, change())

        assert (await limits.store_snapshot("30000001")).used == 0
