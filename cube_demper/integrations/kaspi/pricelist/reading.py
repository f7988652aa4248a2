"""Reads a seller's price list of any kind that Kaspi takes. Bad files are refused in words.

The kind is told by the content, never by the name or by what the browser says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.domain.feed.schemas import FeedOffer, PriceList, Problem
from cube_demper.integrations.kaspi.pricelist import table_reading, xml_reading
from cube_demper.integrations.kaspi.pricelist.lines import Line

MOST_OFFERS = 100_000
"""Chosen: over any cabinet seen (60,000); a sheet of 200,000 lines is a mistake or an attack."""
_MOST_PROBLEMS = 1000
_LONGEST_SKU, _LONGEST_MODEL = 100, 500


def read_list(file: IO[bytes]) -> PriceList:
    """Read a whole list. Raises BadPriceList with what to do about it."""
    start = file.read(4096)
    file.seek(0)
    if not start.strip():
        raise BadPriceList("Файл пустой.")
    if start.startswith(b"PK"):
        return _gather(table_reading.read_xlsx(file))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadPriceList(
            "Старый формат .xls не подходит: сохраните файл как .xlsx, .csv или XML."
        )
    if xml_reading.looks_like_xml(start):
        merchant_id, name, lines = xml_reading.read_xml(file)
        return _gather(lines, merchant_id=merchant_id, merchant_name=name)
    return _gather(table_reading.read_csv(file))


def _gather(
    lines: Iterator[Line] | list[Line], *, merchant_id: str = "", merchant_name: str = ""
) -> PriceList:
    offers: dict[str, FeedOffer] = {}
    problems: list[Problem] = []
    for count, line in enumerate(lines, start=1):
        if count > MOST_OFFERS:
            raise BadPriceList(f"В файле больше {MOST_OFFERS} строк: разделите его.")
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
