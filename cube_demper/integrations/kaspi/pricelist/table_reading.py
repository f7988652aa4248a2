"""Reads a price list that is a table, XLSX or CSV: SKU, model, brand, price, PP1…, preorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.integrations.kaspi.pricelist.lines import (
    MOST_OFFERS,
    MOST_PREORDER,
    BadCell,
    Line,
    is_point,
    read_count,
    read_point,
    read_price,
)
from cube_demper.integrations.spreadsheets.reader import SheetLimits, read_lines

LIMITS = SheetLimits(rows=MOST_OFFERS, unpacked=300 * 2**20)
_NEEDED = ("sku", "model", "price")
_WORDS = {
    "sku": "sku",
    "артикул": "sku",
    "model": "model",
    "название": "model",
    "модель": "model",
    "brand": "brand",
    "бренд": "brand",
    "price": "price",
    "цена": "price",
    "preorder": "preorder",
    "предзаказ": "preorder",
}


def read_table(file: IO[bytes]) -> Iterator[Line]:
    """Read the first sheet under the names of its columns. Raises InvalidInput, also on the way."""
    rows = read_lines(file, LIMITS)
    head = _heading(next(rows)[1])
    for number, row in rows:
        yield _line(row, head, number)


def _heading(row: Sequence[str]) -> dict[str, int]:
    """Return where each column stands. Raises BadPriceList naming those that are missing."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        word = cell.strip().lower().replace("ё", "е")
        name = word.upper() if is_point(word) else _WORDS.get(word)
        if name:
            found.setdefault(name, index)
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise BadPriceList(
            f"В первой строке нет столбцов: {', '.join(missing)}."
            " Нужны SKU, model, brand, price, PP1, PP2…, preorder."
        )
    if not any(is_point(name) for name in found):
        raise BadPriceList("Нет ни одного столбца с точкой: PP1, PP2…")
    return found


def _line(row: Sequence[str], head: dict[str, int], number: int) -> Line:
    def cell(name: str) -> str:
        index = head.get(name)
        return row[index].strip() if index is not None and index < len(row) else ""

    line = Line(number, sku=cell("sku"), model=" ".join(cell("model").split()), brand=cell("brand"))
    try:
        if price := cell("price"):
            line.price = read_price(price)
        wait = cell("preorder")
        days = read_count(wait, most=MOST_PREORDER, what="Предзаказ") or None if wait else None
        line.points = [read_point(name, cell(name), days) for name in head if is_point(name)]
    except BadCell as error:
        line.problem = str(error)
    return line
