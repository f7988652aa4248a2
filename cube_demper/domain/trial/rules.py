"""Which goods the trial begins with and what floor is proposed for each. Pure.

A good candidate has rivals, so that there is something to see; room above its floor, so that the bot
can act; and is in stock. The proposed floor is never over today's price and never sets anything: the
seller confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from cube_demper.core.money import TIYN_IN_TENGE, ceil_to_tenge
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.rivals import view_of
from cube_demper.domain.pricing.schemas import LOWEST_PRICE, ProductTerms, StoreTerms
from cube_demper.domain.trial.schemas import (
    GOODS,
    UNSURE_FLOOR_PERCENT,
    Around,
    Candidate,
    FloorSource,
    Good,
)

_SELLERS_COUNTED = 15
"""More sellers than this say nothing more of how well a card sells."""


def proposed_floor(good: Good, min_profit: int | None) -> tuple[int, FloorSource] | None:
    """Return a sane floor and its source; None when the product sells at a loss already.

    While the store's conditions are not told, cost and profit alone are known to be too little.
    """
    if good.min_price is not None:
        return (good.min_price, FloorSource.OWN) if good.min_price <= good.price else None
    by_cost = good.floor_by_cost
    if by_cost is None and good.cost_price is not None:
        by_cost = ceil_to_tenge(good.cost_price + (min_profit or 0))
    if by_cost is not None and by_cost > 0:
        floor = max(by_cost, LOWEST_PRICE)
        return (floor, FloorSource.COST) if floor <= good.price else None
    floor = max(ceil_to_tenge(good.price * UNSURE_FLOOR_PERCENT // 100), LOWEST_PRICE)
    return (floor, FloorSource.PRICE) if floor <= good.price else None


def around(market: Market, product: ProductTerms, store: StoreTerms) -> Around:
    """Sum up one look at a product's card."""
    view = view_of(market, product, store)
    own = view.own.price if view.own else None
    price = own or product.cabinet_price or 0
    return Around(
        offers=max(market.total, len(market.offers)),
        rivals=len(view.rivals),
        cheapest=view.rivals[0].price if view.rivals else None,
        next_above=next((it.price for it in view.rivals if it.price > price), None),
        own_price=own,
    )


def choose(
    goods: Iterable[Good],
    seen: Mapping[str, Around],
    *,
    min_profit: int | None,
    step: int = TIYN_IN_TENGE,
    count: int = GOODS,
) -> tuple[Candidate, ...]:
    """Return the best candidates, best first; `seen` by SKU. Goods without rivals are left out."""
    found: dict[str, Candidate] = {}
    for good in goods:
        floor, around_ = proposed_floor(good, min_profit), seen.get(good.sku)
        if floor is None or around_ is None or not around_.rivals or good.stock == 0:
            continue
        candidate = Candidate(good, around_, *floor, score=_score(good, around_, floor[0], step))
        known = found.get(good.card)
        if known is None or candidate.score > known.score:
            found[good.card] = candidate  # two SKUs of one card would fight each other
    ranked = sorted(found.values(), key=attrgetter("good.name", "good.sku"))
    return tuple(sorted(ranked, key=attrgetter("score"), reverse=True)[:count])


def _score(good: Good, around_: Around, floor: int, step: int) -> int:
    """Weigh: can the bot win or raise here, do many sell it, is the floor more than a guess."""
    price = around_.own_price or good.price
    cheapest = around_.cheapest or price
    score = min(around_.offers, _SELLERS_COUNTED)
    if cheapest <= price and cheapest - step >= floor:
        score += 40  # behind, and the first place is within the floor
    elif cheapest > price and around_.next_above and around_.next_above - step > price:
        score += 30  # first with room to raise
    elif cheapest - step < floor:
        score -= 20  # the bot could only hold: a poor first impression
    score += 15 if good.min_price is not None or good.cost_price is not None else 0
    score += 10 if good.is_priority else 0
    score += 5 if good.stock is not None and good.stock > 2 else 0
    return score
