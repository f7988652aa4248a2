"""Codes of goods as sellers read them."""

from __future__ import annotations

from collections.abc import Mapping

from cube_demper.domain.catalog.edit_schemas import REFUSAL_WORDS, BulkReport
from cube_demper.domain.catalog.list_schemas import ProductSort, ProductStatus, ProductTab
from cube_demper.ui.format import counted, number
from cube_demper.ui.statuses import STATUSES, Status

TAB_WORDS: Mapping[ProductTab, str] = {
    ProductTab.ALL: "Все",
    ProductTab.BOT_ON: "Бот включён",
    ProductTab.FIRST: "На 1-м месте",
    ProductTab.LOST: "2-е и ниже",
    ProductTab.AT_FLOOR: "На мин. цене",
    ProductTab.WAR: "Ценовая война",
    ProductTab.HELD: "Ждут согласия",
    ProductTab.ERROR: "Нужно внимание",
    ProductTab.NO_MIN_PRICE: "Без мин. цены",
    ProductTab.BOT_OFF: "Бот выключен",
}

SORT_WORDS: Mapping[str, str] = {
    ProductSort.NAME: "По названию",
    ProductSort.PLACE: "Сначала первые",
    f"-{ProductSort.PLACE}": "Сначала последние",
    ProductSort.PRICE: "Сначала дешёвые",
    f"-{ProductSort.PRICE}": "Сначала дорогие",
    f"-{ProductSort.CHECKED}": "Сначала свежие",
    ProductSort.CHECKED: "Давно не проверяли",
}

STRATEGY_WORDS: Mapping[str, str] = {
    "standard": "На шаг ниже",
    "always_first": "Всегда первый",
    "stay_top_n": "В топе",
}

STRATEGY_HELP: Mapping[str, str] = {
    "standard": "На шаг дешевле лучшего конкурента; если для этого нужно ниже мин. цены — ждёт.",
    "always_first": "То же, но если конкурент ниже мин. цены — встаёт на мин. цену.",
    "stay_top_n": "На шаг дешевле N-го по цене конкурента: место в топе без войны за первое.",
}

PLACES = (2, 3, 5, 10)
"""The places of `stay_top_n` that a list offers; another one is set on the product's page."""

DELIVERY_WORDS: Mapping[str, str] = {
    "TODAY": "сегодня",
    "TOMORROW": "завтра",
    "TILL_2_DAYS": "до 2 дней",
    "TILL_3_DAYS": "до 3 дней",
    "TILL_5_DAYS": "до 5 дней",
    "TILL_7_DAYS": "до 7 дней",
    "OTHER": "дольше недели",
}

DELIVERY_FILTER_WORDS: Mapping[str, str] = {
    "": "Учитывать всех",
    "today_tomorrow": "Сегодня или завтра",
    "till_3_days": "До 3 дней",
    "till_5_days": "До 5 дней",
    "same_or_faster": "Не медленнее моей",
}

_KIT_CODES: Mapping[ProductStatus, str] = {
    ProductStatus.HOLDING: "works",
    ProductStatus.NO_MIN_PRICE: "no_floor",
    ProductStatus.NEEDS_YOU: "suspicious",
    ProductStatus.SENDING: "sent",
}


def status_words(status: ProductStatus, *, is_suggest: bool) -> Status:
    """Return how a product's status is shown; a bot that only advises says so instead of «Держит»."""
    if is_suggest and status is ProductStatus.HOLDING:
        return STATUSES["suggest"]
    return STATUSES[_KIT_CODES.get(status, status)]


def strategy_words(strategy: str, top_n: int) -> str:
    """Name a strategy: «На шаг ниже», «Топ-3»."""
    return f"Топ-{top_n}" if strategy == "stay_top_n" else STRATEGY_WORDS[strategy]


def refusal_lines(report: BulkReport) -> list[str]:
    """List why goods are left alone: «У 4: задайте мин. цену (Лампа, Фен…)»."""
    lines = []
    for reason, count in report.refused.items():
        names = [it.name for it in report.examples if it.reason is reason][:2]
        rest = "…" if count > len(names) else ""
        shown = f" ({', '.join(names)}{rest})" if names else ""
        lines.append(f"{number(count)}: {REFUSAL_WORDS[reason]}{shown}")
    return lines


def goods(count: int) -> str:
    """Count goods: «5 товаров»."""
    return counted(count, "товар", "товара", "товаров")


def of_goods(count: int) -> str:
    """Count goods in the genitive: «у 1 товара», «у 5 товаров»."""
    return counted(count, "товара", "товаров", "товаров")
