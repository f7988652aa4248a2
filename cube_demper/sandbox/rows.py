"""Rows of the cabinet: the list, one product in full, and many in short (KASPI.md §2.2, §2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cube_demper.core.clock import ALMATY
from cube_demper.sandbox.world import Card, Point, StoreListing

_DAY_SECONDS = 86_400
_CREATED = "2024-03-04T05:14:03.571+00:00"


def list_row(listing: StoreListing, card: Card) -> dict[str, Any]:
    """Show a row of `bff/offer-view/list`; a removed one has null where the recording has it."""
    prices = list(listing.prices.values())
    row: dict[str, Any] = {
        "masterSku": card.id,
        "images": [],
        "shopLink": card.link,
        "masterTitle": card.title,
        "offerId": listing.offer_id,
        "fileId": "MANUAL_CHANGES",
        "merchantUid": listing.merchant.uid,
        "sku": listing.sku,
        "model": listing.model if listing.is_on_sale else None,
        "brand": listing.brand if listing.is_on_sale else None,
        "price": 0 if listing.by_city or not listing.is_on_sale else prices[0],
        "oldprice": 0,
        "availabilities": availabilities(listing),
        "cityPrices": _city_prices(listing),
        "deliveryOptions": None,
        "_version": None,
        "_distinctVersion": 4,
        "offerSource": "MANUAL_OFFER",
        "reindexReason": None,
        "matchesLastBatch": False,
        "skipDistinctCheck": False,
        "priority": 0,
        "rangePrice": {"MAX": 0, "MIN": 0},
        "updates": [_update(operation, at) for operation, at in listing.updates],
        "archivedAt": _local(listing.removed_at) if listing.removed_at is not None else None,
        "modification": False,
        "colourCode": None,
        "attributes": [],
        "editionDeadline": _deadline(listing),
        "verticalCategory": card.category.vertical,
        "masterCategory": f"Master - {card.category.code}",
        "title": listing.title,
        "available": listing.is_on_sale,
        "minPrice": min(prices),
        "maxPrice": max(prices),
        "points": _point_codes(listing),
        "updatedAt": _utc(listing.updated_at),
        "anyPickup": True,
        "anyKaspiDelivery": True,
        "anyKaspiDeliveryLocal": False,
        "anyKaspiDeliveryExpress": False,
        "anyMerchantDelivery": False,
        "brandCode": None,
        "selectedCity": None,
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
        "cities": _cities(listing),
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


def details(listing: StoreListing, card: Card) -> dict[str, Any]:
    """Show `bff/offer-view/details`."""
    points = listing.merchant.points
    return {
        "sku": listing.sku,
        "title": listing.title,
        "masterName": card.title,
        "masterSku": card.id,
        "masterCategory": f"Master - {card.category.code}",
        "cities": _cities(listing),
        "updatedAt": _utc(listing.updated_at),
        "available": listing.is_on_sale,
        "masterProduct": _master_product(card),
        "cityInfo": _city_info(listing),
        "editionDeadline": _deadline(listing),
        "availabilities": [
            {
                "pointId": listing.merchant.point_id(point),
                "name": point.code,
                "pickup": True,
                "kaspiDelivery": True,
                "kaspiDeliveryLocal": True,
                "kaspiDeliveryExpress": True,
                "merchantDelivery": False,
                "address": address(point),
                "cityId": point.city.id,
                "cityName": point.city.name,
            }
            for point in points
            if point.code in listing.stocks or not listing.is_on_sale
        ],
        "offerError": offer_error(listing),
    }


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


def _cities(listing: StoreListing) -> list[dict[str, Any]]:
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


def _master_product(card: Card) -> dict[str, Any]:
    return {
        "card": {
            "id": card.id,
            "name": card.title,
            "createdTime": _CREATED,
            "shopLink": card.link,
            "maxQuantity": 20,
            "numberOfOrders": None,
            "unit": {
                "type": "PIECES",
                "measurementLiteral": "шт.",
                "countingLiteral": "шт",
                "increment": 1,
            },
            "category": [card.category.vertical, card.category.name],
            "categoryId": "03326",
            "promoConditions": {
                "brand": card.brand,
                "categoryCodes": [card.category.code, card.category.vertical],
                "baseProductCodes": [],
                "groups": None,
            },
            "stickers": None,
            "refundPeriod": 30,
            "title": card.title,
        },
        "galleryImages": [],
        "videoId": None,
        "description": None,
        "specifications": [],
        "weight": 0,
        "masterCategoryCode": f"Master - {card.category.code}",
        "masterCategoryName": card.category.name,
        "restrictedAge": 0,
        "sizeTableCode": None,
        "hasVariants": False,
        "childrenContent": True,
        "certificate": None,
        "carParts": False,
        "videos": None,
        "teasers": None,
        "richContent": None,
        "status": "ACTUAL",
        "redirectCodes": None,
    }


def _city_info(listing: StoreListing) -> list[dict[str, Any]]:
    by_city: dict[str, list[Point]] = {}
    for point in listing.merchant.points:
        by_city.setdefault(point.city.id, []).append(point)
    return [
        {
            "id": city_id,
            "name": points[0].city.name,
            "price": listing.prices[city_id],
            "oldPrice": 0,
            "pickupPoints": [_pickup_point(listing, point) for point in points],
        }
        for city_id, points in by_city.items()
    ]


def _pickup_point(listing: StoreListing, point: Point) -> dict[str, Any]:
    uid = listing.merchant.uid
    return {
        "name": listing.merchant.point_id(point),
        "displayName": point.code,
        "type": "STORE",
        "openingSchedule": _schedule(f"{uid}-Sch-{point.code}", 10, 18),
        "kdSchedule": _schedule(f"kdps_{uid}-{point.code}", 9, 11),
        "active": point.enabled,
        "address": address(point),
        "merchantUid": uid,
        "rfoID": "000000000001",
        "kaspiDelivery": True,
        "kdPickupType": "SELF_DELIVERY",
        "kdReturnPointCode": None,
        "available": True,
        "cityName": point.city.name,
    }


def _schedule(code: str, opens: int, closes: int) -> dict[str, Any]:
    hours = {
        "openingTime": {"hour": opens, "minute": 0},
        "closingTime": {"hour": closes, "minute": 0},
    }
    return {
        "code": code,
        "weekDays": [hours | {"dayOfWeekIndex": day} for day in range(1, 7)],
        "specialDays": [],
    }


def _update(operation: str, at: float) -> dict[str, str]:
    return {
        "operationType": operation,
        "uploadedBy": "operator@example.kz",
        "uploadedDate": _local(at),
    }


def _deadline(listing: StoreListing) -> str:
    moment = datetime.fromtimestamp(listing.updated_at + _DAY_SECONDS, ALMATY)
    return moment.isoformat(timespec="milliseconds")


def _local(at: float) -> str:
    return (
        datetime.fromtimestamp(at, ALMATY).replace(tzinfo=None).isoformat(timespec="milliseconds")
    )


def _utc(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
