"""What Kaspi said of orders, in our words. Money in tiyn, times aware UTC; None is «it did not say»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from cube_demper.domain.orders.statuses import Facts
from cube_demper.models.orders import OrderSource


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One entry of an order. `sku` and `card_id` link it to a product, as far as Kaspi names them."""

    number: int
    quantity: Decimal
    total_price: int
    name: str = ""
    entry_id: str | None = None
    sku: str | None = None
    card_id: str | None = None
    category_code: str | None = None
    category_name: str | None = None
    unit_type: str | None = None
    base_price: int | None = None
    delivery_cost: int | None = None
    weight: Decimal | None = None
    is_imei_required: bool = False


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought, as far as Kaspi shows; never in a log. `phone`: `+77010000001`, None when hidden."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Timing:
    """Kaspi's own instants of an order, besides when it was made."""

    approved_at: datetime | None = None
    planned_delivery_at: datetime | None = None
    reserved_until: datetime | None = None
    courier_planned_at: datetime | None = None
    accepted_at: datetime | None = None
    handed_over_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """One order as one answer shows it. `items` None: the answer does not list them."""

    code: str
    state: str
    status: str
    ordered_at: datetime
    total_price: int
    facts: Facts = field(default_factory=Facts)
    timing: Timing = field(default_factory=Timing)
    buyer: Buyer = field(default_factory=Buyer)
    items: tuple[SeenItem, ...] | None = None
    kaspi_id: str | None = None
    delivery_cost: int | None = None
    seller_delivery_cost: int | None = None
    payment_mode: str | None = None
    credit_term: int | None = None
    delivery_mode: str | None = None
    is_kaspi_delivery: bool | None = None
    is_express: bool = False
    is_pre_order: bool = False
    is_assembled: bool = False
    is_signature_required: bool = False
    pickup_point_id: str | None = None
    city_name: str | None = None
    address: str | None = field(default=None, repr=False)
    cancellation_reason: str | None = None
    waybill_url: str | None = None
    waybill_number: str | None = None


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of a list. `unread`: rows without what an order cannot be kept without."""

    orders: tuple[SeenOrder, ...]
    is_last: bool
    unread: int = 0


class OrderBook(Protocol):
    """A store's orders at Kaspi, by whichever way they can be read. Raises errors of `core.errors`."""

    source: OrderSource
    lists: Sequence[str]
    """The lists that together hold every order: the API's states, the cabinet's tabs."""

    async def page(self, name: str, since: datetime, until: datetime, number: int) -> OrdersPage:
        """Return a page (from 0) of a list: orders made in that time, at most 14 days."""
        ...

    async def find(self, code: str) -> SeenOrder | None:
        """Return one order; None when Kaspi does not know it any more."""
        ...

    async def items(self, order: SeenOrder) -> tuple[SeenItem, ...]:
        """Return the entries of an order whose list left them out."""
        ...
