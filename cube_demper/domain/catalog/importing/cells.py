"""From text cells to wishes: what the head means, and what a cell asks for. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE, parse_tenge
from cube_demper.domain.catalog.importing.sheet import CLEAR, HEADINGS, STRATEGIES, Field
from cube_demper.domain.pricing import checks
from cube_demper.models.catalog import Strategy

_KNOWN = {name.lower().replace(".", ""): field for name, field in HEADINGS.items() if field}
_ALSO = {
    "sku": Field.SKU,
    "минимальная цена": Field.MIN,
    "максимальная цена": Field.MAX,
    "закупочная цена": Field.COST,
}
_YES, _NO = {"да", "вкл", "1", "yes", "true"}, {"нет", "выкл", "0", "no", "false"}
_TOP = re.compile(r"топ\s*-?\s*(\d{1,2})")
_MAY_CLEAR = {Field.COST, Field.MIN, Field.MAX, Field.STEP}

Wish = object
"""A value of the column: tiyn, a bool, a strategy with its place, or None («удалить»)."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one row asks for; a blank cell is not in `values`."""

    number: int
    sku: str
    merchant_id: str
    values: Mapping[Field, Wish]
    trouble: str = ""
    """Why the row cannot be read."""


def read_head(cells: Sequence[str]) -> dict[Field, int]:
    """Return which column holds what. Raises InvalidInput when the sheet cannot be used."""
    names = [_normal(cell) for cell in cells]
    fields = [_KNOWN.get(name) or _ALSO.get(name) for name in names]
    counts = Counter(field for field in fields if field)
    if Field.SKU not in counts:
        seen = ", ".join(f"«{cell[:30]}»" for cell in cells[:6] if cell)
        raise InvalidInput(f"Не нашли столбец «Артикул». В файле: {seen}.")
    twice = [field for field, count in counts.items() if count > 1]
    if twice:
        name = next(cell for cell, field in zip(cells, fields, strict=True) if field is twice[0])
        raise InvalidInput(f"Столбец «{name}» встречается дважды. Оставьте один.")
    if not set(counts) - {Field.SKU, Field.STORE}:
        raise InvalidInput(
            "Нет ни одного столбца, который можно изменить: «Мин. цена», «Макс. цена», "
            "«Себестоимость», «Шаг», «Стратегия», «Бот», «Приоритет»."
        )
    return {field: place for place, field in enumerate(fields) if field}


def read_wishes(number: int, cells: Sequence[str], head: Mapping[Field, int]) -> Wishes:
    """Read one row; what cannot be understood is its `trouble`."""
    given = {field: cells[place] for field, place in head.items() if place < len(cells)}
    sku = given.pop(Field.SKU, "")
    merchant_id = given.pop(Field.STORE, "")
    values: dict[Field, Wish] = {}
    trouble = "" if sku else "нет артикула"
    for field, cell in given.items():
        if not cell:
            continue
        try:
            values[field] = _wish(field, cell)
        except InvalidInput as error:
            name = next(name for name, known in HEADINGS.items() if known is field)
            trouble = trouble or f"«{name}»: {error.message}"
    return Wishes(number, sku[:200], merchant_id, values, trouble)


def _normal(cell: str) -> str:
    text = cell.lower().replace("ё", "е").replace("\u00a0", " ").replace(".", "")
    text = re.sub(r"[,(]?\s*(₸|тенге|тг)\)?$", "", text)
    return " ".join(text.split())


def _wish(field: Field, cell: str) -> Wish:
    text = cell.lower().strip()
    if text == CLEAR:
        if field not in _MAY_CLEAR:
            raise InvalidInput("здесь нельзя удалить, напишите значение.")
        return None
    if field in (Field.BOT, Field.PRIORITY):
        return _flag(text)
    if field is Field.STRATEGY:
        return _strategy(text)
    if field is Field.COST:
        return _exact(cell)
    return parse_tenge(cell)


def _flag(text: str) -> bool:
    if text in _YES or text in _NO:
        return text in _YES
    raise InvalidInput("напишите «да» или «нет».")


def _strategy(text: str) -> tuple[Strategy, int | None]:
    if known := STRATEGIES.get(text):
        return known, None
    if found := _TOP.fullmatch(text):
        return Strategy.STAY_TOP_N, checks.check_top_n(int(found[1]))
    raise InvalidInput("напишите «На шаг ниже», «Всегда первый» или «Топ-3».")


def _exact(cell: str) -> int:
    """Read tenge with tiyn («12 990,50») into tiyn."""
    clean = re.sub(r"[\s\u00a0\u202f₸]", "", cell).replace(",", ".")
    try:
        value = Decimal(clean) * TIYN_IN_TENGE
    except InvalidOperation:
        raise InvalidInput("Введите сумму цифрами, например 12 990,50.") from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value < 10**14:
        raise InvalidInput("Введите сумму не меньше нуля, не точнее тиына.")
    return int(value)
