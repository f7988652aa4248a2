"""A sheet of batches: what its head means and what a row tells. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.economics.conditions import MOST_MONEY
from cube_demper.models.catalog import Product


class Field(StrEnum):
    """What a column is about."""

    SKU = "Артикул"
    STORE = "Код магазина"
    DAY = "Дата"
    QUANTITY = "Количество"
    COST = "Цена закупки"
    NOTE = "Примечание"


TEMPLATE = (
    "Артикул",
    "Название",
    "Код магазина",
    "Дата",
    "Количество",
    "Цена закупки",
    "Примечание",
)
WIDTHS = (18, 48, 14, 12, 12, 14, 30)
_ALSO = {
    "sku": Field.SKU,
    "дата закупки": Field.DAY,
    "дата поступления": Field.DAY,
    "кол-во": Field.QUANTITY,
    "себестоимость": Field.COST,
    "закупочная цена": Field.COST,
    "комментарий": Field.NOTE,
}
_KNOWN = {field.value.lower(): field for field in Field} | _ALSO
_NEEDED = (Field.SKU, Field.DAY, Field.QUANTITY, Field.COST)
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00)?")
"""Excel's own dates come with the midnight they begin at."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row: a batch, or the `trouble` for which it cannot be read."""

    number: int
    sku: str
    merchant_id: str
    bought_on: date = date.min
    quantity: int = 0
    unit_cost: int = 0
    note: str = ""
    trouble: str = ""


def read_head(cells: Sequence[str]) -> dict[Field, int]:
    """Return which column holds what. Raises InvalidInput when the sheet cannot be used."""
    fields = [_KNOWN.get(_normal(cell)) for cell in cells]
    counts = Counter(field for field in fields if field)
    if missing := [f"«{field}»" for field in _NEEDED if field not in counts]:
        seen = ", ".join(f"«{cell[:30]}»" for cell in cells[:6] if cell)
        raise InvalidInput(f"Не нашли столбцы: {', '.join(missing)}. В файле: {seen}.")
    if twice := [field for field, count in counts.items() if count > 1]:
        raise InvalidInput(f"Столбец «{twice[0]}» встречается дважды. Оставьте один.")
    return {field: place for place, field in enumerate(fields) if field}


def template_row(product: Product, _store_name: str, merchant_id: str) -> tuple[object, ...]:
    """Write a product as a row of the template: what was bought is for the seller to fill in."""
    return (product.kaspi_sku, product.name, merchant_id, "", "", "", "")


def is_filled(cells: Sequence[str], head: Mapping[Field, int]) -> bool:
    """Tell whether a row says anything of a batch: of the template's rows most are left as they were."""
    places = (head[it] for it in (Field.DAY, Field.QUANTITY, Field.COST))
    return any(at < len(cells) and cells[at] for at in places)


def read_row(number: int, cells: Sequence[str], head: Mapping[Field, int]) -> BatchRow:
    """Read one row; what cannot be understood is its `trouble`."""
    given = {field: cells[place] for field, place in head.items() if place < len(cells)}
    sku, merchant_id = given.get(Field.SKU, "")[:200], given.get(Field.STORE, "")
    if not sku:
        return BatchRow(number, sku, merchant_id, trouble="нет артикула")
    try:
        return BatchRow(
            number,
            sku,
            merchant_id,
            _day(given.get(Field.DAY, "")),
            _quantity(given.get(Field.QUANTITY, "")),
            _money(given.get(Field.COST, "")),
            given.get(Field.NOTE, "")[:200],
        )
    except InvalidInput as error:
        return BatchRow(number, sku, merchant_id, trouble=error.message)


def _normal(cell: str) -> str:
    text = cell.lower().replace("\u00a0", " ")
    text = re.sub(r"[,(]?\s*(₸|тенге|тг|шт)\.?\)?$", "", text)
    return " ".join(text.split())


def _day(cell: str) -> date:
    try:
        if found := _ISO_DAY.fullmatch(cell):
            return date.fromisoformat(found[1])
        if found := _DAY.fullmatch(cell):
            year = int(found[3])
            return date(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))
    except ValueError:
        pass  # the 31st of a short month, told below
    raise InvalidInput("дата: напишите как 27.11.2026")


def _number(cell: str) -> Decimal:
    try:
        value = Decimal(re.sub(r"[\s\u00a0\u202f₸]", "", cell).replace(",", "."))
    except InvalidOperation:
        raise InvalidInput("нужно число") from None
    if not value.is_finite() or not 0 <= value <= MOST_MONEY:
        raise InvalidInput("нужно число не меньше нуля")
    return value


def _quantity(cell: str) -> int:
    value = _number(cell) if cell else Decimal(0)
    if value < 1 or value != value.to_integral_value():
        raise InvalidInput("количество: целое число от 1")
    return int(value)


def _money(cell: str) -> int:
    """Read tenge, perhaps with tiyn. A blank cost is no cost, not a free batch."""
    if not cell:
        raise InvalidInput("нет цены закупки")
    tiyn = _number(cell) * TIYN_IN_TENGE
    if tiyn != tiyn.to_integral_value() or tiyn > MOST_MONEY:
        raise InvalidInput("цена закупки: сумма до 100 млн ₸, не точнее тиына")
    return int(tiyn)
