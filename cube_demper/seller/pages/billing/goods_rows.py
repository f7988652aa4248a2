"""Goods that keep or lose their bot, and goods at risk when prices freeze, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing.view_schemas import GoodsView, LandingEffect
from cube_demper.seller.pages.billing.words import GOODS, OF_GOODS
from cube_demper.seller.plans.saying import day_of
from cube_demper.ui.format import counted

_CHOICES: Final = {
    "stay": ("Оставить как есть", "Цены замрут на тех, что на витрине сейчас."),
    "floor": (
        "Опустить до мин. цены",
        "Цены встанут на ваши мин. цены: продажи держатся, прибыль меньше.",
    ),
    "base": (
        "Вернуть исходные",
        "Цены встанут на те, с которых бот начинал: прибыль больше, места ниже.",
    ),
}


@dataclass
class GoodsRow:
    """One product of a list."""

    id: str = ""
    name: str = ""
    link: str = ""
    store: str = ""
    price: str = ""
    since: str = ""
    frozen: str = ""
    rival: str = ""
    why: str = ""


@dataclass
class ChoiceRow:
    """One way to freeze prices, with what it does now."""

    code: str = ""
    title: str = ""
    text: str = ""
    effect: str = ""
    risk: str = ""
    tone: str = "green"


def goods_row(product: GoodsView, now: datetime) -> GoodsRow:
    """Return a product with when its bot was switched on: the older ones keep it."""
    return GoodsRow(
        id=str(product.id),
        name=product.name,
        link=f"/products/{product.id}",
        store=product.store,
        price=format_tenge(product.price),
        since=f"бот с {day_of(product.switched_on_at, now)}",
    )


def risk_row(product: GoodsView, frozen: int | None, now: datetime) -> GoodsRow:
    """Return a product at risk: where it freezes, where its rival is, what that means."""
    row = goods_row(product, now)
    row.frozen, row.rival = format_tenge(frozen), format_tenge(product.competitor_price)
    rival = product.competitor_price
    if frozen is not None and rival is not None and frozen > rival:
        row.why = f"дороже конкурента на {format_tenge(frozen - rival)}"
    else:
        row.why = "вровень с конкурентом"
    return row


def choice_rows(effects: dict[str, LandingEffect]) -> list[ChoiceRow]:
    """Return the ways to freeze prices with what each does to how many goods."""
    return [_choice(code, effects[code]) for code in _CHOICES if code in effects]


def _choice(code: str, effect: LandingEffect) -> ChoiceRow:
    title, text = _CHOICES[code]
    return ChoiceRow(
        code=code,
        title=title,
        text=text,
        effect=effect_words(effect),
        risk=f"Под риском {counted(effect.at_risk, *GOODS)}" if effect.at_risk else "Риска нет",
        tone="amber" if effect.at_risk else "green",
    )


def effect_words(effect: LandingEffect) -> str:
    """Say what happens in numbers: «У 312 товаров цена снизится, в сумме на 4 100 ₸»."""
    parts = []
    if effect.lower:
        goods = counted(effect.lower, *OF_GOODS)
        parts.append(f"у {goods} цена снизится, в сумме на {format_tenge(effect.fall)}")
    if effect.higher:
        goods = counted(effect.higher, *OF_GOODS)
        parts.append(f"у {goods} поднимется, в сумме на {format_tenge(effect.rise)}")
    if not parts:
        return "Ни одна цена не изменится"
    if effect.same:
        parts.append(f"у {counted(effect.same, *OF_GOODS)} не изменится")
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}"


def landing_words(choice: str) -> str:
    """Name a choice in a sentence."""
    return _CHOICES.get(choice, _CHOICES["stay"])[0].lower()
