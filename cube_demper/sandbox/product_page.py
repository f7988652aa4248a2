"""One product of the cabinet in full: `bff/offer-view/details` (KASPI.md §2.3)."""

from __future__ import annotations

from typing import Any

from cube_demper.sandbox import rows
from cube_demper.sandbox.world import Card, Point, StoreListing

_CREATED = "2024-03-04T05:14:03.571+00:00"


def details(listing: StoreListing, card: Card) -> dict[str, Any]:
    """Show `bff/offer-view/details`."""
    points = listing.merchant.points
    return {
        "sku": listing.sku,
        "title": listing.title,
        "masterName": card.title,
        "masterSku": card.id,
        "masterCategory": f"Master - {card.category.code}",
        "cities": rows.cities(listing),
        "updatedAt": rows.utc(listing.updated_at),
        "available": listing.is_on_sale,
        "masterProduct": _master_product(card),
        "cityInfo": _city_info(listing),
        "editionDeadline": rows.deadline(listing),
        "availabilities": [
            {
                "pointId": listing.merchant.point_id(point),
                "name": point.code,
                "pickup": True,
                "kaspiDelivery": True,
                "kaspiDeliveryLocal": True,
                "kaspiDeliveryExpress": True,
                "merchantDelivery": False,
                "address": rows.address(point),
                "cityId": point.city.id,
                "cityName": point.city.name,
            }
            for point in points
            if point.code in listing.stocks or not listing.is_on_sale
        ],
        "offerError": rows.offer_error(listing),
    }


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
        "address": rows.address(point),
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
