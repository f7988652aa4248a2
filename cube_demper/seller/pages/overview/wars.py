"""The price wars of a week as the overview tells them."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.core.money import format_tenge
from cube_demper.domain.pricing.wars.schemas import WarWeek
from cube_demper.ui.format import counted


@dataclass
class WarsView:
    """A sentence, what it cost, whether one is on."""

    title: str = ""
    text: str = ""
    is_on: bool = False


def wars_view(week: WarWeek) -> WarsView:
    """Put the week into words; empty when there were none."""
    if not week.wars:
        return WarsView()
    wars = counted(week.wars, "ценовая война", "ценовые войны", "ценовых войн")
    goods = counted(week.goods, "товаре", "товарах", "товарах")
    cost = (
        f"Каждая продажа за время войн стоила в среднем на {format_tenge(week.per_sale)} меньше."
        if week.per_sale
        else "На цене продаж они почти не сказались: меньше чем на 1\u00a0₸ в среднем."
    )
    now = (
        f"Сейчас на паузе {counted(week.on_now, 'товар', 'товара', 'товаров')}."
        if week.on_now
        else "Сейчас войн нет."
    )
    return WarsView(f"{wars} за 7 дней, на {goods}", f"{cost} {now}", week.on_now > 0)
