"""Kaspi's own shapes (KASPI.md §1, §2, §5), as much of them as we read or send.

Every key may be absent and every value null: `total=False`, and `mapping` reads them tolerantly.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class OffersRequest(TypedDict):
    """Body of `POST /yml/offer-view/offers/{card}`."""

    cityId: str
    id: str
    merchantUID: list[str]
    limit: int
    page: int
    sortOption: str
    zoneId: list[str]
    installationId: str


class WireOffer(TypedDict, total=False):
    """One seller's offer in the shop window; `merchantRating` is absent for stores without reviews."""

    merchantId: str | int
    merchantName: str | None
    merchantSku: str | None
    merchantRating: float | None
    merchantReviewsQuantity: int | None
    price: float
    deliveryDuration: str | None
    preorder: int | None


class WireOffers(TypedDict, total=False):
    """Answer of the offers call."""

    offers: list[WireOffer] | None
    total: int | None
    offersCount: int | None


class WireStock(TypedDict, total=False):
    """`stocks[]` of a cabinet row: the real stock when `stockCount` is null."""

    stockLevel: dict[str, dict[str, float | None] | None] | None


class WireAvailability(TypedDict, total=False):
    """Stock at a point; `available` is "yes"/"no" here, yet a bool on the row."""

    storeId: str
    available: str | bool | None
    preOrder: int | None
    stockCount: float | None
    stockSpecified: bool | None


class WireCityPrice(TypedDict, total=False):
    """A city's price: `value` in `cityPrices`, `price` in `cities` and `allCityPrices`."""

    cityId: str
    value: float | None
    price: float | None


class WireOfferError(TypedDict, total=False):
    """Why an offer is not on sale."""

    errorCodes: list[str] | None


class WireProduct(TypedDict, total=False):
    """A row of `offer-view/list`, or an element of `offer/details`."""

    sku: str
    masterSku: str | None
    offerId: str | None
    title: str | None
    masterTitle: str | None
    masterName: str | None
    model: str | None
    brand: str | None
    brandName: str | None
    masterCategory: str | None
    shopLink: str | None
    images: list[str] | None
    imagesV2: list[dict[str, str]] | None
    available: bool | str | None
    price: float | None
    minPrice: float | None
    maxPrice: float | None
    availabilities: list[WireAvailability] | None
    cityPrices: list[WireCityPrice] | None
    cities: list[WireCityPrice] | None
    allCityPrices: dict[str, WireCityPrice | None] | None
    stocks: list[WireStock] | None
    updatedAt: str | None
    offerError: WireOfferError | None


class FeedAvailability(TypedDict):
    """Stock at a point as the price feed takes it."""

    available: str
    storeId: str
    stockCount: NotRequired[int]
    preOrder: NotRequired[int]


class FeedCityPrice(TypedDict):
    """A city's price as the price feed takes it: whole tenge."""

    cityId: str
    value: int


class FeedChange(TypedDict):
    """Body of `POST /pricefeed/upload/merchant/process`; a batch is an array of these."""

    merchantUid: str
    sku: str
    model: str
    brand: str
    availabilities: list[FeedAvailability]
    cityPrices: list[FeedCityPrice]
