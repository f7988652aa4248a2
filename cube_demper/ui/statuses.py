"""Badges. One map from a code to its word, colour and icon: a colour never stands alone.

Green = won or done, amber = needs you, red = broken or money at risk, blue = under way, gray = off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.i18n import tr

Tone = Literal["green", "amber", "red", "blue", "gray"]


@dataclass(frozen=True, slots=True)
class Status:
    """How one code is shown."""

    word: str
    tone: Tone
    icon: str


STATUSES: dict[str, Status] = {
    # A price decision (models.pricing.PriceStatus).
    "held": Status("Оставили", "gray", "equal"),
    "suggested": Status("Предложено", "blue", "lightbulb"),
    "queued": Status("Ждёт отправки", "blue", "clock"),
    "sending": Status("Отправляем", "blue", "send"),
    "sent": Status("Ждёт Kaspi", "blue", "clock"),
    "confirmed": Status("На витрине", "green", "check"),
    "unknown": Status("Проверяем", "amber", "circle-help"),
    "refused": Status("Kaspi отказал", "red", "circle-x"),
    "superseded": Status("Устарело", "gray", "circle-minus"),
    # A product under the bot.
    "works": Status("Держит", "green", "check"),
    "first": Status("Первый", "green", "trophy"),
    "lost": Status("Место потеряно", "amber", "trending-down"),
    "at_floor": Status("На мин. цене", "amber", "lock"),
    "no_floor": Status("Нет мин. цены", "amber", "triangle-alert"),
    "not_on_sale": Status("Нет в продаже", "gray", "circle-slash"),
    "no_card": Status("Нет карточки", "red", "unlink"),
    "waiting": Status("Ждёт проверки", "blue", "clock"),
    "suspicious": Status("Ждёт решения", "amber", "shield-alert"),
    "error": Status("Ошибка", "red", "circle-alert"),
    "off": Status("Выключен", "gray", "circle-pause"),
    "store_off": Status("Магазин отключён", "gray", "store"),
    "bounds_wrong": Status("Проверьте границы", "amber", "triangle-alert"),
    "rival_below_floor": Status("Конкурент ниже", "amber", "trending-down"),
    # A store or the bot of a store.
    "auto": Status("Сам меняет цены", "green", "bot"),
    "suggest": Status("Только советует", "blue", "lightbulb"),
    "stopped": Status("Остановлен", "gray", "circle-stop"),
    "needs_reauth": Status("Нужен вход", "red", "key-round"),
    "banned": Status("Kaspi просит подождать", "amber", "hourglass"),
    "resting": Status("Вне часов работы", "gray", "moon"),
    # A worker, a service.
    "ok": Status("В норме", "green", "check"),
    "late": Status("Отстаёт", "amber", "clock-alert"),
    "down": Status("Не отвечает", "red", "circle-x"),
}


def badge(text: Text, tone: Tone | rx.Var[str] = "gray", icon: str | None = None) -> rx.Component:
    """Make a badge with its own words."""
    shown = rx.icon(icon, size=12, aria_hidden="true") if icon else rx.fragment()
    return rx.el.span(shown, text, class_name="k-badge", custom_attrs={"data-tone": tone})


def status_badge(code: rx.Var[str] | str) -> rx.Component:
    """Show a code by the map; an unknown one as «—»."""
    if isinstance(code, str):
        status = STATUSES[code]
        return badge(tr(status.word), status.tone, status.icon)
    cases: list[Any] = [
        (key, badge(tr(status.word), status.tone, status.icon)) for key, status in STATUSES.items()
    ]
    return rx.match(code, *cases, rx.el.span("—", class_name="k-second"))


def place_badge(place: rx.Var[Any], sellers: rx.Var[Any]) -> rx.Component:
    """Show our place among sellers: «🏆 1 из 7»; first is green, 2–3 blue, further gray, none «—»."""
    words = rx.el.span(rx.el.b(place), " из ", sellers)
    return rx.cond(
        place.to(int) > 0,
        rx.cond(
            place.to(int) == 1,
            badge(words, "green", "trophy"),
            badge(words, rx.cond(place.to(int) <= 3, "blue", "gray")),
        ),
        rx.el.span("—", class_name="k-second"),
    )


def dot(tone: Tone | rx.Var[str]) -> rx.Component:
    """Make a coloured dot; words must stand beside it."""
    return rx.el.span(class_name="k-dot", aria_hidden="true", custom_attrs={"data-tone": tone})
