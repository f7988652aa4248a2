"""Automatic price lists: once an hour each store's file is taken and read as Kaspi does (KASPI.md §6).

The file is the whole assortment: what it lacks goes off sale. A file that cannot be had changes nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import aiohttp
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cube_demper.sandbox.journal import Journal
from cube_demper.sandbox.market import Market
from cube_demper.sandbox.world import Stock, StoreListing

_NS = "{kaspiShopping}"
_MOST_ERRORS = 50
_TIMEOUT = aiohttp.ClientTimeout(total=120)
AGENT = "KaspiPriceListLoader/1.0"


@dataclass(slots=True)
class Subscription:
    """One store's automatic loading, as its cabinet would show it."""

    store: str
    url: str
    every: float = 3600.0
    next_at: float = 0.0
    etag: str = ""
    pulled_at: float | None = None
    status: int = 0
    note: str = ""
    offers: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)


class BadFile(ValueError):
    """A file that is refused whole."""


class Feeds:
    """Takes the price lists that stores have entered."""

    def __init__(self, market: Market, journal: Journal) -> None:
        """Apply what is read to `market`."""
        self._market, self._journal = market, journal
        self.of_store: dict[str, Subscription] = {}
        self._busy: set[str] = set()

    def subscribe(self, store: str, url: str, now: float) -> Subscription:
        """Load this address from now on, at once and then every hour; an empty one ends it."""
        self.of_store.pop(store, None)
        subscription = Subscription(store, url, next_at=now)
        if url:
            self.of_store[store] = subscription
        return subscription

    async def pull_due(self, now: float) -> None:
        """Take every file whose hour has come; one that is still being taken is left alone."""
        due = [it for it in self.of_store.values() if it.next_at <= now]
        await asyncio.gather(*(self.pull(it, now) for it in due if it.store not in self._busy))

    async def pull(self, it: Subscription, now: float) -> None:
        """Take one file and read it."""
        self._busy.add(it.store)
        it.next_at, it.pulled_at = now + it.every, now
        try:
            body = await self._fetch(it)
            if body is not None:
                self._read(it, body, now)
        except (aiohttp.ClientError, TimeoutError) as error:
            it.status, it.note = 0, f"не удалось забрать: {type(error).__name__}"
        except BadFile as error:
            it.note = f"файл не принят: {error}"
        finally:
            self._busy.discard(it.store)
        self._journal.write(
            "feed", now, store=it.store, status=it.status, offers=it.offers,
            errors=len(it.errors), note=it.note,
        )  # fmt: skip

    def dump(self) -> list[dict[str, Any]]:
        """Return what a restart must not forget."""
        return [asdict(it) for it in self.of_store.values()]

    def load(self, saved: list[dict[str, Any]]) -> None:
        """Take it up again."""
        self.of_store = {it["store"]: Subscription(**it) for it in saved}

    async def _fetch(self, it: Subscription) -> bytes | None:
        headers = {"User-Agent": AGENT} | ({"If-None-Match": it.etag} if it.etag else {})
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.get(it.url, headers=headers) as answer,
        ):
            it.status = answer.status
            body = await answer.read()
            if answer.status == 200:
                it.etag = answer.headers.get("ETag", "")
                return body
            it.note = (
                "без изменений" if answer.status == 304 else body.decode(errors="replace")[:300]
            )
            return None

    def _read(self, it: Subscription, body: bytes, now: float) -> None:
        offers = _offers(body, it.store)
        listings = {listing.sku: listing for listing in self._market.goods(it.store)}
        it.errors = []
        for sku, offer in offers.items():
            listing = listings.get(sku)
            error = "UNKNOWN_SKU" if listing is None else apply_offer(listing, offer, now)
            if error and len(it.errors) < _MOST_ERRORS:
                it.errors.append({"sku": sku, "code": error})
        for sku, listing in listings.items():
            if sku not in offers and listing.is_on_sale:
                _take_off(listing, now)
            self._market.note_change(listing.card_id)
        it.offers, it.note = len(offers), "принят"


def apply_offer(listing: StoreListing, offer: Element, now: float) -> str:
    """Make a listing what the file says; return the code of what is wrong with it, else nothing."""
    stocks = _stocks(listing, offer)
    if not any(stock["available"] for stock in stocks.values()):
        _take_off(listing, now)
        return "NO_AVAILABILITIES"
    try:
        prices = _prices(listing, offer)
    except ValueError:
        return "WRONG_PRICE"
    if not prices:
        return "NO_PRICE"
    listing.stocks, listing.prices = stocks, listing.prices | prices
    listing.by_city = offer.find(f"{_NS}price") is None
    if listing.removed_at is not None:
        listing.removed_at = None
        listing.updates.append(("ON_SALE", now))
    listing.updated_at = now
    return ""


def _offers(body: bytes, store: str) -> dict[str, Element]:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException) as error:
        raise BadFile(f"не XML ({error})") from None
    if root.tag != f"{_NS}kaspi_catalog" or root.findtext(f"{_NS}merchantid") != store:
        raise BadFile("не тот магазин или не прайс-лист")
    offers = {it.attrib.get("sku", ""): it for it in root.iter(f"{_NS}offer")}
    if not offers:
        raise BadFile("нет ни одного товара")
    return offers


def _prices(listing: StoreListing, offer: Element) -> dict[str, int]:
    single = offer.findtext(f"{_NS}price")
    if single is not None:
        return dict.fromkeys(listing.prices, _whole(single))
    return {
        it.attrib["cityId"]: _whole(it.text or "")
        for it in offer.iter(f"{_NS}cityprice")
        if it.attrib.get("cityId") in listing.prices
    }


def _whole(text: str) -> int:
    price = int(text)
    if price < 1:
        raise ValueError(text)
    return price


def _stocks(listing: StoreListing, offer: Element) -> dict[str, Stock]:
    codes = {point.code for point in listing.merchant.points}
    return {
        it.attrib["storeId"]: Stock(
            available=it.attrib.get("available") == "yes",
            stockCount=int(float(it.attrib["stockCount"])) if "stockCount" in it.attrib else None,
            stockSpecified="stockCount" in it.attrib,
            preOrder=int(it.attrib["preOrder"]) if "preOrder" in it.attrib else None,
        )
        for it in offer.iter(f"{_NS}availability")
        if it.attrib.get("storeId") in codes
    }


def _take_off(listing: StoreListing, now: float) -> None:
    listing.stocks = {}
    if listing.removed_at is None:
        listing.removed_at = now
        listing.updates.append(("REMOVE", now))
