"""The shop, kaspi.kz: the public offers of a card (KASPI.md §1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response

from cube_demper.sandbox.chance import roll
from cube_demper.sandbox.faults import FaultKind
from cube_demper.sandbox.web import Backstage, Call, Host, bad_request, html_response, json_response
from cube_demper.sandbox.world import Card, Listing

_LARGEST_PAGE = 64
_FOUND = 12
#: What the product page itself asks for; the papers do not say what an absent limit means.
_DEFAULT_PAGE = 5
_EMPTY: dict[str, Any] = {"offers": [], "total": 0, "offersCount": 0}
#: `deliveryDuration` → days until delivery.
_DAYS = {
    "TODAY": 0,
    "TOMORROW": 1,
    "TILL_2_DAYS": 2,
    "TILL_3_DAYS": 3,
    "TILL_5_DAYS": 5,
    "TILL_7_DAYS": 7,
}


class Shop(Host):
    """Answers for kaspi.kz; limits requests by source address."""

    name = "shop"

    def __init__(self, backstage: Backstage) -> None:
        """Show the market's offers."""
        super().__init__(backstage)
        self.limits = backstage.limits
        self.app = Starlette(
            routes=[
                self.route("/yml/offer-view/offers/{card}", "offers", self.offers, "POST"),
                self.route("/yml/product-view/pl/results", "search", self.search, "GET"),
            ]
        )

    def identify(self, call: Call) -> None:
        """Read card and city."""
        call.card = call.request.path_params.get("card")
        if isinstance(call.body, dict):
            call.note["city"] = str(call.body.get("cityId", ""))

    def guard(self, call: Call) -> Response | None:
        """Answer 403 with a page to an address that asks too fast."""
        known = len(self.limits.bans)
        if self.limits.shop_request(call.ip, call.now) is None:
            return None
        if len(self.limits.bans) > known:
            ban = self.limits.bans[-1]
            self.journal.write("ban", call.now, of="ip", key=ban.key, reason=ban.reason)
        return html_response(403)

    def search(self, call: Call) -> Response:
        """Answer the product search: cards whose title has all the words, the shortest title first."""
        words = call.request.query_params.get("text", "").lower().split()
        cards = [
            card
            for card in self.market.world.cards.values()
            if words and all(word in card.title.lower() for word in words)
        ]
        cards.sort(key=lambda card: (len(card.title), card.id))
        data = [
            {"id": it.id, "title": it.title, "brand": it.brand, "shopLink": it.link}
            for it in cards[:_FOUND]
        ]
        return json_response({"data": data})

    def offers(self, call: Call) -> Response:
        """Answer one page of a card's offers in a city."""
        body = call.body
        if call.has_bad_body or not isinstance(body, dict) or not call.note.get("city"):
            return bad_request("cityId is required")
        limit, page = body.get("limit", _DEFAULT_PAGE), body.get("page", 0)
        if not _is_count(limit, 1) or limit > _LARGEST_PAGE or not _is_count(page, 0):
            return bad_request("limit or page is out of range")
        found = self.market.offers(call.card or "", call.note["city"])
        if call.fault and call.fault.kind is FaultKind.OWN_MISSING:
            found = [pair for pair in found if pair[1].merchant.uid != call.fault.store]
        if not found:
            return json_response(_EMPTY)
        found.sort(key=_by_price if body.get("sortOption") == "PRICE" else _by_relevance)
        card = self.market.world.cards[call.card or ""]
        start = page * limit
        shown = [
            offer_row(card, listing, price, call.note["city"], call.now)
            for price, listing in found[start : start + limit]
        ]
        call.note["offers"] = len(shown)
        return json_response(
            {
                "offers": shown,
                "total": len(found),
                "offersCount": len(found),
                "pcmResponsePresent": False,
            }
        )


def _is_count(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _by_price(pair: tuple[int, Listing]) -> tuple[float, float, str]:
    price, listing = pair
    return price, -(listing.merchant.rating or 0), listing.merchant.uid


def _by_relevance(pair: tuple[int, Listing]) -> tuple[float, float, str]:
    """Stand in for Kaspi's own order, which nobody published: the best known shops first."""
    _, listing = pair
    return -(listing.merchant.reviews or 0), -(listing.merchant.rating or 0), listing.merchant.uid


def offer_row(card: Card, listing: Listing, price: int, city_id: str, now: float) -> dict[str, Any]:
    """Show an offer exactly as the recording does: what a shop does not have is absent, not null."""
    merchant = listing.merchant
    row: dict[str, Any] = {
        "masterSku": card.id,
        "masterCategory": f"Master - {card.category.code}",
        "merchantId": merchant.uid,
        "merchantName": merchant.name,
        "merchantSku": listing.sku,
    }
    if merchant.rating is not None:
        row |= {"merchantReviewsQuantity": merchant.reviews, "merchantRating": merchant.rating}
    point = listing.point_in(city_id)
    point_id = merchant.point_id(point) if point else f"{merchant.uid}_PP1"
    preorder = listing.preorder_in(city_id)
    has_pickup, has_dates = _promises(card.id, merchant.uid)
    day = datetime.fromtimestamp(now, UTC).replace(minute=0, second=0, microsecond=0)
    arrival = day + timedelta(days=preorder + _DAYS.get(listing.speed or "", 9))
    row |= {"title": listing.title, "price": float(price)}
    if has_dates:
        row["delivery"] = _moment(arrival, 18)
    row["deliveryMovedBySlot"] = False
    if has_dates:
        row |= {
            "kdPickupDate": _moment(day + timedelta(days=preorder), 15),
            "availabilityDate": _moment(day + timedelta(days=preorder), day.hour),
        }
    if has_pickup:
        row["pickup"] = _moment(day + timedelta(days=preorder + 1), 19)
    row |= {"kaspiDelivery": merchant.kaspi_delivery, "kdPoints": [point_id]}
    if has_pickup:
        row["pointsWithAvailability"] = [point_id]
    row |= {
        "preorder": preorder,
        "locatedInPoint": point_id,
        "deliveryType": "TO_DOOR" if merchant.kaspi_delivery else "EXPRESS",
        "deliveryDuration": listing.speed,
    }
    if has_dates:
        row["postomat"] = _moment(arrival + timedelta(days=1), 18)
    return row


@lru_cache(maxsize=100_000)
def _promises(card_id: str, merchant: str) -> tuple[bool, bool]:
    """Tell whether an offer promises a pick-up and dates at all; the recording has some that do not."""
    draw = roll(card_id, merchant, "look")
    return draw.random() < 0.8, draw.random() < 0.9


def _moment(day: datetime, hour: int) -> str:
    return f"{day.replace(hour=hour):%Y-%m-%dT%H:%M:%S}.000+00:00"
