"""Orders of the official API as ours, pure (KASPI.md §4.1, §4.2). Keys may be absent, flat or null."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.orders.people import read_phone
from cube_demper.domain.orders.seen_schemas import Buyer, OrdersPage, SeenItem, SeenOrder, Timing
from cube_demper.domain.orders.statuses import Facts
from cube_demper.integrations.kaspi import readers

Wire = Mapping[str, Any]
_ABSURD: Final = 100_000


def orders_page(answer: object, number: int) -> OrdersPage:
    """Read page `number` (from 0) of a list. Raises ContractChanged when no row can be read."""
    wire = readers.mapping(answer)
    if not isinstance(wire.get("data"), list):
        raise ContractChanged("Ответ Kaspi со списком заказов изменился")
    entries = {
        readers.key(row.get("id")): row
        for row in readers.rows(wire.get("included"))
        if row.get("type") == "orderentries"
    }
    rows = readers.rows(wire["data"])
    found = [_order(row, entries) for row in rows]
    orders = tuple(order for order in found if order is not None)
    if rows and not orders:
        raise ContractChanged("В ответе Kaspi не читается ни один заказ")
    pages = readers.whole(readers.mapping(wire.get("meta")).get("pageCount"))
    is_last = not rows if pages is None else number + 1 >= pages
    return OrdersPage(orders, is_last=is_last or not rows, unread=len(found) - len(orders))


def entries(answer: object) -> tuple[SeenItem, ...]:
    """Read `/orders/{id}/entries`. Raises ContractChanged."""
    rows = readers.mapping(answer).get("data")
    if not isinstance(rows, list):
        raise ContractChanged("Ответ Kaspi с товарами заказа изменился")
    return _numbered(readers.rows(rows))


def _order(row: Wire, entries_: Mapping[str | None, Wire]) -> SeenOrder | None:
    """Read one order; None without a code, a place or a time: it could be neither kept nor found."""
    wire = readers.mapping(row.get("attributes"))
    code, ordered_at = readers.text(wire.get("code")), readers.epoch(wire.get("creationDate"))
    state, status = readers.text(wire.get("state")), readers.text(wire.get("status"))
    total = readers.amount(wire.get("totalPrice"))
    if code is None or ordered_at is None or state is None or status is None or total is None:
        return None
    courier = {**wire, **readers.mapping(wire.get("kaspiDelivery"))}  # older answers are flat
    is_kaspi = wire.get("isKaspiDelivery")
    timing = _timing(wire, courier)
    is_pre_order = readers.flag(wire.get("preOrder"))
    return SeenOrder(
        code=code,
        kaspi_id=readers.key(row.get("id")),
        state=state,
        status=status,
        ordered_at=ordered_at,
        total_price=total,
        facts=_facts(state, timing, is_pre_order=is_pre_order),
        timing=timing,
        buyer=_buyer(readers.mapping(wire.get("customer"))),
        items=_items(row, entries_),
        delivery_cost=readers.amount(wire.get("deliveryCost")),
        seller_delivery_cost=readers.amount(wire.get("deliveryCostForSeller")),
        payment_mode=readers.text(wire.get("paymentMode")),
        credit_term=_small(wire.get("creditTerm")),
        delivery_mode=readers.text(wire.get("deliveryMode")),
        is_kaspi_delivery=is_kaspi if isinstance(is_kaspi, bool) else None,
        is_express=readers.flag(courier.get("express")),
        is_pre_order=is_pre_order,
        is_assembled=readers.flag(wire.get("assembled")),
        is_signature_required=readers.flag(wire.get("signatureRequired")),
        pickup_point_id=readers.text(wire.get("pickupPointId")),
        city_name=_city(wire),
        address=readers.text(readers.mapping(wire.get("deliveryAddress")).get("formattedAddress")),
        cancellation_reason=readers.text(wire.get("cancellationReason")),
        waybill_url=readers.text(courier.get("waybill")),
        waybill_number=readers.text(courier.get("waybillNumber")),
    )


def _timing(wire: Wire, courier: Wire) -> Timing:
    return Timing(
        approved_at=readers.epoch(wire.get("approvedByBankDate")),
        planned_delivery_at=readers.epoch(wire.get("plannedDeliveryDate")),
        reserved_until=readers.epoch(wire.get("reservationDate")),
        courier_planned_at=readers.epoch(courier.get("courierTransmissionPlanningDate")),
        handed_over_at=readers.epoch(courier.get("courierTransmissionDate")),
    )


def _facts(state: str, timing: Timing, *, is_pre_order: bool) -> Facts:
    """Tell how far an accepted order has come: a reservation says that the buyer may fetch it."""
    is_here = state == "PICKUP" and timing.reserved_until is not None and not is_pre_order
    return Facts(
        is_handed_over=timing.handed_over_at is not None if state == "KASPI_DELIVERY" else None,
        has_arrived=is_here if state == "PICKUP" else None,
        is_own_delivery=state == "DELIVERY" and not is_pre_order,
    )


def _buyer(wire: Wire) -> Buyer:
    parts = [readers.text(wire.get(name)) for name in ("firstName", "lastName")]
    name = readers.text(wire.get("name")) if not any(parts) else None
    full = " ".join(part for part in parts if part)
    return Buyer(name=full or name, phone=read_phone(readers.text(wire.get("cellPhone"))))


def _city(wire: Wire) -> str | None:
    """Return where it goes to; without an address, the city of the point that gives it out."""
    town = readers.text(readers.mapping(wire.get("deliveryAddress")).get("town"))
    origin = readers.mapping(readers.mapping(wire.get("originAddress")).get("city"))
    return town or readers.text(origin.get("name"))


def _items(row: Wire, found: Mapping[str | None, Wire]) -> tuple[SeenItem, ...] | None:
    listed = readers.mapping(readers.mapping(row.get("relationships")).get("entries")).get("data")
    wires = [found.get(readers.key(it.get("id"))) for it in readers.rows(listed)]
    if not wires or any(wire is None for wire in wires):
        return None
    return _numbered([wire for wire in wires if wire is not None])


def _numbered(wires: list[Wire]) -> tuple[SeenItem, ...]:
    """Read entries; numbers that repeat would make one entry of two, so they are counted anew."""
    items = [_item(wire, place) for place, wire in enumerate(wires)]
    if len({item.number for item in items}) < len(items):
        items = [replace(item, number=place) for place, item in enumerate(items)]
    return tuple(items)


def _item(row: Wire, place: int) -> SeenItem:
    wire = readers.mapping(row.get("attributes"))
    offer, category = readers.mapping(wire.get("offer")), readers.mapping(wire.get("category"))
    product = readers.mapping(readers.mapping(row.get("relationships")).get("product")).get("data")
    number = _small(wire.get("entryNumber"))
    return SeenItem(
        number=place if number is None else number,
        entry_id=readers.key(row.get("id")),
        sku=readers.text(offer.get("code")),
        card_id=_card(readers.mapping(product).get("id")),
        name=readers.text(offer.get("name")) or "",
        category_code=readers.text(category.get("code")),
        category_name=readers.text(category.get("title")),
        unit_type=readers.text(wire.get("unitType")),
        quantity=readers.decimal(wire.get("quantity")) or Decimal(0),
        base_price=readers.amount(wire.get("basePrice")),
        total_price=readers.amount(wire.get("totalPrice")) or 0,
        delivery_cost=readers.amount(wire.get("deliveryCost")),
        weight=readers.decimal(wire.get("weight")),
        is_imei_required=readers.flag(wire.get("isImeiRequired")),
    )


def _small(value: object) -> int | None:
    found = readers.whole(value)
    return found if found is not None and 0 <= found < _ABSURD else None


def _card(value: object) -> str | None:
    """Return the masterSku that a product's id is base64 of (KASPI.md §4.1); other ids are None."""
    found = readers.key(value)
    try:
        plain = base64.b64decode((found or "") + "=" * (-len(found or "") % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return plain if plain.isascii() and plain.isdigit() else None
