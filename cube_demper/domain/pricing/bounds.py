"""The floor and the cap of a product in a city. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.core.money import ceil_to_tenge, floor_to_tenge
from cube_demper.domain.economics.profit_floors import Gap, ProfitFloor
from cube_demper.domain.pricing.schemas import LOWEST_PRICE, ProductTerms, StoreTerms


@dataclass(frozen=True, slots=True)
class Bounds:
    """The range that a price must stay in. `floor > cap` means the seller's terms contradict."""

    floor: int
    cap: int
    max_price: int | None


def bounds_of(
    product: ProductTerms,
    settings: StoreTerms,
    profit_floor: ProfitFloor,
    *,
    standing: int | None = None,
) -> Bounds | None:
    """Work out the bounds, or None when the terms do not give both ends.

    While the floor by profit is not known (a `Gap`) the price that stands is the floor: nothing says
    that a lower one would leave the least profit. `standing`: that price; None: the cabinet's.

    A blank bound is the city's own `base_price`; zero or less, which forms refuse, counts as blank.
    Without `base_price` a blank bound stays unknown: it never means «anything».
    """
    min_price, max_price = _given(product.min_price), _given(product.max_price)
    base = _given(product.base_price)
    low = base if min_price is None else min_price
    if low is None or (max_price is None and base is None):
        return None
    if isinstance(profit_floor, Gap):
        profit_floor = standing if standing is not None else product.cabinet_price
        if profit_floor is None:
            return None
    floor = ceil_to_tenge(max(low, profit_floor or 0, settings.min_price_allowed, LOWEST_PRICE))
    if max_price is not None:
        return Bounds(floor, floor_to_tenge(max_price), max_price)
    return Bounds(floor, max(floor_to_tenge(base or 0), floor), None)


def _given(price: int | None) -> int | None:
    return price if price is not None and price > 0 else None
