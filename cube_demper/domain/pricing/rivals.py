"""Who in a market is ours and who is a rival. Pure, independent of the order of offers."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.market.schemas import DeliverySpeed, Market, Offer
from cube_demper.domain.pricing.schemas import (
    DeliveryFilter,
    ProductTerms,
    RivalFilters,
    StoreTerms,
)

_SLOWEST = {
    DeliveryFilter.TODAY_TOMORROW: DeliverySpeed.TOMORROW,
    DeliveryFilter.TILL_3_DAYS: DeliverySpeed.TILL_3_DAYS,
    DeliveryFilter.TILL_5_DAYS: DeliverySpeed.TILL_5_DAYS,
}


@dataclass(frozen=True, slots=True)
class View:
    """A market through our eyes: our own offer and the rivals, cheapest first, each merchant once."""

    own: Offer | None
    rivals: tuple[Offer, ...]

    def place_of(self, price: int) -> int:
        """Return 1 + rivals strictly cheaper (rivals after the filters, each merchant once)."""
        cheaper = 0
        for rival in self.rivals:
            if rival.price >= price:
                break
            cheaper += 1
        return 1 + cheaper

    def rival_by_id(self, merchant_id: str) -> Offer | None:
        """Find a rival's cheapest offer."""
        return next((offer for offer in self.rivals if offer.merchant_id == merchant_id), None)


def view_of(market: Market, product: ProductTerms, settings: StoreTerms) -> View:
    """Split a market into us and our rivals.

    An offer of our merchant id under another SKU is neither. Filters come before «a rival counts
    once»: a merchant's slow cheap offer does not hide its fast dearer one. Offers without a price
    are not offers.
    """
    own = own_offer(market, product.kaspi_sku, settings.merchant_id)
    slowest = _slowest_allowed(product.delivery_filter, own)
    filters = product.rival_filters
    has_filters = slowest is not None or filters != _NO_FILTERS
    ours, friends, excluded = (
        settings.merchant_id,
        settings.own_merchant_ids,
        settings.excluded_merchant_ids,
    )
    cheapest: dict[str, Offer] = {}
    for offer in market.offers:
        merchant = offer.merchant_id
        if offer.price <= 0 or merchant == ours or merchant in friends or merchant in excluded:
            continue
        if has_filters and _is_dropped(offer, slowest, filters):
            continue
        known = cheapest.get(merchant)
        if known is None or _order(offer) < _order(known):
            cheapest[merchant] = offer
    return View(own, tuple(sorted(cheapest.values(), key=_order)))


_NO_FILTERS = RivalFilters()


def _order(offer: Offer) -> tuple[int, str, str]:
    return offer.price, offer.merchant_id, offer.merchant_name


def own_offer(market: Market, sku: str, merchant_id: str) -> Offer | None:
    """Find our offer: our merchant id and, where the offer names one, our SKU; a named SKU wins."""
    found = [
        offer
        for offer in market.offers
        if offer.merchant_id == merchant_id
        and offer.price > 0
        and (offer.merchant_sku is None or offer.merchant_sku == sku)
    ]
    return min(found, key=_own_order) if found else None


def _own_order(offer: Offer) -> tuple[bool, int, int]:
    speed = DeliverySpeed.OTHER if offer.delivery is None else offer.delivery
    return offer.merchant_sku is None, offer.price, speed


def _slowest_allowed(chosen: DeliveryFilter | None, own: Offer | None) -> DeliverySpeed | None:
    """Turn the filter into a limit; «not slower than us» limits nobody while our speed is unknown."""
    if chosen is DeliveryFilter.SAME_OR_FASTER:
        return own.delivery if own is not None else None
    return _SLOWEST.get(chosen) if chosen is not None else None


def _is_dropped(offer: Offer, slowest: DeliverySpeed | None, filters: RivalFilters) -> bool:
    """Tell whether the seller's filters drop this offer.

    No known speed is not slow and no known rating is not low; but no known number of reviews is
    none at all, as Kaspi leaves it out for shops without reviews (KASPI.md §1.2).
    """
    if slowest is not None and offer.delivery is not None and offer.delivery > slowest:
        return True
    if filters.ignore_preorder and offer.preorder_days > 0:
        return True
    if offer.merchant_id in filters.excluded_merchants:
        return True
    if filters.only_merchants and offer.merchant_id not in filters.only_merchants:
        return True
    if filters.min_reviews is not None and (offer.reviews or 0) < filters.min_reviews:
        return True
    rating = offer.rating
    return filters.min_rating is not None and rating is not None and rating < filters.min_rating
