"""The word beside the switch, stock, and who may be switched on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cube_demper.domain.catalog.edit_schemas import Refusal
from cube_demper.domain.catalog.list_schemas import ProductStatus
from cube_demper.domain.catalog.rules import (
    StatusFacts,
    is_available,
    status_of,
    stock_of,
    why_not_on,
)

WELL = StatusFacts(
    bot_active=True,
    has_card=True,
    is_on_sale=True,
    store_active=True,
    needs_reauth=False,
    is_bot_enabled=True,
    price=1_000_000,
    min_price=900_000,
    max_price=None,
    base_price=None,
    last_reason="price_is_right",
    last_error=None,
    was_checked=True,
    open_status=None,
    has_suggestion=False,
)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, ProductStatus.HOLDING),
        ({"has_card": False, "bot_active": False}, ProductStatus.NO_CARD),
        ({"bot_active": False, "min_price": None}, ProductStatus.NO_MIN_PRICE),
        ({"bot_active": False, "min_price": None, "max_price": 1}, ProductStatus.OFF),
        ({"bot_active": False, "last_error": "сбой"}, ProductStatus.OFF),
        ({"store_active": False}, ProductStatus.STORE_OFF),
        ({"needs_reauth": True, "last_error": "сбой"}, ProductStatus.NEEDS_REAUTH),
        ({"is_on_sale": False}, ProductStatus.NOT_ON_SALE),
        ({"last_reason": "not_on_sale"}, ProductStatus.NOT_ON_SALE),
        ({"last_error": "сбой"}, ProductStatus.ERROR),
        ({"is_bot_enabled": False}, ProductStatus.STOPPED),
        ({"last_reason": "floor_over_cap"}, ProductStatus.BOUNDS_WRONG),
        ({"last_reason": "suspicious_fall"}, ProductStatus.NEEDS_YOU),
        ({"open_status": "queued"}, ProductStatus.QUEUED),
        ({"open_status": "unknown"}, ProductStatus.SENDING),
        ({"has_suggestion": True}, ProductStatus.SUGGESTED),
        ({"was_checked": False, "last_reason": None}, ProductStatus.WAITING),
        ({"price": 900_000}, ProductStatus.AT_FLOOR),
        ({"price": 900_000, "min_price": None, "base_price": 900_000}, ProductStatus.AT_FLOOR),
        ({"last_reason": "at_floor"}, ProductStatus.AT_FLOOR),
        ({"last_reason": "below_floor_hold"}, ProductStatus.RIVAL_BELOW_FLOOR),
    ],
)
def test_the_most_pressing_thing_is_said(facts: dict[str, object], status: ProductStatus) -> None:
    assert status_of(replace(WELL, **facts)) is status


def _point(available: str, count: int | None) -> dict[str, object]:
    return {"storeId": "1_PP1", "available": available, "stockCount": count}


@pytest.mark.parametrize(
    ("points", "pieces", "sold"),
    [
        (None, None, True),
        ([], None, False),
        ([_point("yes", None)], None, True),
        ([_point("yes", 3), _point("yes", 4), _point("no", 9)], 7, True),
        ([_point("no", 9)], None, False),
        ([_point("yes", 0)], 0, True),
    ],
)
def test_stock_adds_up_what_is_sold(
    points: list[object] | None, pieces: int | None, sold: bool
) -> None:
    assert stock_of(points) == pieces
    assert is_available(points) is sold


@pytest.mark.parametrize(
    ("columns", "has_slot", "why"),
    [
        ({}, True, None),
        ({"external_kaspi_id": None, "min_price": None}, True, Refusal.NO_CARD),
        ({"min_price": None}, True, Refusal.NO_BOUND),
        ({"min_price": None, "max_price": 1}, True, None),
        ({"price": None}, False, Refusal.PRICE_UNKNOWN),
        ({}, False, Refusal.OVER_PLAN),
    ],
)
def test_who_may_be_switched_on(
    columns: dict[str, object], has_slot: bool, why: Refusal | None
) -> None:
    product = {"external_kaspi_id": "1", "min_price": 1, "max_price": None, "price": 1}
    assert why_not_on(SimpleNamespace(**product | columns), has_slot=has_slot) is why
