from __future__ import annotations

from typing import Any

import httpx
import pytest

from cube_demper.sandbox.cities import CITIES
from cube_demper.sandbox.seeding import StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox


async def test_get_is_not_allowed(client: Any) -> None:
    answer = await client.http.get(f"{client.sandbox.shop_url}/yml/offer-view/offers/1")
    assert answer.status_code == 405


@pytest.mark.parametrize("limit", [65, 100, 0, -1, "64", 2.5])
async def test_a_limit_out_of_range_is_refused(client: Any, limit: Any) -> None:
    assert (await client.offers(client.card, limit=limit)).status_code == 400


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}"])
async def test_a_body_without_city_is_refused(client: Any, body: bytes) -> None:
    url = f"{client.sandbox.shop_url}/yml/offer-view/offers/{client.card}"
    assert (await client.http.post(url, content=body)).status_code == 400


@pytest.mark.parametrize(
    ("card", "city"), [("999", "750000000"), (None, "770000000"), (None, "117020100")]
)
async def test_nobody_sells_is_an_empty_200(client: Any, card: str | None, city: str) -> None:
    answer = await client.offers(card or client.card, cityId=city)
    assert answer.status_code == 200
    assert answer.json() == {"offers": [], "total": 0, "offersCount": 0}


async def test_sorted_by_price_is_cheapest_first_and_ties_by_rating(client: Any) -> None:
    rivals = [r for r in client.sandbox.market.rivals_on(client.card) if "750000000" in r.prices]
    assert len(rivals) > 1
    for rival in rivals:
        client.sandbox.market.set_rival(client.card, rival.merchant.uid, 3000)
    offers = (await client.offers(client.card, limit=64, sortOption="PRICE")).json()["offers"]
    keys = [(offer["price"], -offer.get("merchantRating", 0)) for offer in offers]
    assert keys == sorted(keys)
    assert keys[0][0] == 3000


async def test_without_the_option_the_order_is_another(client: Any) -> None:
    world = client.sandbox.world
    differing = 0
    for card in list(world.cards)[:10]:
        client.clock.move(seconds=1)
        sorted_ = (await client.offers(card, limit=64, sortOption="PRICE")).json()["offers"]
        plain = (await client.offers(card, limit=64)).json()["offers"]
        assert {o["merchantId"] for o in sorted_} == {o["merchantId"] for o in plain}
        differing += [o["merchantId"] for o in sorted_] != [o["merchantId"] for o in plain]
    assert differing


async def test_five_a_page_when_no_limit_is_given() -> None:
    plan = WorldPlan(
        stores=(StorePlan("30000001", "Лавка", goods=2),), rivals=90, rivals_per_card=(90, 90)
    )
    async with Sandbox.start(plan=plan) as sandbox:
        client_card = next(iter(sandbox.world.cards))
        async with httpx.AsyncClient(trust_env=False) as http:
            url = f"{sandbox.shop_url}/yml/offer-view/offers/{client_card}"
            first = (await http.post(url, json={"cityId": 750000000})).json()
            assert len(first["offers"]) == 5
            seen = []
            for page in range(3):
                body = {"cityId": "750000000", "limit": 64, "page": page, "sortOption": "PRICE"}
                answer = (await http.post(url, json=body)).json()
                seen += [offer["merchantId"] for offer in answer["offers"]]
                assert answer["total"] == answer["offersCount"] == 91
            assert len(seen) == len(set(seen)) == 91


async def test_a_price_belongs_to_its_city(client: Any) -> None:
    world = client.sandbox.world
    goods = next(
        good
        for good in world.stores["30000001"].values()
        if good.price_in("750000000") and good.price_in("710000000")
    )
    goods.prices["710000000"] = goods.prices["750000000"] + 777
    almaty = await client.window_price(goods.sku)
    assert await client.window_price(goods.sku, "710000000") == almaty + 777


async def test_fields_of_shops_without_reviews_are_absent(client: Any) -> None:
    offers = []
    for card in client.sandbox.world.cards:
        client.clock.move(seconds=1)
        for city in ("750000000", "710000000"):
            answer = await client.offers(card, cityId=city, limit=64)
            offers += answer.json()["offers"]
    assert any("merchantRating" not in offer for offer in offers)
    assert all(("merchantRating" in o) == ("merchantReviewsQuantity" in o) for o in offers)
    assert any("pickup" not in offer for offer in offers)
    assert any("delivery" not in offer for offer in offers)
    assert all(isinstance(offer["price"], float) for offer in offers)
    assert {offer["preorder"] > 0 for offer in offers} == {True, False}


def test_the_ids_of_the_cities_are_unique_codes() -> None:
    assert len({city.name for city in CITIES.values()}) == len(CITIES) >= 28
