"""The panel of one order: what was bought, by whom, and how it went."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.orders.around import buyer_part, profit_part, talk_part
from cube_demper.seller.pages.orders.doing import doing_part
from cube_demper.seller.pages.orders.rows import GoodsView, StepRow
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.seller.pages.orders.table import deadline_line, order_badge
from cube_demper.ui.actions import text_link
from cube_demper.ui.dialogs import side_panel
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, row, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.timeline import timeline, timeline_item


def order_panel() -> rx.Component:
    """Show the order that is open."""
    panel = OrdersState.panel
    return side_panel(
        panel.id != "",
        stack(
            row(order_badge(panel.status), deadline_line(panel.deadline)),
            doing_part(),
            rx.cond(panel.warning, notice(tr("Обратите внимание"), panel.warning, tone="amber")),
            _part(
                tr("Товары"),
                rx.el.ul(rx.foreach(panel.goods, _goods), class_name="k-lines"),
                rx.cond(panel.goods_note, rx.el.p(panel.goods_note, class_name="k-note")),
            ),
            profit_part(),
            _part(tr("О заказе"), fact_list(panel.facts)),
            _part(tr("Покупатель"), buyer_part()),
            _part(tr("Сообщения покупателю"), talk_part()),
            _part(tr("Время"), fact_list(panel.times)),
            _part(tr("История"), timeline(panel.steps, _step)),
        ),
        title=panel.title,
        on_close=OrdersState.close,
    )


def _part(title: Any, *children: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="k-strong"), *children)


def _goods(item: Any) -> rx.Component:
    goods: GoodsView = item
    name = rx.cond(goods.link, text_link(goods.name, goods.link), rx.el.span(goods.name))
    return rx.el.li(
        rx.el.div(
            name,
            rx.el.span(goods.note, class_name="k-note"),
            style={"display": "flex", "flexDirection": "column", "minWidth": "0", "flex": "1"},
        ),
        rx.el.span(goods.total, class_name="k-strong", style={"whiteSpace": "nowrap"}),
        style={"display": "flex", "gap": "12px", "paddingBlock": "6px"},
    )


def _step(item: Any) -> rx.Component:
    step: StepRow = item
    return timeline_item(step.time, step.title, code=step.code, note=step.note)
