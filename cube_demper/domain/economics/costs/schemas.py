"""What pages are told about costs. Money in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cube_demper.models.catalog import CostMethod
from cube_demper.models.costs import IssueReason

PAGE_SIZE = 50
MOST_PIECES = 1_000_000
MOST_MOVEMENTS = 1_000
"""Batches, and issues, that one product may have; each page and change reads all of them."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch."""

    id: UUID
    bought_on: date
    quantity: int
    unit_cost: int
    note: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """Pieces that left, with what they had cost; None: not all of them had a batch."""

    id: UUID
    issued_on: date
    quantity: int
    reason: IssueReason
    note: str
    cost: int | None


@dataclass(frozen=True, slots=True)
class CostView:
    """A product's cost and where it comes from; `cost` None: missing.

    `left` and `value` are of the pieces that batches still hold; `is_estimate`: nothing is left, the
    cost is that of the last batch; `short`: pieces that left without a batch.
    """

    product_id: UUID
    method: CostMethod
    cost: int | None
    is_estimate: bool
    left: int
    value: int
    short: int
    batches: tuple[BatchView, ...]
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class WithoutCost:
    """A product whose cost is missing."""

    id: UUID
    sku: str
    name: str
    store_name: str
    price: int | None
    is_bot_on: bool
