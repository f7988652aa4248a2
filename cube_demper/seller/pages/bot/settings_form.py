"""The settings of SPEC §3.4 as a form: units inside, help under, errors in place of help."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.merchants import merchants_field
from cube_demper.seller.pages.bot.merchants_state import EXCLUDED, ONLY, MerchantsState
from cube_demper.seller.pages.bot.settings_state import BotSettingsState
from cube_demper.seller.pages.bot.shortage_parts import settings_hint
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.seller.pages.products.words import DELIVERY_FILTER_WORDS
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.forms import checkbox, form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card
from cube_demper.ui.placeholders import skeleton

_SAVED = BotSettingsState.saved
_FORM_VALUES = "Object.fromEntries(new FormData(document.getElementById('price_step').form))"
"""What is typed and not yet saved: a preview is asked for without sending the form."""


def settings_card() -> rx.Component:
    """Show how the chosen store's bot must work."""
    return card(
        settings_hint(),
        # Not before the settings are read, on this visit: what is typed into an empty or an old form
        # would be lost.
        rx.cond(
            rx.State.is_hydrated
            & (_SAVED.store_id == BotState.now.id)
            & (MerchantsState.store_id == BotState.now.id),
            rx.el.div(_form(), key=_SAVED.version.to_string()),
            skeleton(8),
        ),
        title=tr("Настройки"),
        note=tr("для всех товаров магазина; у товара можно задать свои шаг и стратегию"),
    )


def _form() -> rx.Component:
    return form(
        _pair(_price_step(), _interval()),
        checkbox(
            "is_round_the_clock",
            tr("Работать круглосуточно"),
            default_checked=BotSettingsState.is_round_the_clock,
            on_change=BotSettingsState.choose_round_the_clock,
        ),
        rx.cond(
            BotSettingsState.is_round_the_clock,
            rx.fragment(),
            _pair(
                _text("work_hours_start", tr("Начало работы"), _SAVED.work_hours_start, "09:00"),
                _text(
                    "work_hours_end",
                    tr("Конец работы"),
                    _SAVED.work_hours_end,
                    "21:00",
                    help=tr("Время Алматы. Можно через полночь: с 22:00 до 06:00"),
                ),
            ),
        ),
        _min_profit(),
        checkbox(
            "home_city_only",
            tr("Вести только домашний город"),
            default_checked=_SAVED.home_city_only,
        ),
        rx.el.h3(tr("Кого считать конкурентом"), class_name="k-form-part"),
        _rivals(),
        rx.el.div(
            button(tr("Сохранить"), kind="primary", submit=True, busy=BotSettingsState.is_busy),
            class_name="k-row",
        ),
        on_submit=BotSettingsState.save,
    )


def _price_step() -> rx.Component:
    error = BotSettingsState.errors["price_step"]
    return form_field(
        tr("Шаг цены"),
        money_input("price_step", value=_SAVED.price_step, error=error),
        name="price_step",
        help=tr("На сколько быть дешевле конкурента"),
        error=error,
    )


def _interval() -> rx.Component:
    return _text(
        "check_interval_minutes",
        tr("Проверять не реже, чем раз в"),
        _SAVED.check_interval_minutes,
        "15",
        unit=tr("мин"),
        help=tr("Не успеваем — покажем настоящую скорость"),
        input_mode="numeric",
    )


def _min_profit() -> rx.Component:
    error = BotSettingsState.errors["min_profit"]
    return form_field(
        tr("Прибыль с продажи не меньше"),
        money_input("min_profit", value=_SAVED.min_profit, error=error),
        name="min_profit",
        help=tr(
            "После комиссии, доставки и налога: условия на странице «Экономика». "
            "Пока у товара чего-то не хватает, бот его цену не снижает"
        ),
        error=error,
    )


def _rivals() -> rx.Component:
    return rx.fragment(
        _pair(
            _text(
                "min_rating",
                tr("С рейтингом не ниже"),
                _SAVED.min_rating,
                tr("любой"),
                input_mode="decimal",
            ),
            _text(
                "min_reviews",
                tr("С числом отзывов не меньше"),
                _SAVED.min_reviews,
                tr("любое"),
                input_mode="numeric",
            ),
        ),
        _delivery(),
        merchants_field(
            EXCLUDED,
            tr("Исключённые продавцы"),
            tr("На их цены бот не отвечает. Ваши магазины исключены и так"),
            BotSettingsState.errors[EXCLUDED],
        ),
        merchants_field(
            ONLY,
            tr("Только эти продавцы"),
            tr("Если выбрать, остальные конкурентами не считаются"),
            BotSettingsState.errors[ONLY],
        ),
        _preview(),
    )


def _delivery() -> rx.Component:
    return rx.fragment(
        form_field(
            tr("Срок доставки"),
            select(
                "delivery_filter",
                list(DELIVERY_FILTER_WORDS.items()),
                default_value=_SAVED.delivery_filter,
            ),
            name="delivery_filter",
            error=BotSettingsState.errors["delivery_filter"],
        ),
        checkbox(
            "ignore_preorder",
            tr("Не замечать предзаказы"),
            default_checked=_SAVED.ignore_preorder,
        ),
    )


def _preview() -> rx.Component:
    return rx.el.div(
        button(
            tr("Сколько останется"),
            size="s",
            icon="eye",
            on_click=rx.call_script(_FORM_VALUES, callback=BotSettingsState.show_preview),
        ),
        link_button(tr("Выбрать из списка"), "/rivals", size="s", icon="users"),
        rx.el.span(BotSettingsState.preview, class_name="k-note", role="status"),
        style={
            "display": "flex",
            "gap": "8px 12px",
            "alignItems": "center",
            "flexWrap": "wrap",
        },
    )


def _text(name: str, label: Any, value: Any, placeholder: Any, **more: Any) -> rx.Component:
    error = BotSettingsState.errors[name]
    unit, note = more.pop("unit", None), more.pop("help", None)
    return form_field(
        label,
        text_input(
            name,
            error=error,
            unit=unit,
            default_value=value,
            placeholder=placeholder,
            auto_complete="off",
            **more,
        ),
        name=name,
        help=note,
        error=error,
    )


def _pair(left: rx.Component, right: rx.Component) -> rx.Component:
    return rx.el.div(left, right, class_name="k-pair")
