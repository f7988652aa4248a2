"""The cards of orders and of the bot."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.economics.money_state import MoneyState
from cube_demper.ui.actions import text_link
from cube_demper.ui.charts import chart
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.tiles import fact_strip


def money_cards() -> rx.Component:
    """Show what orders brought beside what the bot changed."""
    return columns(_sales(), _bot())


def _sales() -> rx.Component:
    sales = MoneyState.sales
    return card(
        rx.cond(
            sales.has_orders,
            rx.fragment(
                fact_strip(
                    (tr("Выручка"), sales.revenue, sales.revenue_note),
                    (tr("Прибыль"), sales.profit, sales.profit_note),
                    (tr("Маржа"), sales.margin, tr("от известной выручки")),
                ),
                rx.cond(
                    sales.is_known,
                    chart(
                        MoneyState.figure,
                        label=tr("Маржа заказов и недель"),
                        caption=sales.caption,
                        height=220,
                    ),
                    rx.el.p(sales.caption, class_name="k-note"),
                ),
            ),
            empty_state(
                tr("Заказов пока нет"),
                tr("Маржа ниже посчитана по ценам. Выручка и прибыль появятся с первыми заказами."),
                text_link(tr("Подключить заказы"), "/stores"),
                icon="shopping-bag",
            ),
        ),
        title=tr("Заказы"),
    )


def _bot() -> rx.Component:
    bot = MoneyState.bot
    return card(
        rx.el.p(
            bot.title,
            class_name="k-strong",
            style={
                "color": rx.match(
                    bot.tone,
                    ("green", "var(--green-11)"),
                    ("amber", "var(--amber-11)"),
                    "inherit",
                ),
                "fontSize": "16px",
            },
        ),
        rx.el.ul(
            rx.foreach(bot.lines.to(list[str]), rx.el.li),
            class_name="k-plain-list",
        ),
        rx.cond(
            bot.estimate, rx.el.p(bot.estimate, class_name="k-note", style={"marginTop": "10px"})
        ),
        title=tr("Что бот заработал или потерял"),
    )
