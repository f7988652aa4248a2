"""Reads `kaspi_catalog`, one offer at a time. Entities and document types are refused, not expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.domain.feed.schemas import FeedPoint
from cube_demper.integrations.kaspi.pricelist.lines import (
    MOST_PREORDER,
    MOST_STOCK,
    BadCell,
    Line,
    is_point,
    read_count,
    read_price,
)

_NS = "{kaspiShopping}"
_CITY = re.compile(r"\d{9}")


def looks_like_xml(start: bytes) -> bool:
    """Tell by its first bytes whether a file is XML."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def read_xml(file: IO[bytes]) -> tuple[str, str, Iterator[Line]]:
    """Return merchant id, company and the offers, which are read as they are asked for.

    Raises BadPriceList, the iterator too.
    """
    steps = _elements(file)
    merchant_id = name = ""
    first: list[Element] = []
    for element in steps:
        if element.tag == "company":
            name = (element.text or "").strip()
        elif element.tag == "merchantid":
            merchant_id = (element.text or "").strip()
        elif element.tag == "offer":
            first.append(element)
            break
    lines = (_line(offer, number) for number, offer in _offers(chain(first, steps)))
    return merchant_id, name, lines


def _offers(elements: Iterator[Element]) -> Iterator[tuple[int, Element]]:
    number = 0
    for element in elements:
        if element.tag == "offer":
            number += 1
            yield number, element


def _elements(file: IO[bytes]) -> Iterator[Element]:
    """Yield elements as they end, names without the namespace."""
    root: Element | None = None
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if root is None:
                root = _checked_root(element)
            if event == "end":
                element.tag = element.tag.removeprefix(_NS)
                yield element
                if element.tag == "offer":
                    element.clear()
    except DefusedXmlException:
        raise BadPriceList(
            "В файле есть описания сущностей или DTD: такие файлы не читаем."
        ) from None
    except (ParseError, LookupError, ValueError) as error:
        raise BadPriceList(f"Файл повреждён или не дописан: {error}.") from None


def _checked_root(element: Element) -> Element:
    if element.tag.removeprefix(_NS) != "kaspi_catalog":
        raise BadPriceList("Это XML, но не прайс-лист Kaspi: нет kaspi_catalog.")
    return element


def _line(offer: Element, number: int) -> Line:
    line = Line(number, sku=offer.attrib.get("sku", "").strip())
    line.model, line.brand = _text(offer, "model"), _text(offer, "brand")
    try:
        if price := _text(offer, "price"):
            line.price = read_price(price)
        line.city_prices = dict(map(_city_price, offer.iter("cityprice")))
        line.points = [_point(it) for it in offer.iter("availability")]
    except BadCell as error:
        line.problem = str(error)
    return line


def _city_price(element: Element) -> tuple[str, int]:
    city = element.attrib.get("cityId", "").strip()
    if not _CITY.fullmatch(city):
        raise BadCell(f"Город «{city[:30]}» — не код из девяти цифр.")
    return city, read_price(element.text or "")


def _point(element: Element) -> FeedPoint:
    given = element.attrib
    code = given.get("storeId", "").strip()
    # A file saved from a cabinet may name the point with its merchant: «30000001_PP1».
    code = code.rpartition("_")[2]
    if not is_point(code):
        raise BadCell(f"Точка «{code[:30]}» не похожа на PP1, PP2…")
    stock, wait = given.get("stockCount"), given.get("preOrder")
    return FeedPoint(
        code=code.upper(),
        is_available=given.get("available", "").strip().lower() == "yes",
        stock=read_count(stock, most=MOST_STOCK, what=f"Наличие в {code}") if stock else None,
        pre_order=read_count(wait, most=MOST_PREORDER, what="Предзаказ") or None if wait else None,
    )


def _text(offer: Element, name: str) -> str:
    return " ".join((offer.findtext(name) or "").split())
