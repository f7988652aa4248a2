"""The panel «Проверить правило»: the form, the plot, the table, applying."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.product.replay.state import ReplayState
from cube_demper.seller.pages.product.replay.words import Comparison
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.seller.pages.products.words import DELIVERY_FILTER_WORDS, STRATEGY_WORDS
from cube_demper.ui.actions import button
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.forms import form, form_field, money_input, segmented, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list, stack
from cube_demper.ui.placeholders import notice

_SPANS = (("7", "7 дней"), ("14", "14 дней"), ("30", "30 дней"))


def replay_card() -> rx.Component:
    """Try a rule on what really happened before trusting the bot with it."""
    return card(
        stack(
            rx.el.p(
                tr("Что было бы с другим правилом: бот прогонит его по записанному рынку."),
                class_name="k-second",
            ),
            _form(),
            rx.cond(ReplayState.result.is_shown, _result()),
        ),
        title=tr("Проверить правило"),
        action=segmented(_SPANS, ReplayState.days, ReplayState.choose, label=tr("За сколько дней")),
    )


def _form() -> rx.Component:
    terms, errors = ProductState.terms, ReplayState.errors
    return rx.el.div(
        form(
            rx.el.div(
                _money("try_min", tr("Мин. цена"), terms.min_price, errors["min_price"]),
                _money("try_max", tr("Макс. цена"), terms.max_price, errors["max_price"]),
                _money("try_step", tr("Шаг"), terms.step, errors["step"]),
                form_field(
                    tr("Место для «В топе»"),
                    text_input("try_top_n", default_value=terms.top_n, input_mode="numeric"),
                    name="try_top_n",
                    error=errors["top_n"],
                ),
                class_name="k-try",
            ),
            rx.el.div(
                form_field(
                    tr("Стратегия"),
                    select(
                        "try_strategy", list(STRATEGY_WORDS.items()), default_value=terms.strategy
                    ),
                    name="try_strategy",
                    error=errors["strategy"],
                ),
                form_field(
                    tr("Срок доставки"),
                    select(
                        "try_delivery",
                        list(DELIVERY_FILTER_WORDS.items()),
                        default_value=terms.delivery_filter,
                    ),
                    name="try_delivery",
                    error=errors["delivery_filter"],
                ),
                _money("try_profit", tr("Прибыль от"), "", errors["min_profit"]),
                class_name="k-three",
            ),
            rx.el.div(
                button(tr("Проверить"), icon="play", submit=True, busy=ReplayState.is_busy),
                class_name="k-row",
            ),
            on_submit=ReplayState.check,
        ),
        key=terms.key,
    )


def _money(name: str, label: Any, value: Any, error: Any) -> rx.Component:
    control = money_input(name, value=value, error=error)
    return form_field(label, control, name=name, error=error)


def _result() -> rx.Component:
    result = ReplayState.result
    return stack(
        rx.el.p(result.title, class_name="k-strong", role="status"),
        rx.cond(
            result.is_thin,
            notice(result.recorded, tone="amber"),
            rx.el.p(result.recorded, class_name="k-second"),
        ),
        rx.cond(
            result.rows.length() > 0,
            stack(
                legend(
                    (tr("было"), "strong", False),
                    (tr("по правилу"), "mine", False),
                    (tr("лучший конкурент"), "rival", False),
                    (tr("пол"), "floor", True),
                ),
                chart(
                    ReplayState.figure,
                    label=tr("Цена на деле и по правилу"),
                    caption=result.assumed,
                ),
                comparison_table(result.rows),
                rx.el.div(
                    button(tr("Применить это правило"), kind="primary", on_click=ReplayState.ask),
                    class_name="k-row",
                ),
            ),
        ),
    )


def comparison_table(rows: Any) -> rx.Component:
    """Show what was beside what would have been."""

    def line(item: Any) -> rx.Component:
        row: Comparison = item
        return rx.el.tr(rx.el.td(row.name), rx.el.td(row.real), rx.el.td(row.tried))

    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(tr("Показатель"), scope="col"),
                rx.el.th(tr("Было"), scope="col"),
                rx.el.th(tr("По правилу"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(rows, line)),
        class_name="k-compare",
    )


def rule_dialog() -> rx.Component:
    """Ask before the rule becomes the product's terms."""
    asked = ReplayState.question
    return confirm_dialog(
        asked.is_open,
        title=tr("Применить это правило?"),
        text=rx.cond(
            asked.numbers.length() > 0,
            tr("Бот начнёт с новых условий при следующей проверке товара."),
            tr("Товар уже работает по этому правилу: ничего не изменится."),
        ),
        numbers=fact_list(asked.numbers),
        confirm=tr("Применить"),
        on_confirm=ReplayState.apply,
        on_close=ReplayState.close,
        busy=ReplayState.is_busy,
    )
