"""What the sandbox serves, compared with what Kaspi served: the same keys and JSON types at every depth."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = (ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")).resolve()
STORE = "30000001"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="recorded samples are not here")

Shape = dict[str, set[str]]

#: Keys of the papers that are not in every row (KASPI.md §1.2): absent, never null.
MAY_BE_ABSENT = {
    "offers[].merchantReviewsQuantity",
    "offers[].merchantRating",
    "offers[].pickup",
    "offers[].pointsWithAvailability",
    "offers[].delivery",
    "offers[].kdPickupDate",
    "offers[].availabilityDate",
    "offers[].postomat",
}
#: What the recording of a single product holds and ours need not: texts and pictures of the card.
CARD_CONTENT = ("masterProduct.galleryImages[]", "masterProduct.specifications[]")
#: Days on which a point of the recorded shop was closed.
SPECIAL_DAYS = ".specialDays[]"
#: Recorded null, and given a value by us or the other way round: both are named in KASPI.md.
MAY_BE_NULL = {"offers[].deliveryDuration", "data[].archivedAt", "cities[].points"}


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def shape(value: Any) -> Shape:
    """Every path of a JSON value with its types; city codes as keys count as one key."""
    found: Shape = {}
    for path, kind in _walk(value, ""):
        found.setdefault(path, set()).add(kind)
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    yield path, _kind(value)
    if isinstance(value, dict):
        for key, item in value.items():
            name = "*" if key.isdigit() else key
            yield from _walk(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, f"{path}[]")


def _kind(value: Any) -> str:
    return {dict: "object", list: "array", str: "string", type(None): "null"}.get(
        type(value), type(value).__name__
    )


def differences(
    recorded: Shape, served: Shape, absent: set[str], skipped: tuple[str, ...]
) -> set[str]:
    """Paths that only one of the two has, and types that do not agree."""
    found = {f"only recorded: {path}" for path in recorded.keys() - served.keys() - absent}
    found |= {f"only served: {path}" for path in served.keys() - recorded.keys()}
    for path in recorded.keys() & served.keys():
        if not served[path] <= recorded[path] | ({"null"} if path in MAY_BE_NULL else set()):
            found.add(f"{path}: recorded {recorded[path]}, served {served[path]}")
    return {text for text in found if not any(part in text for part in skipped)}


async def test_a_page_of_offers(client: Any) -> None:
    for card in client.sandbox.world.cards:
        client.clock.move(seconds=1)
        answer = await client.offers(card, limit=64, sortOption="PRICE")
        served = shape(answer.json())
        assert not differences(shape(sample("offers_page.json")), served, MAY_BE_ABSENT, ())


async def test_every_field_of_an_offer_is_served_somewhere(client: Any) -> None:
    served: Shape = {}
    for card in client.sandbox.world.cards:
        client.clock.move(seconds=1)
        served |= shape((await client.offers(card, limit=64)).json())
    assert shape(sample("offers_page.json")).keys() <= served.keys()


async def test_no_offers(client: Any) -> None:
    assert (await client.offers("999")).json() == sample("offers_empty.json")


async def test_a_removed_product_in_the_list(client: Any) -> None:
    answer = await client.get("/bff/offer-view/list", m=STORE, a="false", l=1)
    recorded = shape(sample("mc_offer_view_list_removed.json"))
    assert not differences(recorded, shape(answer.json()), {"data[].images[]"}, ())


async def test_an_active_product_has_the_removed_ones_keys_and_its_stocks(client: Any) -> None:
    answer = await client.get("/bff/offer-view/list", m=STORE, a="true", l=100)
    recorded = set(sample("mc_offer_view_list_removed.json")["data"][0])
    for row in answer.json()["data"]:
        assert set(row) == recorded | {"stocks"}


async def test_a_product_in_full(client: Any) -> None:
    removed = (await client.get("/bff/offer-view/list", m=STORE, a="false", l=1)).json()["data"][0]
    answer = await client.get("/bff/offer-view/details", m=STORE, s=removed["sku"])
    recorded = shape(sample("mc_offer_view_details.json"))
    skipped = (*CARD_CONTENT, SPECIAL_DAYS)
    assert not differences(recorded, shape(answer.json()), set(), skipped)


async def test_the_recorded_price_change_is_understood(client: Any) -> None:
    recorded = sample("mc_pricefeed_process_request.json")
    listing = client.sandbox.world.stores[STORE][client.sku]
    points = [{**recorded["availabilities"][0], "storeId": f"{STORE}_PP1"}]
    body = recorded | {"sku": listing.sku, "model": listing.model, "availabilities": points}
    answer = await client.post("/pricefeed/upload/merchant/process", body)
    assert shape(answer.json()) == shape(sample("mc_pricefeed_process_response.json"))
    client.clock.move(seconds=61)
    client.sandbox.market.settle()
    assert listing.prices[recorded["cityPrices"][0]["cityId"]] == recorded["cityPrices"][0]["value"]
    assert listing.stocks["PP1"]["stockCount"] == recorded["availabilities"][0]["stockCount"]


async def test_a_list_of_orders(client: Any) -> None:
    token, now = client.sandbox.make_token(STORE), int(client.clock.now().timestamp() * 1000)
    asked = {
        "page[number]": "0",
        "page[size]": "100",
        "filter[orders][state]": "DELIVERY",
        "filter[orders][creationDate][$ge]": str(now - 13 * 86_400_000),
    }
    headers = {"Accept": "application/vnd.api+json", "X-Auth-Token": token}
    url = f"{client.sandbox.shop_url}/shop/api/v2/orders"
    served = (await client.http.get(url, params=asked, headers=headers)).json()
    assert served["data"]
    recorded = shape(sample("orders_detail_delivery_local.json"))
    assert not differences(recorded, shape(served), set(), ())


async def test_the_city_ids_are_those_of_the_papers() -> None:
    from cube_demper.sandbox.cities import CITIES  # noqa: PLC0415 - beside what it is compared with

    named = {row["id"]: row["name"] for row in sample("cities.json")["named"]}
    assert {city.id: city.name for city in CITIES.values()}.items() <= named.items()
