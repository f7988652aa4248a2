"""Which column of a report holds what: known headings with their synonyms, and the seller's own choice.

Kaspi Pay's report of operations has about forty columns under some lines of text; other exports (1С, an
accountant's own sheet) have a few of them under other names. A sheet without the needed ones is refused
with what was found and what is missing, and the seller may choose by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cube_demper.core.errors import InvalidInput


class Field(StrEnum):
    """What a column is about."""

    ORDER = "order"
    DATE = "date"
    GROSS = "gross"
    COMMISSION = "commission"
    OPERATION = "operation"
    TIME = "time"
    NET = "net"
    CARD_FEE = "card_fee"
    GUARANTEE = "guarantee"
    TRAVEL = "travel"
    KASPI_PAY = "kaspi_pay"
    DELIVERY = "delivery"
    BONUS = "bonus"
    REVIEW_BONUS = "review_bonus"
    CURRENCY = "currency"
    DOCUMENT = "document"
    DETAILS = "details"


NEEDED = (Field.ORDER, Field.DATE, Field.GROSS, Field.COMMISSION)
FEES = (
    Field.COMMISSION, Field.CARD_FEE, Field.GUARANTEE, Field.TRAVEL,
    Field.KASPI_PAY, Field.DELIVERY, Field.BONUS, Field.REVIEW_BONUS,
)  # fmt: skip
NAMES: Mapping[Field, str] = {
    Field.ORDER: "Номер заказа",
    Field.DATE: "Дата операции",
    Field.GROSS: "Сумма операции",
    Field.COMMISSION: "Комиссия",
    Field.OPERATION: "Тип операции",
    Field.TIME: "Время",
    Field.NET: "Сумма к зачислению",
    Field.CARD_FEE: "Комиссия по карте",
    Field.GUARANTEE: "Обеспечение платежа",
    Field.TRAVEL: "Комиссия Kaspi Travel",
    Field.KASPI_PAY: "Комиссия Kaspi Pay",
    Field.DELIVERY: "Kaspi Доставка",
    Field.BONUS: "Бонусы на товар",
    Field.REVIEW_BONUS: "Бонусы за отзыв",
    Field.CURRENCY: "Валюта",
    Field.DOCUMENT: "Номер документа",
    Field.DETAILS: "Детали покупки",
}
_SYNONYMS: Mapping[Field, tuple[str, ...]] = {
    Field.ORDER: (
        "номер заказа (id/rrn)", "номер заказа", "№ заказа", "заказ", "код заказа", "id заказа",
        "номер заказа kaspi", "rrn",
    ),
    Field.DATE: (
        "дата операции", "дата и время операции", "дата", "дата продажи", "дата платежа",
        "дата учета операции", "дата зачисления",
    ),
    Field.GROSS: (
        "сумма операции", "сумма заказа", "сумма продажи", "сумма покупки", "сумма", "оборот",
        "стоимость заказа",
    ),
    Field.COMMISSION: (
        "комиссия за операции", "комиссия за операцию", "комиссия магазина", "комиссия kaspi",
        "комиссия магазина на kaspi.kz", "комиссия", "комиссия банка", "сумма комиссии",
    ),
    Field.OPERATION: ("тип операции", "операция", "вид операции", "тип"),
    Field.TIME: ("время", "время операции"),
    Field.NET: (
        "сумма к зачислению/списанию", "сумма к зачислению", "к зачислению", "к выплате",
        "сумма к выплате", "сумма выплаты", "итого к зачислению", "зачислено", "выплачено",
    ),
    Field.CARD_FEE: ("комиссия за операции по карте",),
    Field.GUARANTEE: ("комиссия за обеспечение платежа",),
    Field.TRAVEL: ("комиссия kaspi travel",),
    Field.KASPI_PAY: ("комиссия kaspi pay", "kaspi pay"),
    Field.DELIVERY: (
        "стоимость услуги за kaspi доставку", "стоимость kaspi доставки", "kaspi доставка",
        "доставка", "стоимость доставки", "комиссия за доставку",
    ),
    Field.BONUS: (
        "оплата услуг за акцию бонусы на товар", "оплата услуг за акцию бонусы", "бонусы на товар",
        "бонусы от продавца", "бонусы",
    ),
    Field.REVIEW_BONUS: ("оплата услуг за акцию бонусы за отзыв", "бонусы за отзыв"),
    Field.CURRENCY: ("валюта", "валюта операции"),
    Field.DOCUMENT: (
        "№ документа покупки/возврата", "номер документа покупки/возврата", "номер документа",
        "№ документа", "id операции", "номер операции",
    ),
    Field.DETAILS: ("детали покупки", "название товара", "товар", "наименование товара", "описание"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _SYNONYMS.items() for name in names}
_RANK = {name: rank for names in _SYNONYMS.values() for rank, name in enumerate(names)}
_MONEY_UNIT = re.compile(r"(?:[,(]\s*|\s)(₸|тенге|тнг|тг|kzt|т)\.?\)?$")
_SECRET = re.compile(r"карт[ыа]|телефон|клиент|покупатель|фио|иин")
MOST_LINES_ABOVE = 30
"""A head stands within so many lines from the top."""


@dataclass(frozen=True, slots=True)
class Head:
    """The line of headings: where it stands, what it says, which column is which."""

    number: int
    cells: tuple[str, ...]
    columns: Mapping[Field, int]

    @property
    def named(self) -> tuple[int, ...]:
        """Return the columns that have a heading: those whose cells are kept."""
        return tuple(at for at, name in enumerate(self.cells) if name)

    @property
    def missing(self) -> tuple[Field, ...]:
        """Return the needed fields that have no column."""
        return tuple(it for it in NEEDED if it not in self.columns)


def normal(heading: str) -> str:
    """Return a heading as it is compared: no case, no «ё», no unit, single spaces."""
    text = re.sub(r"[\s\u00a0\u202f]+", " ", heading.casefold().replace("ё", "е")).strip()
    text = text.replace("no ", "№ ") if text.startswith("no ") else text
    text = re.sub(r"\s*/\s*", "/", text.replace("«", "").replace("»", "").replace('"', ""))
    return _MONEY_UNIT.sub("", text).strip().rstrip(".:")


def find_head(lines: Sequence[tuple[int, Sequence[str]]], chosen: Mapping[str, str]) -> Head:
    """Find the line of headings near the top; `chosen`: field → heading, the seller's own choice.

    It is the line that knows most fields, else the longest one: `missing` then says what it lacks.
    """
    best: tuple[int, int, int] | None = None
    found: Head | None = None
    for number, cells in lines[:MOST_LINES_ABOVE]:
        head = Head(number, tuple(cells), _columns(cells, chosen))
        texts = sum(1 for cell in cells if re.search(r"[^\W\d_]", cell))
        rank = (len(NEEDED) - len(head.missing), len(head.columns), texts)
        if best is None or rank > best:
            best, found = rank, head
    if found is None:
        raise InvalidInput("Файл пустой.")
    return found


def complaint(head: Head) -> str:
    """Say what an unknown layout has and what it lacks."""
    missing = ", ".join(f"«{NAMES[it]}»" for it in head.missing)
    shown = [f"«{cell[:30]}»" for cell in head.cells if cell][:8]
    return f"Отчёт с другими колонками. Не нашли: {missing}. В файле: {', '.join(shown)}."


def check_choice(choice: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """Return field → heading as it is remembered. Raises InvalidInput."""
    known = {normal(it) for it in headings}
    fields = {it.value: it for it in Field}
    kept = {
        fields[field]: normal(name) for field, name in choice.items() if name and field in fields
    }
    lacking = [NAMES[it] for it in NEEDED if it not in kept]
    if lacking:
        raise InvalidInput(f"Выберите столбец: {', '.join(lacking)}.")
    if strange := [NAMES[field] for field, name in kept.items() if name not in known]:
        raise InvalidInput(f"В файле нет выбранного столбца: {', '.join(strange)}.")
    if len(set(kept.values())) < len(kept):
        raise InvalidInput("Один столбец выбран дважды.")
    return {str(field.value): name for field, name in kept.items()}


def is_secret(heading: str) -> bool:
    """Tell whether a column is about a buyer or their card: it is never kept."""
    name = normal(heading)
    return bool(_SECRET.search(name)) and _FIELD_OF.get(name) is None


def _columns(cells: Sequence[str], chosen: Mapping[str, str]) -> dict[Field, int]:
    names = [normal(cell) for cell in cells]
    places: dict[Field, int] = {}
    for text, heading in chosen.items():
        if heading in names:
            places[Field(text)] = names.index(heading)
    taken = set(places.values())
    ranks: dict[Field, int] = {}
    for place, name in enumerate(names):
        field = _FIELD_OF.get(name)
        if field is None or place in taken or field in {Field(it) for it in chosen}:
            continue
        if field not in places or _RANK[name] < ranks[field]:
            places[field], ranks[field] = place, _RANK[name]
    return places
