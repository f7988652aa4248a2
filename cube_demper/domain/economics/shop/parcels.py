"""An order travels as one parcel: what is paid once for it is paid once. Pure.

Kaspi keeps the fee of delivery from an order by its whole sum and weight, not from each of its entries
(KZ_FACTS.md §1.2); what a seller named «на продажу» (packaging, advertising, other) is one sum an order too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
class Part:
    """What one entry bears of its order's own sums, tiyn: by its part of the order's sum."""

    delivery: int
    packaging: int
    advertising: int
    other: int

    def of(self, terms: Terms) -> Terms:
        """Return an entry's terms with its part of what is named «на продажу»."""
        return replace(
            terms, packaging=self.packaging, advertising=self.advertising, other=self.other
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an order costs as a whole; `parts` by entry add up to it."""

    terms: Terms
    revenue: int
    parts: tuple[Part, ...]

    def dearer_by(self, change: int) -> int:
        """Return how much more the delivery would cost were the order dearer by `change`, tiyn."""
        fee = self.terms.delivery_fee(max(0, self.revenue + change))
        return fee - sum(it.delivery for it in self.parts)


def parcel_of(entries: Sequence[Entry], book: Book, terms: dict[UUID, SaleTerms]) -> Parcel | None:
    """Return how the entries of one order share what it costs; None: sum or weight is not known."""
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
    of_order = tariff.terms
    sums = (
        of_order.delivery_fee(revenue),
        of_order.packaging,
        of_order.advertising,
        of_order.other,
    )
    by = [entry.revenue for entry in entries]
    parts = zip(*(_shared(it, by) for it in sums), strict=True)
    return Parcel(of_order, revenue, tuple(Part(*it) for it in parts))


def _weight(entry: Entry, own: SaleTerms | None) -> Decimal | None:
    weight = (entry.good.weight_g if entry.good else None) or (own.weight_g if own else None)
    return None if weight is None else weight * entry.quantity


def _shared(amount: int, by: Sequence[int]) -> tuple[int, ...]:
    """Share a sum in proportion; rounding never loses or adds a tiyn."""
    total, before, parts = sum(by), 0, []
    for share in by:
        parts.append(amount * (before + share) // total - amount * before // total)
        before += share
    return tuple(parts)
