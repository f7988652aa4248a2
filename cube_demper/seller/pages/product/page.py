"""`/products/[product_id]`: one product, its price over time, and why the price is what it is."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.cities import cities_card
from cube_demper.seller.pages.product.guards.parts import (
    guard_dialog,
    held_notices,
    war_card,
)
from cube_demper.seller.pages.product.parts import (
    chart_card,
    log_card,
    sellers_card,
)
from cube_demper.seller.pages.product.queue_notice import queue_notice
from cube_demper.seller.pages.product.replay.parts import replay_card, rule_dialog
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.seller.pages.product.supply.parts import supply_card
from cube_demper.seller.pages.product.terms_parts import terms_card
from cube_demper.seller.pages.products.dialogs import sending_dialog
from cube_demper.seller.pages.products.sending_state import SendingState
from cube_demper.seller.pages.products.switch_state import SwitchState
from cube_demper.seller.pages.products.table import picture
from cube_demper.ui.actions import button, link_button, text_link
from cube_demper.ui.forms import switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import columns, page, stack
from cube_demper.ui.live_value import age, live_value
from cube_demper.ui.placeholders import empty_state, error_state, notice, skeleton
from cube_demper.ui.statuses import place_badge
from cube_demper.ui.tiles import fact_strip


def product_page() -> rx.Component:
    """Make the page."""
    return page(
        rx.link(
            rx.icon("chevron-left", size=16, aria_hidden="true"),
            tr("Товары"),
            href="/products",
            class_name="k-back",
            underline="none",
        ),
        rx.match(
            ProductState.phase,
            ("ready", _product()),
            ("missing", _missing()),
            ("error", rx.el.div(error_state(on_retry=ProductState.load), class_name="k-card")),
            rx.el.div(skeleton(6), class_name="k-card", style={"padding": "16px"}),
        ),
        sending_dialog(),
        guard_dialog(),
        rule_dialog(),
    )


def _product() -> rx.Component:
    return stack(
        _header(),
        _only_advises(),
        held_notices(),
        queue_notice(),
        _numbers(),
        columns(
            stack(
                chart_card(), war_card(), log_card(), replay_card(), cities_card(), supply_card()
            ),
            stack(terms_card(), sellers_card()),
        ),
    )


def _header() -> rx.Component:
    card, row = ProductState.card, ProductState.card.row
    return rx.el.header(
        rx.el.div(
            rx.el.div(
                picture(row.image_url, 48),
                rx.el.div(
                    rx.el.h1(card.name),
                    rx.el.p(
                        live_value(place_badge(row.place, row.sellers), watch=row.place),
                        " ",
                        rx.el.span(card.subtitle),
                        " ",
                        rx.cond(
                            card.kaspi_url,
                            text_link(tr("Карточка на Kaspi"), card.kaspi_url, external=True),
                        ),
                        style={
                            "display": "flex",
                            "flexWrap": "wrap",
                            "gap": "2px 12px",
                            "alignItems": "center",
                        },
                    ),
                    class_name="k-header-text",
                ),
                style={"display": "flex", "gap": "14px", "alignItems": "center", "minWidth": "0"},
            ),
            rx.el.div(
                switch(
                    row.bot_on,
                    tr("Бот, {name}", name=card.name),
                    on_change=lambda on: SwitchState.toggle(card.id, on),
                    words=row.status,
                    tone=rx.match(row.tone, ("amber", "amber"), ("red", "amber"), "accent"),
                ),
                button(
                    tr("Проверить сейчас"),
                    icon="refresh-cw",
                    kind="primary",
                    on_click=ProductState.check_now,
                    disabled=~row.bot_on,
                ),
                class_name="k-header-actions",
                style={"alignItems": "center", "gap": "16px"},
            ),
            class_name="k-header-row",
        ),
        class_name="k-header",
    )


def _only_advises() -> rx.Component:
    card = ProductState.card
    return rx.cond(
        card.only_advises,
        notice(
            tr("Бот магазина «{name}» только советует", name=card.store_name),
            tr("Цена на Kaspi не меняется, пока вы не разрешите отправку."),
            button(
                tr("Разрешить отправку"),
                size="s",
                kind="primary",
                on_click=SendingState.ask(card.store_id),
            ),
            tone="amber",
        ),
    )


def _numbers() -> rx.Component:
    card, row = ProductState.card, ProductState.card.row
    return fact_strip(
        (
            tr("Моя цена"),
            live_value(row.price, watch=row.price),
            rx.cond(row.price_note, row.price_note, age(row.price_at)),
        ),
        (
            tr("Лучший конкурент"),
            live_value(rx.cond(row.rival_price, row.rival_price, "—"), watch=row.rival_price),
            card.rival_words,
        ),
        (tr("Запас до мин. цены"), card.reserve, card.reserve_words),
        (tr("Последняя проверка"), age(card.checked_at), card.schedule),
    )


def _missing() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("Товар не найден"),
            tr("Возможно, его убрали из кабинета Kaspi или ссылка неполная."),
            link_button(tr("Открыть все товары"), "/products", kind="primary"),
            icon="package-x",
        ),
        class_name="k-card",
    )
