"""Price changes: what a body means, and what applying it does to a store's listing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cube_demper.sandbox.world import Stock, StoreListing


class BadChange(ValueError):
    """A body that the price feed answers with 400."""


@dataclass(slots=True)
class Change:
    """One accepted change of one SKU, waiting to be applied or already settled."""

    id: str
    number: int
    store: str
    sku: str
    accepted_at: float
    due_at: float
    city_prices: dict[str, int]
    price: int | None
    availabilities: list[dict[str, Any]] | None
    model: str | None
    is_single: bool
    ip: str
    result: str = "pending"
    fate: str | None = None
    """A result decided in advance by a fault."""
    changed_cities: list[str] = field(default_factory=list)

    def outcome(self) -> dict[str, Any]:
        """Return what the log tells of it once it is settled."""
        named = ("id", "store", "sku", "result", "city_prices", "price")
        return {name: getattr(self, name) for name in named}

    def dump(self) -> dict[str, Any]:
        """Return it as JSON for the log and the state."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FeedRules:
    """Contested quirks of the price feed, each a switch (KASPI.md §2.4)."""

    check_model: bool = True
    single_stock_removes: bool = False


def read_body(body: Any) -> dict[str, Any]:
    """Check one change of the wire and return its parts for `Change`. Raises BadChange."""
    if not isinstance(body, dict):
        raise BadChange("object expected")
    if not isinstance(body.get("merchantUid"), str) or not isinstance(body.get("sku"), str):
        raise BadChange("merchantUid and sku are required")
    cities = body.get("cityPrices") or []
    price = body.get("price")
    if not isinstance(cities, list) or not all(isinstance(c, dict) for c in cities):
        raise BadChange("cityPrices: array of objects expected")
    city_prices = {str(c.get("cityId")): _whole(c.get("value")) for c in cities}
    availabilities = body.get("availabilities")
    if availabilities is not None and not isinstance(availabilities, list):
        raise BadChange("availabilities: array expected")
    return {
        "store": body["merchantUid"],
        "sku": body["sku"],
        "city_prices": city_prices,
        # An echoed details object carries the 0 of «priced by city»: no price at all.
        "price": _whole(price) if price else None,
        "availabilities": availabilities,
        "model": body.get("model"),
    }


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadChange(f"whole tenge expected, got {value!r}")
    return value


def would_change(change: Change, listing: StoreListing | None) -> list[str]:
    """Return the cities whose present price differs from what the change names."""
    present = listing.prices if listing else {}
    return [city for city, price in change.city_prices.items() if present.get(city) != price]


def apply_change(change: Change, listing: StoreListing | None, rules: FeedRules) -> str:
    """Apply a change at its time; return what became of it: `applied` or why it was ignored."""
    if change.fate:
        return change.fate
    if listing is None:
        return "ignored_unknown_sku"
    if listing.removed_at is not None:
        return "ignored_removed"
    if rules.check_model and change.model is not None and change.model.strip() != listing.model:
        return "ignored_model"
    at = change.due_at
    if change.availabilities is not None:
        _apply_stocks(change, listing)
    if rules.single_stock_removes and change.is_single and _names_stock(change):
        listing.stocks = {}
    if not any(stock["available"] for stock in listing.stocks.values()):
        listing.removed_at = at
        listing.updates.append(("REMOVE", at))
        return "applied"
    _apply_prices(change, listing)
    listing.updated_at = at
    listing.updates.append(("PRICE_CHANGE", at))
    del listing.updates[:-5]
    return "applied"


def _apply_prices(change: Change, listing: StoreListing) -> None:
    """`price` is for every city that is not named; cities neither named nor priced stay."""
    if change.price is not None:
        listing.prices = dict.fromkeys(listing.prices, change.price)
    for city_id, price in change.city_prices.items():
        if city_id in listing.prices:
            listing.prices[city_id] = price
    listing.by_city = bool(change.city_prices)


def _apply_stocks(change: Change, listing: StoreListing) -> None:
    """Points that are not named lose their availability; a foreign or unknown point is skipped."""
    codes = {listing.merchant.point_id(point): point.code for point in listing.merchant.points}
    stocks: dict[str, Stock] = {}
    for row in change.availabilities or []:
        code = codes.get(str(row.get("storeId"))) if isinstance(row, dict) else None
        if code is None:
            continue
        stocks[code] = Stock(
            available=row.get("available") == "yes",
            stockCount=row.get("stockCount"),
            stockSpecified=row.get("stockCount") is not None,
            preOrder=row.get("preOrder"),
        )
    listing.stocks = stocks


def _names_stock(change: Change) -> bool:
    return any(
        isinstance(row, dict) and row.get("stockCount") is not None
        for row in change.availabilities or []
    )
