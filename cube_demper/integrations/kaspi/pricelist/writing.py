"""Writes `kaspi_catalog`: exact names, order of children, bare point codes (KASPI.md §6). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import whole_tenge
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint

TAIL = b"  </offers>\n</kaspi_catalog>\n"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def head(merchant_id: str, company: str, date: datetime) -> bytes:
    """Return the file up to its first offer."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<kaspi_catalog date="{date.astimezone(ALMATY).isoformat(timespec="seconds")}"'
        ' xmlns="kaspiShopping" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="kaspiShopping http://kaspi.kz/kaspishopping.xsd">\n'
        f"  <company>{_text(company)}</company>\n"
        f"  <merchantid>{_text(merchant_id)}</merchantid>\n"
        "  <offers>\n"
    ).encode()


def offers(found: Iterable[FeedOffer]) -> bytes:
    """Return these offers."""
    return "".join(map(_offer, found)).encode()


def _offer(offer: FeedOffer) -> str:
    brand = f"<brand>{_text(offer.brand)}</brand>" if offer.brand else ""
    return (
        f"    <offer sku={_attribute(offer.sku)}><model>{_text(offer.model)}</model>{brand}"
        f"<availabilities>{''.join(map(_point, offer.points))}</availabilities>"
        f"{_prices(offer)}</offer>\n"
    )


def _point(point: FeedPoint) -> str:
    word = "yes" if point.is_available else "no"
    more = f' preOrder="{point.pre_order}"' if point.pre_order is not None else ""
    if point.stock is not None:
        more += f' stockCount="{point.stock}"'
    return f'<availability available="{word}" storeId={_attribute(point.code)}{more}/>'


def _prices(offer: FeedOffer) -> str:
    if offer.price is not None:
        return f"<price>{whole_tenge(offer.price)}</price>"
    cities = "".join(
        f"<cityprice cityId={_attribute(city)}>{whole_tenge(price)}</cityprice>"
        for city, price in sorted(offer.city_prices.items())
    )
    return f"<cityprices>{cities}</cityprices>"


def _text(text: str) -> str:
    return escape(" ".join(_NOT_XML.sub("", text).split()))


@lru_cache(maxsize=1024)
def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
