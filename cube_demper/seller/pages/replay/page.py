"""`/bot/replay`: a rule over all goods of a store, its progress, its figures, applying it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.bot.merchants import merchants_field
from cube_demper.seller.pages.bot.merchants_state import EXCLUDED, ONLY, MerchantsState
from cube_demper.seller.pages.product.replay.parts import comparison_table
from cube_demper.seller.pages.product.replay.words import ASSUMED
from cube_demper.seller.pages.products.words import STRATEGY_WORDS
from cube_demper.seller.pages.replay.apply_state import ApplyRuleState
from cube_demper.seller.pages.replay.reading import GOODS_WORDS
from cube_demper.seller.pages.replay.rows import GoodRow
from cube_demper.seller.pages.replay.rule import DELIVERY_CHOICES, PREORDER_CHOICES
from cube_demper.seller.pages.replay.state import RunState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.forms import form, form_field, money_input, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table
from cube_demper.ui.tiles import meter

_SPANS = (("7", tr("7 дней")), ("14", tr("14 дней")), ("30", tr("30 дней")))


def replay_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Проверка правила"),
            tr("Что было бы с другим правилом на записанном рынке. Цены от этого не меняются."),
            back=(tr("Бот"), "/bot"),
        ),
        when_ready(
            RunState.phase,
            rx.cond(RunState.stores.length() > 0, _content(), _no_stores()),
            waiting=rx.cond(RunState.stores.length() > 0, _content(), card(skeleton(4))),
            on_retry=RunState.load,
        ),
        _dialog(),
    )


def _content() -> rx.Component:
    return stack(
        _form(),
        rx.cond(
            RunState.run.id,
            stack(_run(), _table()),
            card(
                empty_state(
                    tr("Проверок ещё не было"),
                    tr("Выберите правило: бот прогонит его по всем товарам, где он включён."),
                    icon="history",
                )
            ),
        ),
    )


def _form() -> rx.Component:
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
                tr("Сейчас в магазине — эти. Уберите или добавьте, чтобы проверить"),
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


def _run() -> rx.Component:
    run = RunState.run
    return card(
        stack(
            rx.cond(
                run.is_open,
                stack(
                    meter(tr("Проверено"), run.progress, run.percent),
                    rx.el.div(
                        button(tr("Остановить"), on_click=RunState.cancel), class_name="k-row"
                    ),
                ),
            ),
            rx.cond(run.recorded, rx.el.p(run.recorded, class_name="k-second")),
            rx.cond(
                run.sums.length() > 0,
                stack(
                    comparison_table(run.sums),
                    _spread(),
                    rx.el.p(ASSUMED, class_name="k-note"),
                    rx.cond(
                        run.is_over,
                        rx.el.div(
                            button(
                                tr("Применить это правило"),
                                kind="primary",
                                on_click=ApplyRuleState.ask(run.id),
                            ),
                            class_name="k-row",
                        ),
                    ),
                ),
            ),
        ),
        title=run.title,
        note=rx.cond(
            run.is_cancelled,
            badge(tr("Остановлена"), "gray", "circle-stop"),
            rx.cond(run.is_over, badge(tr("Готово"), "green", "check"), badge(tr("Идёт"), "blue")),
        ),
    )


def _spread() -> rx.Component:
    return rx.cond(
        RunState.caption != "",
        rx.el.div(
            legend((tr("было"), "rival", False), (tr("по правилу"), "mine", False)),
            chart(
                RunState.figure,
                label=tr("Сколько товаров какую часть времени стоят первыми"),
                caption=RunState.caption,
            ),
        ),
    )


def _table() -> rx.Component:
    return rx.cond(
        RunState.rows.length() > 0,
        data_table(
            RunState.rows,
            _COLUMNS,
            label=tr("Товары проверки"),
            phase=RunState.phase,
            card='"name name" "price first" "recorded changes"',
            card_columns="1fr auto",
            tools=rx.el.div(
                rx.el.h2(tr("Где разница больше всего")),
                rx.el.span(tr("не больше 50 товаров"), class_name="k-note"),
                class_name="k-card-head",
            ),
            empty=empty_state(tr("Пока ничего не посчитано")),
        ),
    )


def _name(item: Any) -> rx.Component:
    row: GoodRow = item
    return text_link(row.name, row.link)


def _first(item: Any) -> rx.Component:
    row: GoodRow = item
    return badge(row.first, row.tone)


_COLUMNS = (
    Column("name", tr("Товар"), _name, label=""),
    Column("first", tr("Первое место"), _first, width="150px"),
    Column("price", tr("Средняя цена"), lambda row: row.price, width="210px", align="right"),
    Column("changes", tr("Изменений"), lambda row: row.changes, width="120px", align="right"),
    Column("recorded", tr("Рынок записан"), lambda row: row.recorded, width="130px", align="right"),
)


def _dialog() -> rx.Component:
    asked = ApplyRuleState.question
    return confirm_dialog(
        asked.title != "",
        title=asked.title,
        text=tr("Цены от этого сразу не меняются. Вернуть прежние условия можно в течение часа."),
        numbers=rx.el.ul(rx.foreach(asked.lines, rx.el.li), class_name="k-note"),
        confirm=tr("Применить"),
        on_confirm=ApplyRuleState.apply,
        on_close=ApplyRuleState.close,
        busy=ApplyRuleState.is_busy,
    )


def _no_stores() -> rx.Component:
    return card(
        connect_first(
            tr("Начните с магазина"),
            tr("Подключите магазин Kaspi: без записанного рынка проверять не на чем."),
        )
    )
