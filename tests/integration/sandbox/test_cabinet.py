from __future__ import annotations

from typing import Any

import pytest

STORE, OTHER_STORE = "30000001", "30000002"


async def test_without_a_session_401_and_an_ingress_cookie(client: Any) -> None:
    answer = await client.http.get(f"{client.sandbox.merchant_url}/s/m")
    assert answer.status_code == 401
    assert "mc-session" in answer.headers["set-cookie"]


async def test_a_session_knows_all_merchants_of_its_account(client: Any) -> None:
    answer = await client.get("/s/m")
    assert [m["uid"] for m in answer.json()["merchants"]] == [STORE, OTHER_STORE]


async def test_an_expired_session_is_401_everywhere(client: Any) -> None:
    client.sandbox.sessions.expire("seller@example.kz")
    assert (await client.get("/s/m")).status_code == 401
    assert (await client.get("/bff/offer-view/list", m=STORE)).status_code == 401
    assert (await client.change()).status_code == 401


async def test_a_strange_store_is_refused(client: Any) -> None:
    assert (await client.get("/bff/offer-view/list", m="11200001")).status_code == 403


async def test_the_auth_version_is_expected(client: Any) -> None:
    del client.headers["X-Auth-Version"]
    assert (await client.get("/s/m")).status_code == 403


@pytest.mark.parametrize(
    ("filters", "expected"), [({"a": "true"}, 10), ({"a": "false"}, 2), ({}, 12)]
)
async def test_the_list_is_filtered_and_paged(
    client: Any, filters: dict[str, str], expected: int
) -> None:
    skus: list[str] = []
    for page in range(5):
        answer = await client.get("/bff/offer-view/list", m=STORE, p=page, l=5, **filters)
        assert answer.json()["total"] == expected
        skus += [row["sku"] for row in answer.json()["data"]]
        if len(answer.json()["data"]) < 5:
            break
    assert len(skus) == len(set(skus)) == expected


async def test_the_list_gives_at_most_a_hundred(client: Any) -> None:
    answers = [await client.get("/bff/offer-view/list", m=STORE, l=size) for size in (100, 101, 0)]
    assert [answer.status_code for answer in answers] == [200, 400, 400]


async def test_the_list_is_searched_by_sku_and_card(client: Any) -> None:
    for text in (client.sku, client.card):
        answer = await client.get("/bff/offer-view/list", m=STORE, t=text)
        assert [row["sku"] for row in answer.json()["data"]] == [client.sku]


async def test_priced_by_city_shows_a_price_of_zero(client: Any) -> None:
    rows = (await client.get("/bff/offer-view/list", m=STORE, l=100, a="true")).json()["data"]
    by_city = [row for row in rows if row["cityPrices"]]
    plain = [row for row in rows if row["cityPrices"] is None]
    assert by_city
    assert plain
    assert {row["price"] for row in by_city} == {0}
    assert all(row["price"] == row["minPrice"] > 0 for row in plain)
    assert {type(a["available"]) for row in rows for a in row["availabilities"]} == {str}
    assert {type(row["available"]) for row in rows} == {bool}


async def test_count_agrees_with_the_list(client: Any) -> None:
    answer = await client.get("/offers/api/v1/offer/count", m=STORE)
    assert answer.json() == {"published": 10, "archived": 2}


async def test_details_of_many_skip_what_is_unknown(client: Any) -> None:
    body = {"sku": [client.sku, "no-such-sku"]}
    answer = await client.post("/offers/api/v1/offer/details", body, m=STORE)
    rows = answer.json()
    assert [row["sku"] for row in rows] == [client.sku]
    assert rows[0]["availabilities"][0]["storeId"].startswith(f"{STORE}_PP")
    listing = client.sandbox.world.stores[STORE][client.sku]
    assert {c["cityId"]: c["price"] for c in rows[0]["cities"]} == listing.prices


async def test_details_of_another_stores_product_are_not_found(client: Any) -> None:
    sku = next(iter(client.sandbox.world.stores[OTHER_STORE]))
    assert (await client.get("/bff/offer-view/details", m=STORE, s=sku)).status_code == 404


async def test_points_come_by_city(client: Any) -> None:
    answer = await client.get("/bff/offer-view/points", merchantUid=STORE)
    found = {c["cityName"]: [p["storeCode"] for p in c["points"]] for c in answer.json()}
    assert found == {"Алматы": ["PP1"], "Астана": ["PP2"]}


async def test_the_lowest_price_is_the_cheapest_offer_anywhere(client: Any) -> None:
    rival = client.sandbox.market.rivals_on(client.card)[0]
    client.sandbox.market.set_rival(client.card, rival.merchant.uid, 1234)
    answer = await client.get("/offers/api/v1/price/lowest", s=client.card)
    assert answer.json() == {"price": 1234.0}


class TestGraphql:
    async def ask(self, client: Any, name: str, query: str, **variables: str) -> Any:
        body = {"operationName": name, "variables": variables, "query": query}
        return (await client.post("/mc/facade/graphql", body, opName=name)).json()

    async def test_the_merchant_and_its_points(self, client: Any) -> None:
        query = "query getMerchant($id:String!){merchant(id:$id){id name points{id name}}}"
        merchant = (await self.ask(client, "getMerchant", query, id=STORE))["data"]["merchant"]
        assert merchant["name"] == "Тестовая лавка"
        assert [(p["id"], p["name"], p["city"]["id"]) for p in merchant["points"]] == [
            (f"{STORE}_PP1", "PP1", "750000000"),
            (f"{STORE}_PP2", "PP2", "710000000"),
        ]

    async def test_an_inline_id_and_the_point_list(self, client: Any) -> None:
        query = f'query getPointList{{merchant(id:"{STORE}"){{id points{{id}}}}}}'
        merchant = (await self.ask(client, "getPointList", query))["data"]["merchant"]
        assert [point["id"] for point in merchant["points"]] == [f"{STORE}_PP1", f"{STORE}_PP2"]

    async def test_the_cities_have_the_ids_of_the_offers(self, client: Any) -> None:
        answer = await self.ask(client, "getCities", "query getCities{cities{id name}}")
        names = {city["id"]: city["name"] for city in answer["data"]["cities"]}
        assert names["750000000"] == "Алматы"

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("query getMerchant{merchant{id}}", "Missing field argument 'id'"),
            (
                "query getMerchant($id:String!){merchant(uid:$id){id}}",
                "Unknown field argument 'uid'",
            ),
        ],
    )
    async def test_errors_come_with_status_200(self, client: Any, query: str, message: str) -> None:
        answer = await self.ask(client, "getMerchant", query, id=STORE)
        assert answer == {"errors": [{"message": message}]}

    async def test_an_unknown_operation_is_a_bad_request(self, client: Any) -> None:
        answer = await self.ask(client, "getWeather", "query getWeather{x}")
        assert answer["errors"][0]["message"] == "Bad Request"

    async def test_somebody_elses_merchant_is_null(self, client: Any) -> None:
        query = "query getMerchant($id:String!){merchant(id:$id){id}}"
        answer = await self.ask(client, "getMerchant", query, id="999")
        assert answer == {"data": {"merchant": None}}
