"""`/bot/replay`: a rule over all goods of a store, its progress, its figures, applying it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.product.replay.parts import comparison_table
from cube_demper.seller.pages.product.replay.words import ASSUMED
from cube_demper.seller.pages.replay.apply_state import ApplyRuleState
from cube_demper.seller.pages.replay.form import rule_form
from cube_demper.seller.pages.replay.rows import GoodRow
from cube_demper.seller.pages.replay.state import RunState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table
from cube_demper.ui.tiles import meter


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
        rule_form(),
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
