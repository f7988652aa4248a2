"""When the price list may be given, and how goods read from one are known. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cube_demper.domain.feed.schemas import Facts, Refusal, RefusalCode

MAX_SHORTFALL_PERCENT = 10
"""Chosen: more than this missing at once is a broken catalogue rather than a seller's clearing out."""
MAX_SHORTFALL_GOODS = 5
"""Fewer missing than this are never too many: a store of ten goods may take two off sale."""
CATALOGUE_GOOD_FOR = timedelta(hours=24)
"""Four missed syncs (KASPI_SYNC_INTERVAL); a list that the seller uploaded does not grow old."""
UNPULLED_AFTER = timedelta(hours=3)
"""Kaspi asks about once an hour (KASPI.md §6): three missed turns are no delay any more."""

_ALMATY = "750000000"
_KASPI_SKU = re.compile(r"(\d{6,12})_\d+")
_CARD_LINK = re.compile(r"kaspi\.kz/shop/p/[^?#\s]*?-?(\d{6,12})/?(?:[?#]|$)")
_CARD_ID = re.compile(r"\d{6,12}")


def refusal_of(facts: Facts, now: datetime) -> Refusal | None:
    """Say why the file must not be given now; None when it may."""
    code = _code(facts, now)
    return Refusal(code, _text(code, facts)) if code else None


def is_short(offers: int, published: int) -> bool:
    """Tell whether a file of so many goods, after one of `published`, would clear the window."""
    missing = published - offers
    is_many = missing * 100 > published * MAX_SHORTFALL_PERCENT
    return is_many and missing > MAX_SHORTFALL_GOODS


def card_of_sku(sku: str) -> str | None:
    """Return the card's id out of Kaspi's own SKU («102298404_940231519»), None for a seller's own."""
    found = _KASPI_SKU.fullmatch(sku)
    return found[1] if found else None


def card_of_text(text: str) -> str | None:
    """Return the card's id out of what a seller pasted: its number, or the address of its page."""
    clean = text.strip()
    if _CARD_ID.fullmatch(clean):
        return clean
    found = _CARD_LINK.search(clean)
    return found[1] if found else None


def bare_point(point_id: str, merchant_id: str) -> str:
    """Return «PP1» of «30000001_PP1»: the file names points without the merchant."""
    return point_id.removeprefix(f"{merchant_id}_")


def home_city(points: Sequence[Mapping[str, object]]) -> str:
    """Return Almaty if a point is there, else the city with most points (DESIGN §4)."""
    cities = Counter(str(point["cityId"]) for point in points)
    if not cities or _ALMATY in cities:
        return _ALMATY
    return min(cities, key=lambda city: (-cities[city], city))


def _code(facts: Facts, now: datetime) -> RefusalCode | None:
    checks = (
        (facts.is_owner_blocked, RefusalCode.OWNER_BLOCKED),
        (not facts.is_active, RefusalCode.STORE_OFF),
        (not facts.is_feed, RefusalCode.OTHER_CHANNEL),
        (facts.points == 0, RefusalCode.NO_POINTS),
        (facts.synced_at is None, RefusalCode.NEVER_READ),
        (_is_old(facts, now), RefusalCode.TOO_OLD),
        (facts.offers == 0, RefusalCode.EMPTY),
        (is_short(facts.offers, facts.published), RefusalCode.SHORT),
    )
    return next((code for holds, code in checks if holds), None)


def _is_old(facts: Facts, now: datetime) -> bool:
    return (
        facts.is_from_cabinet
        and facts.synced_at is not None
        and now - facts.synced_at > CATALOGUE_GOOD_FOR
    )


def _text(code: RefusalCode, facts: Facts) -> str:
    texts = {
        RefusalCode.OWNER_BLOCKED: "Доступ продавца приостановлен.",
        RefusalCode.STORE_OFF: "Магазин отключён.",
        RefusalCode.OTHER_CHANNEL: "Магазин отправляет цены через кабинет, а не прайс-листом.",
        RefusalCode.NO_POINTS: "Нет ни одной включённой точки выдачи: так Kaspi снял бы все товары.",
        RefusalCode.NEVER_READ: "Каталог ещё не прочитан целиком.",
        RefusalCode.TOO_OLD: (
            "Каталог не обновлялся больше суток: войдите в Kaspi или загрузите прайс-лист."
        ),
        RefusalCode.EMPTY: "В каталоге нет ни одного товара в продаже.",
        RefusalCode.SHORT: (
            f"В прайс-листе осталось {facts.offers} из {facts.published} товаров:"
            " остальные Kaspi снял бы с продажи."
        ),
    }
    return texts[code]
