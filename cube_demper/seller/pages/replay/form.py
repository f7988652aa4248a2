"""The form of a rule over many goods."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.merchants import merchants_field
from cube_demper.seller.pages.bot.merchants_state import EXCLUDED, ONLY, MerchantsState
from cube_demper.seller.pages.products.words import STRATEGY_WORDS
from cube_demper.seller.pages.replay.reading import GOODS_WORDS
from cube_demper.seller.pages.replay.rule import DELIVERY_CHOICES, PREORDER_CHOICES
from cube_demper.seller.pages.replay.state import RunState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card

_SPANS = (("7", tr("7 дней")), ("14", tr("14 дней")), ("30", tr("30 дней")))


def rule_form() -> rx.Component:
    """Ask which goods, which days and what is to be tried."""
    return card(
        form(
            _goods(),
            rx.el.h3(tr("Как отвечать"), class_name="k-form-part"),
            _answer(),
            rx.el.h3(tr("Границы от сегодняшней цены товара"), class_name="k-form-part"),
            _bounds(),
            rx.el.h3(tr("Кого считать конкурентом"), class_name="k-form-part"),
            _rivals(),
            rx.el.div(
                button(
                    tr("Проверить на этих товарах"),
                    icon="play",
                    kind="primary",
                    submit=True,
                    busy=RunState.is_busy,
                    disabled=RunState.run.is_open,
                ),
                class_name="k-row",
            ),
            on_submit=RunState.begin,
            error=RunState.errors["form"],
        ),
        title=tr("Правило"),
        note=tr("что не заполнено, остаётся как сейчас"),
    )


def _goods() -> rx.Component:
    shop = select(
        "store",
        RunState.stores,
        default_value=RunState.store_id,
        on_change=MerchantsState.fill,
    )
    return rx.el.div(
        _field(tr("Магазин"), "store", shop),
        _field(tr("Товары"), "goods", select("goods", list(GOODS_WORDS.items()))),
        _field(tr("За сколько дней"), "days", select("days", _SPANS)),
        class_name="k-try",
    )


def _answer() -> rx.Component:
    strategies: list[tuple[str, Any]] = [("", tr("Как сейчас у товара"))]
    strategies += list(STRATEGY_WORDS.items())
    return rx.el.div(
        _field(tr("Стратегия"), "strategy", select("strategy", strategies)),
        _field(
            tr("Место для «В топе»"),
            "top_n",
            text_input("top_n", default_value="3", input_mode="numeric"),
        ),
        _field(tr("Шаг"), "step", money_input("step", error=RunState.errors["step"])),
        class_name="k-try",
    )


def _bounds() -> rx.Component:
    return rx.el.div(
        _field(tr("Мин. цена ниже на"), "min_percent", _number("min_percent", "%")),
        _field(tr("Макс. цена выше на"), "max_percent", _number("max_percent", "%")),
        class_name="k-try",
    )


def _rivals() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            _field(tr("С рейтингом не ниже"), "min_rating", _number("min_rating")),
            _field(tr("С числом отзывов не меньше"), "min_reviews", _number("min_reviews")),
            _field(
                tr("Срок доставки"),
                "rival_delivery",
                select("rival_delivery", list(DELIVERY_CHOICES.items())),
            ),
            _field(
                tr("Предзаказы"),
                "ignore_preorder",
                select("ignore_preorder", list(PREORDER_CHOICES.items())),
            ),
            class_name="k-try",
        ),
        rx.el.div(
            merchants_field(
                EXCLUDED,
                tr("Исключённые продавцы"),
                tr("На их цены бот не отвечает. Вначале здесь те, что исключены в магазине"),
                RunState.errors["excluded_merchants"],
            ),
            merchants_field(
                ONLY,
                tr("Только эти продавцы"),
                tr("Если выбрать, остальные конкурентами не считаются"),
                RunState.errors["only_merchants"],
            ),
            class_name="k-stack",
        ),
        rx.el.p(
            tr("Правила конкурентов магазина; свои правила товара действуют поверх. 0 — любой."),
            class_name="k-note",
        ),
    )


def _number(name: str, unit: str | None = None) -> rx.Component:
    return text_input(
        name,
        error=RunState.errors[name],
        unit=unit,
        placeholder=tr("как сейчас"),
        input_mode="decimal",
        auto_complete="off",
    )


def _field(label: Any, name: str, control: rx.Component) -> rx.Component:
    return form_field(label, control, name=name, error=RunState.errors[name])
