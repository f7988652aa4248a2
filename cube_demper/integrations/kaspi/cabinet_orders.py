"""Orders of the cabinet's GraphQL facade as ours, and the questions for them (KASPI.md §5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import ContractChanged
from cube_demper.domain.orders.people import read_phone
from cube_demper.domain.orders.seen_schemas import Buyer, OrdersPage, SeenItem, SeenOrder, Timing
from cube_demper.domain.orders.statuses import Facts
from cube_demper.integrations.kaspi import readers

PAGE_SIZE: Final = 10
"""50 at a time is a «Bad Request» (KASPI.md §5)."""
ARCHIVE: Final = "ARCHIVED"
_ARCHIVED: Final = ("RETURNING", "COMPLETED", "CANCELLED", "CANCELLED_BY_MERCHANT", "RETURNED")
_PAID_BY: Final = {"OrderLoan": "PAY_WITH_CREDIT", "OrderAccount": "PREPAID"}
_DELIVERY: Final = (
    "delivery { mode plannedDeliveryDate transmissionPlanningDate kdAssembled"
    " kdTransmittedToCourier isReturnedToWarehouse isOrderArrived isExpress actualDeliveryDate }"
)
_FIELDS: Final = (
    "code status preOrder totalPrice creationTime modificationTime deliveryCost cancelReason"
    f" kaspiDelivery {_DELIVERY} warehouse {{ id city {{ name }} }}"
    " entries { entryId quantity totalPrice unit weight isImeiRequired product { code name }"
    " merchantProduct { code name } category { code name } } payments { __typename }"
)
ORDERS_QUERY: Final = (
    "query getOrders($merchantUid: String!, $input: MerchantOrderInput!, $page: Int!, $size: Int)"
    " { merchant(id: $merchantUid) { id orders { orders(input: $input, page: $page, size: $size)"
    f" {{ total orders {{ {_FIELDS} customer {{ firstName lastName }} }} }} }} }} }}"
)
DETAILS_QUERY: Final = (
    "query getOrderDetails($merchantUid: String!, $orderCode: String!)"
    " { merchant(id: $merchantUid) { id orderDetail(code: $orderCode)"
    f" {{ state {_FIELDS} customer {{ firstName lastName phoneNumber }} }} }} }}"
)
Wire = Mapping[str, Any]


def orders_input(tab: str, since: datetime, until: datetime) -> dict[str, object]:
    """Ask for a tab; the archive alone takes a time."""
    asked: dict[str, object] = {"presetFilter": tab, "orderCode": "", "cityId": ""}
    if tab != ARCHIVE:
        return asked
    times = {"fromDate": since, "toDate": until}
    return {
        **asked,
        "archivedOrderStatusFilter": list(_ARCHIVED),
        **{name: at.astimezone(ALMATY).isoformat("T", "seconds") for name, at in times.items()},
    }


def orders_page(answer: object, tab: str, number: int) -> OrdersPage:
    """Read page `number` (from 0) of a tab. Raises ContractChanged."""
    found = readers.mapping(readers.mapping(_merchant(answer).get("orders")).get("orders"))
    if not isinstance(found.get("orders"), list):
        raise ContractChanged("Ответ кабинета Kaspi с заказами изменился")
    rows = readers.rows(found["orders"])
    orders = [order for row in rows if (order := _order(row, tab)) is not None]
    if rows and not orders:
        raise ContractChanged("В ответе кабинета Kaspi не читается ни один заказ")
    total = readers.whole(found.get("total")) or 0
    is_last = not rows or (number + 1) * PAGE_SIZE >= total
    return OrdersPage(tuple(orders), is_last=is_last, unread=len(rows) - len(orders))


def order_details(answer: object) -> SeenOrder | None:
    """Read one order; None when the cabinet does not know it. Raises ContractChanged."""
    merchant = _merchant(answer)
    if "orderDetail" not in merchant:
        raise ContractChanged("Ответ кабинета Kaspi с заказом изменился")
    row = readers.mapping(merchant["orderDetail"])
    return _order(row, readers.text(row.get("state")) or "") if row else None


def _merchant(answer: object) -> Wire:
    return readers.mapping(readers.mapping(readers.mapping(answer).get("data")).get("merchant"))


def _order(row: Wire, tab: str) -> SeenOrder | None:
    code, ordered_at = readers.text(row.get("code")), readers.moment(row.get("creationTime"))
    status, total = readers.text(row.get("status")), readers.amount(row.get("totalPrice"))
    if code is None or ordered_at is None or status is None or total is None:
        return None
    delivery = readers.mapping(row.get("delivery"))
    warehouse = readers.mapping(row.get("warehouse"))
    is_kaspi = row.get("kaspiDelivery")
    facts = _facts(row, delivery, tab, status)
    return SeenOrder(
        code=code,
        state=tab,
        status=status,
        ordered_at=ordered_at,
        total_price=total,
        facts=facts,
        timing=Timing(
            planned_delivery_at=readers.moment(delivery.get("plannedDeliveryDate")),
            courier_planned_at=readers.moment(delivery.get("transmissionPlanningDate")),
            delivered_at=(
                readers.moment(delivery.get("actualDeliveryDate")) if facts.has_arrived else None
            ),
        ),
        buyer=_buyer(readers.mapping(row.get("customer"))),
        items=_items(row.get("entries")),
        delivery_cost=readers.amount(row.get("deliveryCost")),
        payment_mode=_payment(row.get("payments")),
        delivery_mode=readers.text(delivery.get("mode")),
        is_kaspi_delivery=is_kaspi if isinstance(is_kaspi, bool) else None,
        is_express=readers.flag(delivery.get("isExpress")),
        is_pre_order=readers.flag(row.get("preOrder")),
        is_assembled=readers.flag(delivery.get("kdAssembled")),
        is_signature_required=tab == "SIGN_REQUIRED",
        pickup_point_id=readers.text(warehouse.get("id")),
        city_name=readers.text(readers.mapping(warehouse.get("city")).get("name")),
        cancellation_reason=readers.text(row.get("cancelReason")),
    )


def _facts(row: Wire, delivery: Wire, tab: str, status: str) -> Facts:
    is_sent = "TRANSMITTED" in status or tab == "KASPI_DELIVERY_TRANSMITTED"
    handed, arrived = delivery.get("kdTransmittedToCourier"), delivery.get("isOrderArrived")
    return Facts(
        is_handed_over=True if is_sent else handed if isinstance(handed, bool) else None,
        has_arrived=arrived if isinstance(arrived, bool) else None,
        is_own_delivery=tab == "DELIVERY" and not readers.flag(row.get("preOrder")),
    )


def _buyer(wire: Wire) -> Buyer:
    """Read a buyer: the last name is cut to an initial, the phone is masked but for «Моя доставка»."""
    parts = [readers.text(wire.get(name)) for name in ("firstName", "lastName")]
    name = " ".join(part for part in parts if part)
    return Buyer(name=name or None, phone=read_phone(readers.text(wire.get("phoneNumber"))))


def _payment(value: object) -> str | None:
    kinds = (readers.text(row.get("__typename")) for row in readers.rows(value))
    return next((_PAID_BY[kind] for kind in kinds if kind in _PAID_BY), None)


def _items(value: object) -> tuple[SeenItem, ...] | None:
    if not isinstance(value, list):
        return None
    items = [_item(row) for row in readers.rows(value)]
    return tuple(replace(item, number=place) for place, item in enumerate(items))


def _item(row: Wire) -> SeenItem:
    parts = ("product", "merchantProduct", "category")
    product, own, category = (readers.mapping(row.get(name)) for name in parts)
    quantity = readers.decimal(row.get("quantity")) or Decimal(0)
    total = readers.amount(row.get("totalPrice")) or 0
    return SeenItem(
        number=0,
        entry_id=readers.key(row.get("entryId")),
        sku=readers.text(own.get("code")),
        card_id=readers.text(product.get("code")),
        name=readers.text(own.get("name")) or readers.text(product.get("name")) or "",
        category_code=readers.text(category.get("code")),
        category_name=readers.text(category.get("name")),
        unit_type=readers.text(row.get("unit")),
        quantity=quantity,
        total_price=total,
        weight=readers.decimal(row.get("weight")),
        is_imei_required=readers.flag(row.get("isImeiRequired")),
    )
