"""The reading of a store's orders in the panel of its token: how it goes, and the switch."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.stores.rows import CardView
from cube_demper.seller.pages.stores.token_state import TokenState
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import dot


def reading_part(store: CardView) -> rx.Component:
    """Show how the orders are read, what stands in the way, and the switch."""
    reading = store.reading
    return rx.el.div(
        rx.el.h2(tr("Чтение заказов"), class_name="k-strong"),
        rx.el.p(
            dot(reading.tone),
            rx.el.span(reading.words),
            class_name="k-row",
            role="status",
        ),
        rx.cond(
            reading.title,
            rx.cond(
                reading.is_passing,
                notice(reading.title, reading.text, tone="amber"),
                notice(reading.title, reading.text, tone="red"),
            ),
        ),
        rx.el.p(
            tr(
                "Раз в 10 минут берём из Kaspi новые заказы и их состояния, в первый раз за весь год."
                " Без токена читаем через кабинет, тогда телефоны покупателей скрыты."
            ),
            class_name="k-note",
        ),
        rx.el.div(
            rx.cond(
                reading.is_on,
                button(
                    tr("Не читать заказы"), kind="ghost", on_click=TokenState.switch_reading(False)
                ),
                button(tr("Читать заказы"), icon="play", on_click=TokenState.switch_reading(True)),
            ),
            class_name="k-row",
        ),
        class_name="k-form",
    )
