"""From looks and decisions to the lines of a chart and the list of sellers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cube_demper.domain.catalog.view_schemas import SellerNow, Side, Step
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.rivals import view_of
from cube_demper.domain.pricing.schemas import ProductTerms, StoreTerms

MOST_STEPS = 1_500
"""More than twice the pixels of the chart."""


def steps(points: Iterable[Step], since: datetime) -> tuple[Step, ...]:
    """Put observations in order, drop repeats, and start at `since` with what held then."""
    found: list[Step] = []
    for point in sorted(points, key=lambda it: it.at):
        if point.at <= since:
            found = [Step(since, point.price)]
        elif not found or found[-1].price != point.price:
            found.append(point)
    return _thinned(found)


def _thinned(found: list[Step]) -> tuple[Step, ...]:
    """Keep the lowest and the highest of each stretch when there are too many to be seen."""
    if len(found) <= MOST_STEPS:
        return tuple(found)
    size = -(-2 * len(found) // MOST_STEPS)
    kept: list[Step] = [found[0]]
    for start in range(1, len(found) - 1, size):
        stretch = found[start : min(start + size, len(found) - 1)]
        ends = {min(stretch, key=_height), max(stretch, key=_height)}
        kept += sorted(ends, key=lambda it: it.at)
    return (*kept, found[-1])


def _height(step: Step) -> int:
    return -1 if step.price is None else step.price


def market_steps(
    markets: Sequence[Market], product: ProductTerms, settings: StoreTerms
) -> tuple[list[Step], list[Step]]:
    """Return our own prices and the cheapest rival's as the looks saw them.

    A look that does not show our offer says nothing of our price: only the 20 cheapest are kept.
    """
    own: list[Step] = []
    rival: list[Step] = []
    for market in markets:
        view = view_of(market, product, settings)
        if view.own is not None:
            own.append(Step(market.seen_at, view.own.price))
        rival.append(Step(market.seen_at, view.rivals[0].price if view.rivals else None))
    return own, rival


def sellers_of(
    market: Market, product: ProductTerms, settings: StoreTerms
) -> tuple[SellerNow, ...]:
    """List the sellers of a market by price, each told apart: ours, our other stores, rivals, ignored."""
    view = view_of(market, product, settings)
    rivals = {id(offer) for offer in view.rivals}

    def side(offer: Offer) -> Side:
        if offer is view.own:
            return Side.OWN
        if offer.merchant_id in settings.own_merchant_ids:
            return Side.SISTER
        return Side.RIVAL if id(offer) in rivals else Side.IGNORED

    ours = view.own.price if view.own else None
    return tuple(
        SellerNow(
            merchant_id=offer.merchant_id,
            name=offer.merchant_name,
            side=side(offer),
            price=offer.price,
            difference=None if ours is None else offer.price - ours,
            rating=offer.rating,
            reviews=offer.reviews,
            delivery=offer.delivery.name if offer.delivery is not None else None,
            preorder_days=offer.preorder_days,
        )
        for offer in sorted(market.offers, key=lambda it: (it.price, it is not view.own))
    )
