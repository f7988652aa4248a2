"""Rows of the cabinet: the list and the call for many SKUs (KASPI.md §2.2, §2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cube_demper.core.clock import ALMATY
from cube_demper.sandbox.world import Card, Point, StoreListing

_DAY_SECONDS = 86_400
_SAME_IN_EVERY_ROW: dict[str, Any] = {
    "fileId": "MANUAL_CHANGES",
    "oldprice": 0,
    "deliveryOptions": None,
    "_version": None,
    "_distinctVersion": 4,
    "offerSource": "MANUAL_OFFER",
    "reindexReason": None,
    "matchesLastBatch": False,
    "skipDistinctCheck": False,
    "priority": 0,
    "modification": False,
    "colourCode": None,
    "anyPickup": True,
    "anyKaspiDelivery": True,
    "anyKaspiDeliveryLocal": False,
    "anyKaspiDeliveryExpress": False,
    "anyMerchantDelivery": False,
    "brandCode": None,
    "selectedCity": None,
}


def list_row(listing: StoreListing, card: Card) -> dict[str, Any]:
    """Show a row of `bff/offer-view/list`; a removed one has null where the recording has it."""
    prices = list(listing.prices.values())
    row: dict[str, Any] = _SAME_IN_EVERY_ROW | {
        "masterSku": card.id,
        "images": [],
        "attributes": [],
        "shopLink": card.link,
        "masterTitle": card.title,
        "offerId": listing.offer_id,
        "merchantUid": listing.merchant.uid,
        "sku": listing.sku,
        "model": listing.model if listing.is_on_sale else None,
        "brand": listing.brand if listing.is_on_sale else None,
        "price": 0 if listing.by_city or not listing.is_on_sale else prices[0],
        "availabilities": availabilities(listing),
        "cityPrices": _city_prices(listing),
        "rangePrice": {"MAX": 0, "MIN": 0},
        "updates": [_update(operation, at) for operation, at in listing.updates],
        "archivedAt": _local(listing.removed_at) if listing.removed_at is not None else None,
        "editionDeadline": deadline(listing),
        "verticalCategory": card.category.vertical,
        "masterCategory": f"Master - {card.category.code}",
        "title": listing.title,
        "available": listing.is_on_sale,
        "minPrice": min(prices),
        "maxPrice": max(prices),
        "points": _point_codes(listing),
        "updatedAt": utc(listing.updated_at),
        "allCityPrices": {
            city_id: {"price": price, "oldPrice": None} for city_id, price in listing.prices.items()
        },
        "offerError": offer_error(listing),
    }
    if listing.is_on_sale:
        row["rangePrice"] = {"MAX": max(prices), "MIN": min(prices)}
        row["stocks"] = [{"stockLevel": _stock_levels(listing)}]
    return row


def short_row(listing: StoreListing, card: Card) -> dict[str, Any]:
    """Show an element of `offer/details`, the call for many SKUs: the list's row with its cities."""
    return list_row(listing, card) | {
        "masterName": card.title,
        "cities": cities(listing),
        "availabilities": availabilities(listing) or [],
    }


def availabilities(listing: StoreListing) -> list[dict[str, Any]] | None:
    """Show stock as the price feed speaks it: strings «yes» and «no», `{uid}_{PP}`."""
    if not listing.is_on_sale:
        return None
    return [
        {
            "storeId": listing.merchant.point_id(point),
            "available": "yes" if stock["available"] else "no",
            "preOrder": stock["preOrder"],
            "stockCount": stock["stockCount"],
            "stockEnabled": False,
            "stockSpecified": stock["stockSpecified"],
        }
        for point in listing.merchant.points
        if (stock := listing.stocks.get(point.code))
    ]


def offer_error(listing: StoreListing) -> dict[str, Any]:
    """Show why an offer is not on sale."""
    return {
        "offerSource": "MANUAL_OFFER",
        "errorCodes": [] if listing.is_on_sale else ["NO_AVAILABILITIES"],
        "warningCodes": [],
        "klNotes": [],
        "reindexReason": None,
    }


def address(point: Point) -> dict[str, Any]:
    """Show a point's address."""
    return {
        "code": None,
        "latitude": 43.238949,
        "longitude": 76.889709,
        "streetName": point.street,
        "streetNumber": point.number,
        "town": None,
        "building": "",
        "phone": "7010000000",
        "name": "Склад",
        "apartment": None,
        "district": None,
    }


def _city_prices(listing: StoreListing) -> list[dict[str, Any]] | None:
    if not listing.is_on_sale or not listing.by_city:
        return None
    served = {point.city.id for point in listing.merchant.points if point.code in listing.stocks}
    return [
        {"cityId": city_id, "value": price, "oldprice": None}
        for city_id, price in listing.prices.items()
        if city_id in served
    ]


def cities(listing: StoreListing) -> list[dict[str, Any]]:
    """Show prices by city, with the points of the cities that have some."""
    points: dict[str, list[dict[str, Any]]] = {}
    for point in listing.merchant.points:
        if not listing.is_on_sale or point.code in listing.stocks:
            row = {"pointId": listing.merchant.point_id(point), "name": None, "available": True}
            points.setdefault(point.city.id, []).append(row)
    return [
        {"cityId": city_id, "price": price, "oldPrice": None, "points": points.get(city_id)}
        for city_id, price in listing.prices.items()
    ]


def _stock_levels(listing: StoreListing) -> dict[str, dict[str, int]]:
    return {
        listing.merchant.point_id(point): {"value": count}
        for point in listing.merchant.points
        if point.code in listing.stocks
        and (count := listing.stocks[point.code]["stockCount"]) is not None
    }


def _point_codes(listing: StoreListing) -> list[str]:
    codes = [point.code for point in listing.merchant.points]
    return [code for code in codes if code in listing.stocks] if listing.is_on_sale else codes


def _update(operation: str, at: float) -> dict[str, str]:
    return {
        "operationType": operation,
        "uploadedBy": "operator@example.kz",
        "uploadedDate": _local(at),
    }


def deadline(listing: StoreListing) -> str:
    """Tell until when an offer may be edited: a day after its last change, in Almaty time."""
    moment = datetime.fromtimestamp(listing.updated_at + _DAY_SECONDS, ALMATY)
    return moment.isoformat(timespec="milliseconds")


def _local(at: float) -> str:
    return (
        datetime.fromtimestamp(at, ALMATY).replace(tzinfo=None).isoformat(timespec="milliseconds")
    )


def utc(at: float) -> str:
    """Show a moment as `updatedAt` does."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
