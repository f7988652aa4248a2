"""How a product's blank rule reads: as its store's, named."""

from __future__ import annotations

from cube_demper.domain.catalog.rival_preview import RulesPreview
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.seller.pages.products.words import DELIVERY_FILTER_WORDS
from cube_demper.ui.format import counted, number, plural

_ANY = "Учитывать всех"


def delivery_options(store: str | None) -> list[dict[str, str]]:
    """List the choices of delivery; the first says what the store's rule is."""
    words = {code: word for code, word in DELIVERY_FILTER_WORDS.items() if code}
    as_store = words.get(store or "", _ANY)
    first = {"value": "", "label": f"Как в магазине: {as_store.lower()}"}
    chosen = [{"value": code, "label": word} for code, word in words.items()]
    return [first, {"value": "any", "label": _ANY}, *chosen]


def preorder_options(store: bool | None) -> list[dict[str, str]]:
    """List the choices about pre-orders; the first says what the store's rule is."""
    as_store = "не считать" if store else "считать"
    return [
        {"value": "", "label": f"Как в магазине: {as_store}"},
        {"value": "yes", "label": "Не считать"},
        {"value": "no", "label": "Считать"},
    ]


def as_in_store(value: float | None) -> str:
    """Say what a blank number means."""
    shown = "любой" if not value else number(value, digits=1 if value != int(value) else 0)
    return f"магазин: {shown}"


def named_words(filters: RivalFilters) -> str:
    """Say how many sellers are left out or followed by name; empty when none is."""
    parts = []
    if filters.only_merchants:
        count = counted(len(filters.only_merchants), "продавца", "продавцов", "продавцов")
        parts.append(f"Бот смотрит только на {count}.")
    if filters.excluded_merchants:
        left_out = len(filters.excluded_merchants)
        verb = plural(left_out, "Не учитывается", "Не учитываются", "Не учитывается")
        parts.append(f"{verb} {counted(left_out, 'продавец', 'продавца', 'продавцов')}.")
    return " ".join(parts)


def preview_words(found: RulesPreview) -> str:
    """Say what the rules would leave: «Из 12 конкурентов останется 7»."""
    if not found.goods:
        return "Пока сравнить не с чем: рынок ещё не проверяли."
    rivals = counted(found.rivals, "конкурента", "конкурентов", "конкурентов")
    verb = plural(found.left, "останется", "останутся", "останется")
    where = (
        "" if found.goods == 1 else f" на {counted(found.goods, 'товаре', 'товарах', 'товарах')}"
    )
    said = f"Из {rivals}{where} {verb} {number(found.left)}."
    if not found.emptied:
        return said
    here = (
        "Без"
        if found.goods == 1
        else f"У {counted(found.emptied, 'товара', 'товаров', 'товаров')} без"
    )
    return f"{said} {here} конкурентов бот поднимет цену до макс. цены, если она задана."
