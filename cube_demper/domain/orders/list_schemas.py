"""What the pages of orders ask and are told. Money in tiyn, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from cube_demper.models.orders import Order, OrderStatus, StatusStep


class OrderTab(StrEnum):
    """Kaspi's own tabs (KASPI.md §4.4); RETURNING is «Отменены при доставке» with pending returns."""

    NEW = "new"
    SIGN = "sign"
    PRE_ORDER = "pre_order"
    PACKING = "packing"
    HANDING = "handing"
    SENT = "sent"
    PICKUP = "pickup"
    OWN = "own"
    RETURNING = "returning"
    ARCHIVE = "archive"
    OTHER = "other"
    """What we cannot place."""


class DeliveryKind(StrEnum):
    """How an order reaches its buyer (KASPI.md §4.1); EXPRESS may be any of the others too."""

    CITY = "city"
    REGIONAL = "regional"
    POSTOMAT = "postomat"
    PICKUP = "pickup"
    OWN = "own"
    EXPRESS = "express"


DAYS: Final = (1, 7, 30, 90, 365)
"""Spans by which a list may be narrowed: the last days, today included."""


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What the list is asked for. `search`: a code, a phone or words of a name.

    `since`: placed then or later; `days` says it as the address does, None for any time.
    """

    store_id: UUID | None = None
    search: str = ""
    tab: str = ""
    sort: str = "ordered"
    is_descending: bool = True
    page: int = 1
    status: OrderStatus | None = None
    delivery: DeliveryKind | None = None
    days: int | None = None
    since: datetime | None = None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether less is asked for than a tab of the store's orders."""
        return bool(self.search or self.status or self.delivery or self.since)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One entry of an order."""

    name: str
    quantity: Decimal
    base_price: int | None
    total_price: int
    sku: str | None
    product_id: UUID | None
    number: int = 0
    """Its place in the order, from 0."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of an order's history."""

    step: StatusStep
    old_status: OrderStatus | None
    new_status: OrderStatus
    kaspi_state: str
    kaspi_status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its store. Name, phone and address are open, or masked for who has no right."""

    row: Order
    store_name: str
    items: Sequence[ItemView]
    buyer: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    history: Sequence[StepView] = ()


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page; `counts` by tab over the whole list, as the search leaves it."""

    rows: tuple[OrderView, ...]
    total: int
    page: int
    counts: Mapping[str, int]
