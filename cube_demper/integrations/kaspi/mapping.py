"""Vendor shapes to ours and back, pure. A shape that is not Kaspi's raises ContractChanged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from cube_demper.core import money
from cube_demper.core.errors import ContractChanged, InvalidInput
from cube_demper.domain.catalog.schemas import (
    Availability,
    CabinetPage,
    CabinetProduct,
    Point,
    PriceChange,
)
from cube_demper.domain.market.schemas import DeliverySpeed, Offer, OffersPage
from cube_demper.integrations.kaspi import readers
from cube_demper.integrations.kaspi.wire import (
    FeedAvailability,
    FeedChange,
    OffersRequest,
    WireAvailability,
    WireOffer,
    WireOffers,
    WireProduct,
)

OFFERS_LIMIT = 64  # 100 is answered with 400 (KASPI.md §1.1)
_IMAGE_URL = "https://resources.cdn-kaspi.kz/img/m/p/{}?format=gallery-medium"
_CARD_IN_LINK = re.compile(r"-(\d+)/?(?:\?.*)?$")
_SPEEDS = {speed.name: speed for speed in DeliverySpeed}


def offers_request(card: str, city_id: str, page: int, limit: int) -> OffersRequest:
    """Build the offers body, cheapest first. Raises InvalidInput past 64 offers a page."""
    if not 0 < limit <= OFFERS_LIMIT or page < 0:
        raise InvalidInput(f"Kaspi отдаёт не больше {OFFERS_LIMIT} предложений на страницу")
    return {
        "cityId": city_id,
        "id": card,
        "merchantUID": [],
        "limit": limit,
        "page": page,
        "sortOption": "PRICE",
        "zoneId": ["Magnum_ZONE1"],
        "installationId": "-1",
    }


def offers_page(answer: object) -> OffersPage:
    """Read an answer of the offers call; offers without a merchant or a price are left out."""
    if not isinstance(answer, dict) or "offers" not in answer:
        raise ContractChanged("Ответ Kaspi с предложениями изменился")
    wire = cast("WireOffers", answer)
    rows = readers.rows(wire["offers"])
    total = readers.whole(wire.get("total"))
    if total is None:
        total = readers.whole(wire.get("offersCount"))
    if not rows and total and not isinstance(wire["offers"], list):
        raise ContractChanged("Kaspi насчитал предложения, но не прислал их")
    offers = tuple(found for row in rows if (found := _offer(cast("WireOffer", row))))
    return OffersPage(offers=offers, total=len(rows) if total is None else total)


def found_cards(answer: object) -> tuple[str, ...]:
    """Read the ids of an answer of the product search, the best first (KASPI.md §1.3)."""
    if not isinstance(answer, dict) or "data" not in answer:
        raise ContractChanged("Ответ Kaspi на поиск товаров изменился")
    ids = (readers.text(row.get("id")) for row in readers.rows(answer["data"]))
    return tuple(it for it in ids if it and it.isdigit())


def _offer(wire: WireOffer) -> Offer | None:
    merchant, price = readers.text(wire.get("merchantId")), readers.price(wire.get("price"))
    if merchant is None or price is None:
        return None
    rating = wire.get("merchantRating")
    return Offer(
        merchant_id=merchant,
        merchant_name=readers.text(wire.get("merchantName")) or merchant,
        price=price,
        merchant_sku=readers.text(wire.get("merchantSku")),
        rating=float(rating) if rating else None,
        reviews=readers.whole(wire.get("merchantReviewsQuantity")),
        delivery=_SPEEDS.get(wire.get("deliveryDuration") or ""),
        preorder_days=readers.whole(wire.get("preorder")) or 0,
    )


def merchant_uids(answer: object) -> tuple[str, ...]:
    """Read `/s/m`: the merchants of the signed-in person."""
    merchants = answer.get("merchants") if isinstance(answer, dict) else None
    if not isinstance(merchants, list):
        raise ContractChanged("Ответ кабинета Kaspi о магазинах изменился")
    return tuple(uid for row in readers.rows(merchants) if (uid := readers.text(row.get("uid"))))


def merchant_names(answer: object) -> dict[str, str]:
    """Read `/s/m`: each merchant's name by its uid, the uid itself where there is no name."""
    uids = merchant_uids(answer)
    rows_ = answer["merchants"] if isinstance(answer, dict) else []
    named = {
        readers.text(row.get("uid")): readers.text(row.get("name")) for row in readers.rows(rows_)
    }
    return {uid: named.get(uid) or uid for uid in uids}


def cabinet_page(answer: object) -> CabinetPage:
    """Read a page of the product list."""
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise ContractChanged("Список товаров в кабинете Kaspi изменился")
    products = cabinet_products(answer["data"])
    total = readers.whole(answer.get("total"))
    return CabinetPage(products=products, total=len(products) if total is None else total)


def cabinet_products(answer: object) -> tuple[CabinetProduct, ...]:
    """Read an array of products; a row without a SKU is left out and does not stop the rest."""
    if not isinstance(answer, list):
        raise ContractChanged("Ответ кабинета Kaspi о товарах изменился")
    return tuple(
        product
        for row in readers.rows(answer)
        if (product := _cabinet_product(cast("WireProduct", row)))
    )


def _cabinet_product(wire: WireProduct) -> CabinetProduct | None:
    sku = readers.text(wire.get("sku"))
    if sku is None:
        return None
    cities = _city_prices(wire)
    codes = readers.mapping(wire.get("offerError")).get("errorCodes")
    return CabinetProduct(
        sku=sku,
        offer_id=readers.text(wire.get("offerId")),
        card=_card(wire),
        title=_first(wire, "title", "masterTitle", "masterName") or sku,
        model=readers.text(wire.get("model")),
        brand=_first(wire, "brand", "brandName"),
        category=readers.text(wire.get("masterCategory")),
        image_url=_image(wire),
        is_on_sale=readers.flag(wire.get("available")),
        price=_price(wire, cities),
        city_prices=cities,
        availabilities=_availabilities(wire),
        updated_at=readers.moment(wire.get("updatedAt")),
        error_codes=tuple(map(str, codes)) if isinstance(codes, list) else (),
    )


def _first(wire: WireProduct, *keys: str) -> str | None:
    row = cast("Mapping[str, Any]", wire)
    return next((found for key in keys if (found := readers.text(row.get(key)))), None)


def _card(wire: WireProduct) -> str | None:
    if card := readers.text(wire.get("masterSku")):
        return card
    link = _CARD_IN_LINK.search(readers.text(wire.get("shopLink")) or "")
    return link.group(1) if link else None


def _image(wire: WireProduct) -> str | None:
    for image in readers.rows(wire.get("imagesV2")):
        if url := readers.text(image.get("medium")) or readers.text(image.get("large")):
            return url
    images = wire.get("images")
    location = readers.text(images[0]) if isinstance(images, list) and images else None
    if location is None or location.startswith("https://"):
        return location
    return _IMAGE_URL.format(location.lstrip("/"))


def _price(wire: WireProduct, cities: dict[str, int]) -> int | None:
    """Return the price without cities; `minPrice` stands in only where it is the price everywhere."""
    price = readers.price(wire.get("price"))
    if price is None and not cities and wire.get("minPrice") == wire.get("maxPrice"):
        return readers.price(wire.get("minPrice"))
    return price


def _city_prices(wire: WireProduct) -> dict[str, int]:
    """Collect prices by city; the seller's own `cityPrices` win over what Kaspi spread."""
    everywhere = readers.mapping(wire.get("allCityPrices"))
    named: list[tuple[object, object]] = [
        (city, readers.mapping(row).get("price")) for city, row in everywhere.items()
    ]
    for row in [*readers.rows(wire.get("cities")), *readers.rows(wire.get("cityPrices"))]:
        value = row.get("value")
        named.append((row.get("cityId"), row.get("price") if value is None else value))
    return {
        city: price
        for name, value in named
        if (city := readers.text(name)) and (price := readers.price(value))
    }


def _availabilities(wire: WireProduct) -> tuple[Availability, ...] | None:
    """Read stock by point; None when the answer does not tell it (details name points alone)."""
    rows = [
        cast("WireAvailability", row)
        for row in readers.rows(wire.get("availabilities"))
        if row.get("available") is not None and readers.text(row.get("storeId"))
    ]
    if not rows:
        return None
    levels: dict[str, Any] = {}
    for stock in readers.rows(wire.get("stocks")):
        levels.update(readers.mapping(stock.get("stockLevel")))
    return tuple(_availability(row, readers.mapping(levels.get(row["storeId"]))) for row in rows)


def _availability(wire: WireAvailability, level: Mapping[str, Any]) -> Availability:
    count = readers.whole(wire.get("stockCount"))
    specified = wire.get("stockSpecified")
    is_specified = count is not None if specified is None else readers.flag(specified)
    if count is None and is_specified:
        count = readers.whole(level.get("value"))
    return {
        "storeId": wire["storeId"],
        "available": "yes" if readers.flag(wire.get("available")) else "no",
        "stockCount": count,
        "stockSpecified": is_specified,
        "preOrder": readers.whole(wire.get("preOrder")),
    }


def points(answer: object, merchant_uid: str) -> tuple[Point, ...]:
    """Read the points of a GraphQL `getMerchant`; one whose city is not told is left out."""
    data = readers.mapping(answer).get("data")
    merchant = readers.mapping(data).get("merchant")
    found = readers.mapping(merchant).get("points")
    if not isinstance(found, list):
        raise ContractChanged("Ответ кабинета Kaspi о точках продаж изменился")
    return tuple(point for row in readers.rows(found) if (point := _point(row, merchant_uid)))


def _point(row: Mapping[str, Any], merchant_uid: str) -> Point | None:
    city = readers.mapping(row.get("city"))
    city_id, name = readers.text(city.get("id")), readers.text(row.get("name"))
    point_id = readers.text(row.get("id")) or name
    if city_id is None or point_id is None:
        return None
    code = point_id.removeprefix(f"{merchant_uid}_")
    return {
        "id": f"{merchant_uid}_{code}",
        "name": code,
        "cityId": city_id,
        "cityName": readers.text(city.get("name")) or city_id,
        "enabled": readers.flag(row.get("enabled")),
    }


def feed_change(merchant_uid: str, change: PriceChange) -> FeedChange:
    """Build one change of the price feed: prices by city only, every availability as it was.

    There is never a base `price`: Kaspi would apply it to a city that is not named (defect 6).
    Raises InvalidInput when a city or a point is missing, or a price is not whole tenge.
    """
    if not change.city_prices or not change.availabilities:
        raise InvalidInput("Цену нельзя отправить без городов и точек продаж")
    if any(price <= 0 or price % money.TIYN_IN_TENGE for price in change.city_prices.values()):
        raise InvalidInput("Цена для Kaspi должна быть в целых тенге")
    return {
        "merchantUid": merchant_uid,
        "sku": change.sku,
        "model": change.model,
        "brand": change.brand or "",
        "availabilities": [_feed_availability(row) for row in change.availabilities],
        "cityPrices": [
            {"cityId": city, "value": money.whole_tenge(price)}
            for city, price in change.city_prices.items()
        ],
    }


def _feed_availability(row: Availability) -> FeedAvailability:
    wire: FeedAvailability = {"available": row["available"], "storeId": row["storeId"]}
    if row["preOrder"] is not None:
        wire["preOrder"] = row["preOrder"]
    if row["stockSpecified"] and row["stockCount"] is not None:
        wire["stockCount"] = row["stockCount"]
    return wire


def operation_ids(answer: object) -> tuple[str, ...]:
    """Read what a send returned: one operation, or an array of them."""
    rows = readers.rows(answer if isinstance(answer, list) else [answer])
    found = tuple(number for row in rows if (number := readers.text(row.get("id"))))
    if not found:
        raise ContractChanged("Kaspi не вернул номер операции")
    return found
