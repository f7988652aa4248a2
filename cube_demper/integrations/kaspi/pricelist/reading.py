"""Reads a seller's price list of any kind that Kaspi takes. Bad files are refused in words.

The kind is told by the content, never by the name or by what the browser says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from cube_demper.core.russian import counted
from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.domain.feed.schemas import FeedOffer, PriceList, Problem
from cube_demper.integrations.kaspi.pricelist import table_reading, xml_reading
from cube_demper.integrations.kaspi.pricelist.lines import MOST_OFFERS, Line

_MOST_PROBLEMS = 1000
_LONGEST_SKU, _LONGEST_MODEL = 100, 500


def read_list(file: IO[bytes]) -> PriceList:
    """Read a whole list. Raises InvalidInput with what to do about it."""
    start = file.read(4096)
    file.seek(0)
    if not xml_reading.looks_like_xml(start):
        return _gather(table_reading.read_table(file))
    merchant_id, name, lines = xml_reading.read_xml(file)
    return _gather(lines, merchant_id=merchant_id, merchant_name=name)


def _gather(
    lines: Iterator[Line] | list[Line], *, merchant_id: str = "", merchant_name: str = ""
) -> PriceList:
    offers: dict[str, FeedOffer] = {}
    problems: list[Problem] = []
    for count, line in enumerate(lines, start=1):
        if count > MOST_OFFERS:
            most = counted(MOST_OFFERS, "товара", "товаров", "товаров")
            raise BadPriceList(f"В файле больше {most}. Разделите его на части.")
        text = _wrong(line, offers)
        if text:
            problems.append(Problem(line.sku[:_LONGEST_SKU], text, line.number))
            if len(problems) > _MOST_PROBLEMS:
                raise BadPriceList(
                    f"Больше {_MOST_PROBLEMS} строк с ошибками. Первая — строка"
                    f" {problems[0].line}: {problems[0].text}"
                )
            continue
        offers[line.sku] = line.offer()
    if not offers:
        why = f" Строка {problems[0].line}: {problems[0].text}" if problems else ""
        raise BadPriceList(f"В файле нет ни одного товара.{why}")
    return PriceList(tuple(offers.values()), tuple(problems), merchant_id, merchant_name)


def _wrong(line: Line, known: dict[str, FeedOffer]) -> str:
    """Say why a line is left out; nothing when it is fine."""
    if line.problem:
        return line.problem
    checks = (
        (not line.sku, "Нет артикула (SKU)."),
        (len(line.sku) > _LONGEST_SKU, "Артикул длиннее 100 знаков."),
        (line.sku in known, "Такой артикул уже есть выше в файле."),
        (not line.model, "Нет названия товара."),
        (len(line.model) > _LONGEST_MODEL, "Название длиннее 500 знаков."),
        (line.price is None and not line.city_prices, "Нет цены."),
        (not line.points, "Нет наличия ни в одной точке (PP1, PP2…)."),
    )
    return next((text for is_wrong, text in checks if is_wrong), "")
