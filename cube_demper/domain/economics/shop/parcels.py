"""An order travels as one parcel: its delivery is paid once, by its whole sum and weight. Pure.

Kaspi keeps the fee of delivery from an order, not from each of its entries (KZ_FACTS.md §1.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.economics.terms import Terms


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an order with its product, as far as it is known."""

    order_id: UUID
    at: datetime
    revenue: int
    quantity: Decimal
    store_id: UUID
    good: Good | None
    base_price: int | None
    bot_since: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the delivery of an order costs: `parts` by entry, tiyn, which add up to its fee."""

    terms: Terms
    revenue: int
    parts: tuple[int, ...]

    def dearer_by(self, change: int) -> int:
        """Return how much more the delivery would cost were the order dearer by `change`, tiyn."""
        return self.terms.delivery_fee(max(0, self.revenue + change)) - sum(self.parts)


def parcel_of(entries: Sequence[Entry], book: Book, terms: dict[UUID, SaleTerms]) -> Parcel | None:
    """Return how the entries of one order share its delivery; None: sum or weight is not known."""
    own = terms.get(entries[0].store_id)
    weights = [_weight(entry, own) for entry in entries]
    revenue = sum(entry.revenue for entry in entries)
    if own is None or revenue <= 0:
        return None
    weight = None if None in weights else math.ceil(sum(it or 0 for it in weights))
    good = (entries[0].good or Good(None))._replace(weight_g=weight)
    tariff = book.tariff(own, good, entries[0].at.astimezone(ALMATY).date())
    if isinstance(tariff, Gap):
        return None
    fee = tariff.terms.delivery_fee(revenue)
    return Parcel(tariff.terms, revenue, _shared(fee, [entry.revenue for entry in entries]))


def _weight(entry: Entry, own: SaleTerms | None) -> Decimal | None:
    weight = (entry.good.weight_g if entry.good else None) or (own.weight_g if own else None)
    return None if weight is None else weight * entry.quantity


def _shared(fee: int, by: Sequence[int]) -> tuple[int, ...]:
    """Share a fee in proportion; rounding never loses or adds a tiyn."""
    total, before, parts = sum(by), 0, []
    for share in by:
        parts.append(fee * (before + share) // total - fee * before // total)
        before += share
    return tuple(parts)
