"""Offers: how the request is built and what every quirk of the answer becomes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cube_demper.core.errors import ContractChanged, InvalidInput
from cube_demper.domain.market.schemas import DeliverySpeed
from cube_demper.integrations.kaspi import mapping

_ROOT = Path(__file__).resolve().parents[4]
SAMPLES = _ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of recorded samples")


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text("utf-8"))


def offer(**fields: object) -> dict[str, object]:
    return {"merchantId": "30000002", "merchantName": "Бета", "price": 5000.0} | fields


def page(*offers: dict[str, object], total: int | None = None) -> dict[str, object]:
    return {"offers": list(offers), "total": len(offers) if total is None else total}


class TestOffersRequest:
    def test_asks_cheapest_first_with_city_and_card_as_text(self) -> None:
        body = mapping.offers_request("102298404", "750000000", 2, 64)

        assert body["sortOption"] == "PRICE"
        assert (body["id"], body["cityId"]) == ("102298404", "750000000")
        assert (body["page"], body["limit"], body["merchantUID"]) == (2, 64, [])

    @pytest.mark.parametrize(("page_number", "limit"), [(0, 65), (0, 100), (0, 0), (-1, 64)])
    def test_page_that_kaspi_answers_with_400_is_never_asked(
        self, page_number: int, limit: int
    ) -> None:
        with pytest.raises(InvalidInput):
            mapping.offers_request("1", "750000000", page_number, limit)


class TestOffersPage:
    @needs_samples
    def test_reads_the_recorded_page(self) -> None:
        read = mapping.offers_page(sample("offers_page.json"))

        assert read.total == 20
        first, second, *_ = read.offers
        assert (first.merchant_id, first.price) == ("11271005", 36_178_800)
        assert (first.rating, first.reviews) == (4.8, 231)
        assert first.delivery is DeliverySpeed.TILL_5_DAYS
        assert (second.merchant_sku, second.preorder_days) == ("102298404_940231519", 5)

    @needs_samples
    def test_recorded_rival_without_reviews_has_no_rating(self) -> None:
        second = mapping.offers_page(sample("offers_page.json")).offers[1]

        assert (second.rating, second.reviews) == (None, None)

    @needs_samples
    def test_empty_answer_is_an_empty_page(self) -> None:
        read = mapping.offers_page(sample("offers_empty.json"))

        assert (read.offers, read.total) == ((), 0)

    @pytest.mark.parametrize("rating", [None, 0, 0.0])
    def test_null_or_zero_rating_is_no_rating(self, rating: float | None) -> None:
        read = mapping.offers_page(page(offer(merchantRating=rating)))

        assert read.offers[0].rating is None

    @pytest.mark.parametrize("duration", [None, "", "SOMETHING_NEW"])
    def test_unknown_delivery_is_not_slow(self, duration: str | None) -> None:
        read = mapping.offers_page(page(offer(deliveryDuration=duration)))

        assert read.offers[0].delivery is None

    def test_every_field_null_but_merchant_and_price(self) -> None:
        keys = "merchantName merchantSku merchantRating merchantReviewsQuantity deliveryDuration preorder"
        read = mapping.offers_page(page(offer(**dict.fromkeys(keys.split()))))

        (only,) = read.offers
        assert (only.merchant_name, only.merchant_sku, only.preorder_days) == ("30000002", None, 0)

    def test_merchant_id_as_number_is_the_same_merchant(self) -> None:
        assert (
            mapping.offers_page(page(offer(merchantId=30000002))).offers[0].merchant_id
            == "30000002"
        )

    @pytest.mark.parametrize("price", [None, 0, 0.0, -1, True, "5000"])
    def test_offer_without_a_price_is_no_rival_but_still_counted(self, price: object) -> None:
        read = mapping.offers_page(page(offer(price=price), offer()))

        assert (len(read.offers), read.total) == (1, 2)

    def test_price_with_tiyn_is_not_rounded(self) -> None:
        assert mapping.offers_page(page(offer(price=4999.95))).offers[0].price == 499_995

    def test_total_falls_back_to_offers_count(self) -> None:
        assert mapping.offers_page({"offers": [offer()], "offersCount": 20}).total == 20

    def test_null_offers_with_a_count_is_not_read_as_an_empty_market(self) -> None:
        with pytest.raises(ContractChanged):
            mapping.offers_page({"offers": None, "total": 20})

    @pytest.mark.parametrize("answer", [None, [], "ok", {}, {"message": "captcha"}])
    def test_another_shape_stops_the_integration(self, answer: object) -> None:
        with pytest.raises(ContractChanged):
            mapping.offers_page(answer)
