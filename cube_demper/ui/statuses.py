"""Badges. One map from a code to its word, colour and icon: a colour never stands alone.

Green = won or done, amber = needs you, red = broken or money at risk, blue = under way, gray = off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.i18n import marked, tr

Tone = Literal["green", "amber", "red", "blue", "gray"]


@dataclass(frozen=True, slots=True)
class Status:
    """How one code is shown."""

    word: str
    tone: Tone
    icon: str


STATUSES: dict[str, Status] = {
    # A price decision (models.pricing.PriceStatus).
    "held": Status(marked("Оставили"), "gray", "equal"),
    "suggested": Status(marked("Предложено"), "blue", "lightbulb"),
    "queued": Status(marked("Ждёт отправки"), "blue", "clock"),
    "sending": Status(marked("Отправляем"), "blue", "send"),
    "sent": Status(marked("Ждёт Kaspi"), "blue", "clock"),
    "confirmed": Status(marked("На витрине"), "green", "check"),
    "unknown": Status(marked("Проверяем"), "amber", "circle-help"),
    "refused": Status(marked("Kaspi отказал"), "red", "circle-x"),
    "superseded": Status(marked("Устарело"), "gray", "circle-minus"),
    # A product under the bot.
    "works": Status(marked("Держит"), "green", "check"),
    "first": Status(marked("Первый"), "green", "trophy"),
    "lost": Status(marked("Место потеряно"), "amber", "trending-down"),
    "at_floor": Status(marked("На мин. цене"), "amber", "lock"),
    "no_floor": Status(marked("Нет мин. цены"), "amber", "triangle-alert"),
    "not_on_sale": Status(marked("Нет в продаже"), "gray", "circle-slash"),
    "no_card": Status(marked("Нет карточки"), "red", "unlink"),
    "waiting": Status(marked("Ждёт проверки"), "blue", "clock"),
    "suspicious": Status(marked("Ждёт решения"), "amber", "shield-alert"),
    "error": Status(marked("Ошибка"), "red", "circle-alert"),
    "off": Status(marked("Выключен"), "gray", "circle-pause"),
    "store_off": Status(marked("Магазин отключён"), "gray", "store"),
    "bounds_wrong": Status(marked("Проверьте границы"), "amber", "triangle-alert"),
    "rival_below_floor": Status(marked("Конкурент ниже"), "amber", "trending-down"),
    "at_war": Status(marked("Пауза войны"), "amber", "swords"),
    # A store or the bot of a store.
    "auto": Status(marked("Сам меняет цены"), "green", "bot"),
    "suggest": Status(marked("Только советует"), "blue", "lightbulb"),
    "stopped": Status(marked("Остановлен"), "gray", "circle-stop"),
    "needs_reauth": Status(marked("Нужен вход"), "red", "key-round"),
    "refreshing": Status(marked("Обновляем вход"), "blue", "refresh-cw"),
    "banned": Status(marked("Kaspi просит подождать"), "amber", "hourglass"),
    "resting": Status(marked("Вне часов работы"), "gray", "moon"),
    # A worker, a service.
    "ok": Status(marked("В норме"), "green", "check"),
    "late": Status(marked("Отстаёт"), "amber", "clock-alert"),
    "down": Status(marked("Не отвечает"), "red", "circle-x"),
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
    words = tr("{n} из {m}", n=place, m=sellers)
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
