"""Orders and their token as Kaspi's answers have them."""

from __future__ import annotations

from typing import Any

import pytest

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.orders.schemas import OrdersSeen
from cube_demper.integrations.kaspi import orders_mapping


def _order(point: object) -> dict[str, Any]:
    return {"type": "orders", "id": "x", "attributes": {"pickupPointId": point}}


def test_orders_are_counted_by_kaspi_and_name_their_points_once() -> None:
    rows = [_order("30000001_PP2"), _order("30000001_PP1"), _order("30000001_PP2"), _order(None)]
    answer = {"data": rows, "meta": {"pageCount": 4, "totalCount": 310}}
    assert orders_mapping.orders_seen(answer) == OrdersSeen(310, ("30000001_PP1", "30000001_PP2"))


def test_without_a_total_the_page_is_counted() -> None:
    assert orders_mapping.orders_seen({"data": [_order("1_PP1")]}) == OrdersSeen(1, ("1_PP1",))


@pytest.mark.parametrize("answer", [None, [], {}, {"data": None}, {"data": {}}, "<html>"])
def test_what_is_no_list_of_orders_is_no_empty_list(answer: object) -> None:
    with pytest.raises(ContractChanged):
        orders_mapping.orders_seen(answer)


@pytest.mark.parametrize(
    ("integration", "token"),
    [({"token": "abc"}, "abc"), ({"token": None}, None), ({"token": ""}, None), (None, None)],
)
def test_a_cabinet_may_have_no_token_yet(integration: object, token: str | None) -> None:
    answer = {"data": {"merchant": {"id": "1", "integration": integration}}}
    assert orders_mapping.cabinet_token(answer) == token


@pytest.mark.parametrize("answer", [None, {}, {"data": None}, {"data": {"merchant": None}}])
def test_a_cabinet_that_shows_no_merchant_has_changed(answer: object) -> None:
    with pytest.raises(ContractChanged):
        orders_mapping.cabinet_token(answer)


@pytest.mark.parametrize("answer", [None, {}, {"data": {"tokenGenerate": None}}])
def test_a_token_that_was_not_given_is_not_made(answer: object) -> None:
    with pytest.raises(ContractChanged):
        orders_mapping.made_token(answer)
