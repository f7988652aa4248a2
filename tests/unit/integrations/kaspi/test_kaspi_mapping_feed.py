"""The change that goes to the price feed, and what comes back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cube_demper.core.errors import ContractChanged, InvalidInput
from cube_demper.domain.catalog.schemas import Availability, PriceChange
from cube_demper.integrations.kaspi import mapping

_ROOT = Path(__file__).resolve().parents[4]
SAMPLES = _ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of recorded samples")
POINT = "30000001_PP1"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text("utf-8"))


def row(**fields: object) -> Availability:
    full = {
        "storeId": POINT,
        "available": "yes",
        "stockCount": None,
        "stockSpecified": False,
        "preOrder": None,
    }
    return full | fields  # type: ignore[return-value]


def change(*availabilities: Availability, **fields: Any) -> PriceChange:
    whole = {
        "sku": "102_1",
        "model": "Вилка",
        "brand": None,
        "city_prices": {"750000000": 120_000},
        "availabilities": availabilities or (row(),),
    }
    return PriceChange(**(whole | fields))


class TestFeedChange:
    @needs_samples
    def test_is_what_the_cabinet_itself_sends(self) -> None:
        recorded = sample("mc_pricefeed_process_request.json")
        point = row(storeId="30000001_PP2", stockCount=5, stockSpecified=True)
        ours = change(
            point,
            sku=recorded["sku"],
            model=recorded["model"],
            brand="",
            city_prices={"511010000": 120_000},
        )

        assert mapping.feed_change("30000001", ours) == recorded

    def test_no_base_price_that_would_leak_under_a_citys_floor(self) -> None:
        wire = mapping.feed_change("30000001", change(city_prices={"1": 489_900, "2": 800_000}))

        assert "price" not in wire
        assert wire["cityPrices"] == [
            {"cityId": "1", "value": 4899},
            {"cityId": "2", "value": 8000},
        ]

    def test_point_where_it_is_not_sold_is_sent_as_no_and_keeps_its_preorder(self) -> None:
        wire = mapping.feed_change(
            "30000001", change(row(available="no"), row(storeId="30000001_PP2", preOrder=0))
        )

        assert wire["availabilities"] == [
            {"available": "no", "storeId": POINT},
            {"available": "yes", "storeId": "30000001_PP2", "preOrder": 0},
        ]

    def test_stock_is_sent_only_where_specified(self) -> None:
        wire = mapping.feed_change("30000001", change(row(stockCount=7, stockSpecified=False)))

        assert "stockCount" not in wire["availabilities"][0]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"city_prices": {}},
            {"availabilities": ()},
            {"city_prices": {"1": 120_050}},
            {"city_prices": {"1": 0}},
        ],
    )
    def test_half_a_change_never_leaves(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput):
            mapping.feed_change("30000001", change(**wrong))


class TestOperationIds:
    @needs_samples
    def test_one_and_many(self) -> None:
        recorded = sample("mc_pricefeed_process_response.json")

        assert mapping.operation_ids(recorded) == ("6a8dc59b8a65bb037355fa6c",)
        assert mapping.operation_ids([recorded, {"id": "b"}]) == ("6a8dc59b8a65bb037355fa6c", "b")

    @pytest.mark.parametrize("answer", [None, {}, [], "ok", {"id": None}])
    def test_answer_without_an_operation_is_not_a_success(self, answer: object) -> None:
        with pytest.raises(ContractChanged):
            mapping.operation_ids(answer)
