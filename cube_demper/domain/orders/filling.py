"""What an answer changes in the row of an order. Encrypted texts are sealed anew only when they differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import new_id
from cube_demper.domain.orders.people import name_words
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.domain.orders.statuses import Move
from cube_demper.models.orders import Order, OrderSource, OrderStatus

_KEPT: Final = (
    "delivery_cost",
    "seller_delivery_cost",
    "payment_mode",
    "credit_term",
    "delivery_mode",
    "is_kaspi_delivery",
    "pickup_point_id",
    "city_name",
    "cancellation_reason",
    "waybill_url",
    "waybill_number",
)
"""Columns that an answer without them leaves as they are."""
_TIMES: Final = (
    "approved_at",
    "planned_delivery_at",
    "reserved_until",
    "courier_planned_at",
    "accepted_at",
    "handed_over_at",
    "delivered_at",
    "completed_at",
    "cancelled_at",
    "returned_at",
)
_TIME_OF: Final[Mapping[OrderStatus, str]] = MappingProxyType(
    {
        OrderStatus.APPROVED: "approved_at",
        OrderStatus.ACCEPTED_BY_MERCHANT: "accepted_at",
        OrderStatus.DELIVERED: "delivered_at",
        OrderStatus.COMPLETED: "completed_at",
        OrderStatus.CANCELLED: "cancelled_at",
        OrderStatus.RETURNED: "returned_at",
    }
)
"""DELIVERY is not here: `handed_over_at` is Kaspi's own fact, and own couriers have none."""
_ON_ITS_WAY: Final = "handed_over_at"


class Sealing:
    """Seals personal data, and opens what is there to see whether it changed."""

    def __init__(self, secrets: SecretBox) -> None:
        """Use the keys in force."""
        self._secrets = secrets

    def renewed(self, old: str | None, new: str | None) -> str | None:
        """Return what to store: the old text when it says the same, or when nothing new was said."""
        if new is None or (old is not None and self._secrets.decrypt(old) == new):
            return old
        return self._secrets.encrypt(new)

    def mark(self, text: str) -> bytes:
        """Return the fingerprint that a search looks for."""
        return self._secrets.fingerprint(text)


def fill(row: Order, seen: SeenOrder, box: Sealing) -> None:
    """Take over everything but the place of the order."""
    row.ordered_at, row.total_price = seen.ordered_at, seen.total_price
    row.is_express, row.is_pre_order = seen.is_express, seen.is_pre_order
    row.is_assembled = seen.is_assembled
    row.is_signature_required = seen.is_signature_required
    for name in _KEPT:
        if (value := getattr(seen, name)) is not None:
            setattr(row, name, value)
    for name in _TIMES:
        if (moment := getattr(seen.timing, name)) is not None:
            setattr(row, name, moment)
    buyer = seen.buyer
    row.customer_name = box.renewed(row.customer_name, buyer.name)
    row.customer_phone = box.renewed(row.customer_phone, buyer.phone)
    row.delivery_address = box.renewed(row.delivery_address, seen.address)
    if buyer.phone:
        row.customer_phone_hash = box.mark(buyer.phone)
    if buyer.name:
        row.customer_name_hashes = [box.mark(word) for word in name_words(buyer.name)]


def begin(store_id: UUID, seen: SeenOrder, source: OrderSource, asked_at: datetime) -> Order:
    """Make the row of an order that was never seen; `fill` and `place` do the rest."""
    return Order(
        id=new_id(),
        store_id=store_id,
        kaspi_order_code=seen.code,
        status=OrderStatus.UNKNOWN,
        status_changed_at=seen.ordered_at,
        kaspi_state=seen.state,
        kaspi_status=seen.status,
        source=source,
        total_price=seen.total_price,
        ordered_at=seen.ordered_at,
        seen_at=asked_at,
    )


def place(
    row: Order,
    seen: SeenOrder,
    change: Move,
    before: str | None,
    told: tuple[OrderSource, datetime],
) -> None:
    """Move the order from `before`; the time of a step is Kaspi's own, else when it was first seen.

    `told`: by whom, and when the answer was asked for.
    """
    source, asked_at = told
    row.kaspi_state, row.kaspi_status = seen.state, seen.status
    row.is_clear, row.source = change.is_clear, source
    row.seen_at, row.missing_since = asked_at, None
    row.status = change.status
    if before is None:
        is_new = change.status is OrderStatus.APPROVED
        first_known = seen.ordered_at if is_new else asked_at
        row.status_changed_at = _time_of(row, change.status) or first_known
    elif before != change.status:
        row.previous_status = before
        name = _TIME_OF.get(change.status)
        if name is not None and getattr(row, name) is None:
            setattr(row, name, asked_at)
        row.status_changed_at = getattr(seen.timing, name or _ON_ITS_WAY) or asked_at


def _time_of(row: Order, status: OrderStatus) -> datetime | None:
    found: datetime | None = getattr(row, _TIME_OF.get(status, _ON_ITS_WAY))
    return found
