"""Reads a price list that is a table, XLSX or CSV: SKU, model, brand, price, PP1…, preorder."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from openpyxl import load_workbook

from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.integrations.kaspi.pricelist.lines import (
    MOST_PREORDER,
    BadCell,
    Line,
    is_point,
    read_count,
    read_point,
    read_price,
)

MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes of an XLSX once unpacked: a bomb of zeroes ends here."""
_NEEDED = ("sku", "model", "price")
_MOST_COLUMNS = 60
_ENCODINGS = ("utf-8-sig", "cp1251")
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


def read_xlsx(file: IO[bytes]) -> Iterator[Line]:
    """Read the first sheet; formulas count by the value that was saved. Raises BadPriceList."""
    try:
        _check_unpacked(file)
        book = load_workbook(file, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, values_only=True)
        yield from _lines([_shown(cell) for cell in row] for row in rows)
    except BadPriceList:
        raise
    # A broken file fails anywhere inside the library, in ways that it does not name.
    except Exception as error:
        raise BadPriceList(
            "Файл .xlsx повреждён: откройте его в Excel и сохраните заново."
        ) from error


def _check_unpacked(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as packed:
        if sum(it.file_size for it in packed.infolist()) > MOST_UNPACKED:
            raise BadPriceList("Файл слишком большой, если его распаковать.")
    file.seek(0)


def read_csv(file: IO[bytes]) -> Iterator[Line]:
    """Read a table of text; comma, semicolon or tab, UTF-8 or Windows-1251. Raises BadPriceList."""
    text = _decoded(file.read())
    head = text.split("\n", 1)[0]
    mark = max(";,\t", key=head.count)
    try:
        yield from _lines(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise BadPriceList(f"Таблица не читается: {error}.") from None


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    if b"\x00" in body:
        raise BadPriceList
    for encoding in _ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadPriceList("Не удалось узнать кодировку: сохраните файл в UTF-8.")


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    head: dict[str, int] | None = None
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if head is None:
            head = _heading(row)
            continue
        yield _line(row, head, number)
    if head is None:
        raise BadPriceList("Файл пустой.")


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


def _shown(cell: object) -> str:
    """Return a cell as the sheet shows it: 232130213.0 is the SKU «232130213»."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)
