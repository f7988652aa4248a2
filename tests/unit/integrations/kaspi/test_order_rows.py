"""Orders of the official API and of the cabinet as ours, whatever Kaspi leaves out or makes up."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.orders.statuses import Facts
from cube_demper.integrations.kaspi import cabinet_orders, order_rows

ENTRY: dict[str, Any] = {
    "type": "orderentries",
    "id": "NDk2MTQ5MDIyIyMw",
    "attributes": {
        "entryNumber": 0,
        "quantity": 1,
        "basePrice": 5990.0,
        "totalPrice": 5990.0,
        "unitType": "PIECES",
        "weight": 0.0,
        "deliveryCost": 0.0,
        "category": {"code": "Master - Lids", "title": "Крышки для посуды"},
        "offer": {"code": "259204_1", "name": "Крышка"},
    },
    "relationships": {"product": {"data": {"type": "masterproducts", "id": "MTA5MzQ5MDI2"}}},
}
ORDER: dict[str, Any] = {
    "type": "orders",
    "id": "NDk2MTQ5MDIy",
    "attributes": {
        "code": "496149022",
        "creationDate": 1745691162415,
        "totalPrice": 5990.0,
        "deliveryCostForSeller": 895.0,
        "isKaspiDelivery": True,
        "state": "KASPI_DELIVERY",
        "status": "ACCEPTED_BY_MERCHANT",
        "customer": {"id": "x", "name": None, "firstName": "Ержан", "lastName": "Примеров"},
        "kaspiDelivery": {"courierTransmissionDate": 1745755274000, "express": False},
    },
    "relationships": {"entries": {"data": [{"type": "orderentries", "id": ENTRY["id"]}]}},
}


def page(*orders: Any, included: list[Any] | None = None, **meta: Any) -> dict[str, Any]:
    return {"data": list(orders), "included": included or [], "meta": {"pageCount": 1, **meta}}


def changed(**attributes: Any) -> dict[str, Any]:
    order = copy.deepcopy(ORDER)
    order["attributes"] |= attributes
    return order


def test_an_order_with_its_entries() -> None:
    (order,) = order_rows.orders_page(page(ORDER, included=[ENTRY]), 0).orders
    assert (order.total_price, order.seller_delivery_cost) == (599_000, 89_500)
    assert order.facts == Facts(is_handed_over=True)
    assert order.timing.handed_over_at == datetime(2025, 4, 27, 12, 1, 14, tzinfo=UTC)
    assert (order.buyer.name, order.buyer.phone) == ("Ержан Примеров", None)
    assert order.items is not None
    (item,) = order.items
    assert (item.sku, item.card_id, item.quantity) == ("259204_1", "109349026", Decimal(1))
    assert (item.total_price, item.category_code) == (599_000, "Master - Lids")


def test_ids_with_and_without_padding_meet() -> None:
    entry, order = copy.deepcopy(ENTRY), copy.deepcopy(ORDER)
    entry["id"] = f"{ENTRY['id']}=="
    order["id"] = f"{ORDER['id']}="
    (found,) = order_rows.orders_page(page(order, included=[entry]), 0).orders
    assert (found.kaspi_id, len(found.items or ())) == (ORDER["id"], 1)


def test_the_older_flat_shape() -> None:
    order = changed(kaspiDelivery=None, courierTransmissionDate=1745755274000, waybillNumber="7")
    (found,) = order_rows.orders_page(page(order), 0).orders
    assert (found.facts.is_handed_over, found.waybill_number) == (True, "7")


@pytest.mark.parametrize(
    "absent", ["customer", "deliveryAddress", "kaspiDelivery", "paymentMode", "isKaspiDelivery"]
)
def test_what_may_be_absent_is_none_and_the_order_is_kept(absent: str) -> None:
    order = copy.deepcopy(ORDER)
    order["attributes"].pop(absent, None)
    assert len(order_rows.orders_page(page(order), 0).orders) == 1


@pytest.mark.parametrize("needed", ["code", "creationDate", "state", "status", "totalPrice"])
def test_a_row_that_cannot_be_kept_is_counted(needed: str) -> None:
    found = order_rows.orders_page(page(ORDER, changed(**{needed: None})), 0)
    assert (len(found.orders), found.unread) == (1, 1)
    with pytest.raises(ContractChanged):
        order_rows.orders_page(page(changed(**{needed: None})), 0)


@pytest.mark.parametrize("lie", [10**30, -1, "много", True, 1e300])
def test_absurd_figures_do_not_reach_the_database(lie: Any) -> None:
    order = changed(creditTerm=lie, deliveryCost=lie, plannedDeliveryDate=lie)
    (found,) = order_rows.orders_page(page(order), 0).orders
    assert (found.delivery_cost, found.timing.planned_delivery_at) == (None, None)
    assert found.credit_term is None


def test_entries_whose_numbers_repeat_stay_two() -> None:
    answer = {"data": [ENTRY, ENTRY]}
    assert [item.number for item in order_rows.entries(answer)] == [0, 1]


def test_a_thousand_entries_are_read() -> None:
    rows = []
    for number in range(1000):
        row = copy.deepcopy(ENTRY)
        row["attributes"]["entryNumber"] = number
        rows.append(row)
    assert len(order_rows.entries({"data": rows})) == 1000


def test_paging_ends_by_the_count_of_pages_or_an_empty_page() -> None:
    assert not order_rows.orders_page(page(ORDER, pageCount=3), 1).is_last
    assert order_rows.orders_page(page(ORDER, pageCount=3), 2).is_last
    assert order_rows.orders_page(page(pageCount=9), 0).is_last
    with pytest.raises(ContractChanged):
        order_rows.orders_page({"errors": []}, 0)


CABINET = {
    "code": "496149022",
    "status": "TRANSMITTED",
    "totalPrice": 5990.0,
    "creationTime": "2026-11-20T10:00:00.000Z",
    "customer": {"firstName": "Ержан", "lastName": "П.", "phoneNumber": "+0(000)-000-00-00"},
    "delivery": {"mode": "DELIVERY_PICKUP", "isOrderArrived": True, "kdTransmittedToCourier": True},
    "entries": [
        {
            "entryId": "a",
            "quantity": 2,
            "totalPrice": 5990.0,
            "product": {"code": "109349026", "name": "Крышка"},
            "merchantProduct": None,
            "category": {"code": "Master - Lids", "name": "Крышки"},
        }
    ],
    "payments": [{"__typename": "OrderLoan"}],
}


def test_an_order_of_the_cabinet() -> None:
    orders = {"total": 11, "orders": [CABINET]}
    answer = {"data": {"merchant": {"orders": {"orders": orders}}}}
    tab = "KASPI_DELIVERY_TRANSMITTED"
    found = cabinet_orders.orders_page(answer, tab, 0)
    (order,) = found.orders
    assert not found.is_last
    assert cabinet_orders.orders_page(answer, tab, 1).is_last
    assert (order.state, order.status, order.payment_mode) == (
        tab,
        "TRANSMITTED",
        "PAY_WITH_CREDIT",
    )
    assert order.facts == Facts(is_handed_over=True, has_arrived=True)
    assert (order.buyer.name, order.buyer.phone) == ("Ержан П.", None)
    assert order.items is not None
    assert (order.items[0].card_id, order.items[0].name) == ("109349026", "Крышка")


def test_an_order_that_the_cabinet_does_not_know_is_none() -> None:
    assert cabinet_orders.order_details({"data": {"merchant": {"orderDetail": None}}}) is None
    with pytest.raises(ContractChanged):
        cabinet_orders.order_details({"data": {"merchant": None}})
