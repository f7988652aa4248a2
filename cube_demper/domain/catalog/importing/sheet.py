"""The sheet that goes out and comes back: its headings, and a product as one row of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cube_demper.core.money import to_tenge
from cube_demper.models.catalog import Product, Strategy
from cube_demper.models.imports import RowVerdict


class Field(StrEnum):
    """What a column of the sheet is about; values of changeable ones are columns of `products`."""

    SKU = "kaspi_sku"
    STORE = "merchant_id"
    COST = "cost_price"
    MIN = "min_price"
    MAX = "max_price"
    STEP = "price_step_override"
    STRATEGY = "demping_strategy"
    BOT = "bot_active"
    PRIORITY = "is_priority"


HEADINGS: Mapping[str, Field | None] = {
    "Артикул": Field.SKU,
    "Название": None,
    "Магазин": None,
    "Код магазина": Field.STORE,
    "Цена": None,
    "Себестоимость": Field.COST,
    "Мин. цена": Field.MIN,
    "Макс. цена": Field.MAX,
    "Шаг": Field.STEP,
    "Стратегия": Field.STRATEGY,
    "Бот": Field.BOT,
    "Приоритет": Field.PRIORITY,
}
"""In the order of the columns; None: shown for the reader and never read back."""
WIDTHS = (18, 48, 20, 14, 12, 15, 12, 12, 10, 18, 8, 12)
HEADING_OF: Mapping[Field, str] = {field: name for name, field in HEADINGS.items() if field}
RESULT_HEADINGS = ("Строка", "Артикул", "Товар", "Итог", "Почему")
RESULT_WIDTHS = (9, 18, 48, 18, 60)
VERDICTS: Mapping[str, str] = {
    RowVerdict.CHANGE: "подошла",
    RowVerdict.SAME: "без изменений",
    RowVerdict.REFUSED: "не подошла",
}
CLEAR = "удалить"
STRATEGIES: Mapping[str, Strategy] = {
    "на шаг ниже": Strategy.STANDARD,
    "всегда первый": Strategy.ALWAYS_FIRST,
}
_STRATEGY_NAMES = {Strategy.STANDARD: "На шаг ниже", Strategy.ALWAYS_FIRST: "Всегда первый"}


def row_of(product: Product, store_name: str, merchant_id: str) -> tuple[object, ...]:
    """Write one product as a row; money in whole tenge where it is whole."""
    return (
        product.kaspi_sku,
        product.name,
        store_name,
        merchant_id,
        _tenge(product.price),
        _tenge(product.cost_price),
        _tenge(product.min_price),
        _tenge(product.max_price),
        _tenge(product.price_step_override),
        strategy_name(product.demping_strategy, int(product.strategy_params.get("top_n") or 3)),
        _yes(product.bot_active),
        _yes(product.is_priority),
    )


def strategy_name(strategy: str, top_n: int) -> str:
    """Name a strategy as the sheet does: «Топ-3»."""
    known = Strategy(strategy)
    return f"Топ-{top_n}" if known is Strategy.STAY_TOP_N else _STRATEGY_NAMES[known]


def _tenge(tiyn: int | None) -> int | float | None:
    if tiyn is None:
        return None
    tenge = to_tenge(tiyn)
    return int(tenge) if tenge == tenge.to_integral_value() else float(tenge)


def _yes(value: bool) -> str:
    return "да" if value else "нет"
