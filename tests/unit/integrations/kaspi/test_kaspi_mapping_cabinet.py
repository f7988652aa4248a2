"""The cabinet: rows of goods, points, and the change that goes to the price feed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.catalog.schemas import CabinetProduct
from cube_demper.integrations.kaspi import mapping

_ROOT = Path(__file__).resolve().parents[4]
SAMPLES = _ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of recorded samples")
POINT = "30000001_PP1"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text("utf-8"))


def read(**fields: object) -> CabinetProduct:
    (product,) = mapping.cabinet_products([{"sku": "102_1"} | fields])
    return product


def stock(**fields: object) -> dict[str, object]:
    return {"storeId": POINT, "available": "yes", "preOrder": None, "stockCount": None} | fields


class TestRecordedRemovedOffer:
    @needs_samples
    def test_everything_null_is_read(self) -> None:
        page = mapping.cabinet_page(sample("mc_offer_view_list_removed.json"))

        (product,) = page.products
        assert page.total == 1
        assert (product.sku, product.card) == ("113744482_000573024", "113744482")
        assert product.product_key == "6819dc2b458ec52b080c118e"
        assert (product.model, product.brand, product.availabilities) == (None, None, None)
        assert product.is_on_sale is False
        assert product.error_codes == ("NO_AVAILABILITIES",)
        assert product.updated_at == datetime(2025, 5, 6, 10, 2, 34, 697589, tzinfo=UTC)

    @needs_samples
    def test_price_zero_is_priced_by_city(self) -> None:
        (product,) = mapping.cabinet_page(sample("mc_offer_view_list_removed.json")).products

        assert product.price is None
        assert len(product.city_prices) == 250
        assert product.city_prices["111010000"] == 67_000

    @needs_samples
    def test_image_fragment_becomes_an_address(self) -> None:
        (product,) = mapping.cabinet_page(sample("mc_offer_view_list_removed.json")).products

        assert product.image_url == (
            "https://resources.cdn-kaspi.kz/img/m/p/h9a/hf3/84160930054174.jpg"
            "?format=gallery-medium"
        )

    @needs_samples
    def test_details_name_points_without_stock_so_stock_stays_unknown(self) -> None:
        (product,) = mapping.cabinet_products([sample("mc_offer_view_details.json")])

        assert product.availabilities is None
        assert product.city_prices["551010000"] == 67_000


class TestRow:
    def test_offer_id_null_means_the_sku_names_the_product(self) -> None:
        product = read(offerId=None)

        assert (product.offer_id, product.product_key) == (None, "102_1")

    def test_only_a_sku_is_enough(self) -> None:
        product = read()

        assert (product.title, product.card, product.price, product.city_prices) == (
            "102_1",
            None,
            None,
            {},
        )

    @pytest.mark.parametrize(
        ("wire", "is_on_sale"),
        [(True, True), ("yes", True), (False, False), ("no", False), (None, False)],
    )
    def test_available_is_a_bool_on_the_row_or_a_word(self, wire: object, is_on_sale: bool) -> None:
        assert read(available=wire).is_on_sale is is_on_sale

    def test_card_is_found_in_the_link_when_master_sku_is_absent(self) -> None:
        assert read(shopLink="/p/vilka-570619-1-sht-113744482/").card == "113744482"
        assert read(shopLink="/p/vilka-113744482/?c=750000000").card == "113744482"
        assert read(shopLink="/p/vilka/").card is None

    def test_min_price_stands_in_only_where_it_is_the_price_everywhere(self) -> None:
        assert read(price=0, minPrice=670, maxPrice=670).price == 67_000
        assert read(price=0, minPrice=670, maxPrice=900).price is None

    def test_price_by_city_never_takes_the_lowest_city_for_all(self) -> None:
        product = read(
            price=0, minPrice=670, maxPrice=670, cityPrices=[{"cityId": "1", "value": 670}]
        )

        assert (product.price, product.city_prices) == (None, {"1": 67_000})

    def test_sellers_own_city_price_wins_over_the_spread_one(self) -> None:
        product = read(
            allCityPrices={"1": {"price": 900, "oldPrice": None}, "2": None, "3": {"price": 0}},
            cityPrices=[{"cityId": "1", "value": 800}],
        )

        assert product.city_prices == {"1": 80_000}

    def test_ready_image_address_is_taken_as_it_is(self) -> None:
        assert read(imagesV2=[{"medium": "https://x/m.jpg"}], images=["a.jpg"]).image_url == (
            "https://x/m.jpg"
        )

    def test_one_unreadable_time_does_not_stop_the_store(self) -> None:
        assert read(updatedAt="yesterday").updated_at is None
        assert read(updatedAt="2025-05-06T15:02:34.668").updated_at == datetime(
            2025, 5, 6, 15, 2, 34, 668000, tzinfo=UTC
        )

    def test_row_without_a_sku_is_left_out_and_the_rest_is_read(self) -> None:
        page = mapping.cabinet_page({"data": [{"sku": None}, None, {"sku": "a"}], "total": 3})

        assert [product.sku for product in page.products] == ["a"]
        assert page.total == 3

    @pytest.mark.parametrize("answer", [None, [], {"items": []}, {"data": None}])
    def test_list_of_another_shape_stops_the_integration(self, answer: object) -> None:
        with pytest.raises(ContractChanged):
            mapping.cabinet_page(answer)


class TestStock:
    def test_word_available_is_kept(self) -> None:
        product = read(availabilities=[stock(), stock(storeId="30000001_PP2", available="no")])

        assert product.availabilities is not None
        assert [row["available"] for row in product.availabilities] == ["yes", "no"]

    def test_bool_available_becomes_the_word_that_the_feed_speaks(self) -> None:
        product = read(availabilities=[stock(available=True)])

        assert product.availabilities is not None
        assert product.availabilities[0]["available"] == "yes"

    def test_real_stock_sits_in_stock_level_when_count_is_null(self) -> None:
        product = read(
            availabilities=[stock(stockSpecified=True)],
            stocks=[{"stockLevel": {POINT: {"value": 3.0}}}],
        )

        assert product.availabilities is not None
        assert product.availabilities[0]["stockCount"] == 3

    def test_stock_level_is_not_taken_where_stock_is_not_specified(self) -> None:
        product = read(
            availabilities=[stock(stockSpecified=False)],
            stocks=[{"stockLevel": {POINT: {"value": 3}}}],
        )

        assert product.availabilities is not None
        assert product.availabilities[0]["stockCount"] is None

    def test_preorder_stays_the_points_own(self) -> None:
        product = read(
            availabilities=[stock(preOrder=5), stock(storeId="30000001_PP2")], preOrder=9
        )

        assert product.availabilities is not None
        assert [row["preOrder"] for row in product.availabilities] == [5, None]


class TestPoints:
    def test_reads_the_points_of_get_merchant(self) -> None:
        point = {"name": "PP1", "enabled": True, "city": {"id": "750000000", "name": "Алматы"}}
        answer = {"data": {"merchant": {"points": [{"id": "PP1"} | point, {"id": POINT} | point]}}}

        first, second = mapping.points(answer, "30000001")
        assert first == second
        assert first == {
            "id": POINT,
            "name": "PP1",
            "cityId": "750000000",
            "cityName": "Алматы",
            "enabled": True,
        }

    def test_point_without_a_city_is_left_out(self) -> None:
        answer = {"data": {"merchant": {"points": [{"id": "PP1", "city": None}]}}}

        assert mapping.points(answer, "30000001") == ()

    def test_no_merchant_stops_the_integration(self) -> None:
        with pytest.raises(ContractChanged):
            mapping.points({"data": {"merchant": None}}, "30000001")


class TestMerchantUids:
    def test_several_shops_of_one_phone(self) -> None:
        answer = {"merchants": [{"uid": "30067228"}, {"uid": 30000001}, {"name": "без номера"}]}

        assert mapping.merchant_uids(answer) == ("30067228", "30000001")

    def test_another_shape_stops_the_integration(self) -> None:
        with pytest.raises(ContractChanged):
            mapping.merchant_uids({"user": 1})
