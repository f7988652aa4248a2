"""The card «Цены по городам»."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.cards import CityView
from cube_demper.seller.pages.product.city_state import CityState
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.inline_editor import inline_editor
from cube_demper.ui.layout import card
from cube_demper.ui.live_value import live_value
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table


def cities_card() -> rx.Component:
    """Show the product in every city of the store, where there are several."""
    columns = [
        Column("name", tr("Город"), _city_name, label=""),
        Column("place", tr("Место"), _city_place, width="90px"),
        Column("price", tr("Моя цена"), _city_price, width="112px", align="right"),
        Column("rival", tr("Конкурент"), lambda it: it.rival_price, width="104px", align="right"),
        Column("min", tr("Мин. цена"), _city_min, width="108px", align="right"),
        Column("max", tr("Макс. цена"), _city_max, width="108px", align="right"),
        Column("bot", tr("Бот"), _city_bot, width="64px", label=""),
    ]
    return rx.cond(
        ProductState.cities.length() > 1,
        card(
            data_table(
                ProductState.cities,
                columns,
                label=tr("Цены по городам"),
                phase=ProductState.phase,
                card='"name place bot" "price rival rival" "min max max"',
                card_columns="1fr 1fr auto",
            ),
            rx.el.div(
                switch(
                    ProductState.card.home_only,
                    tr("Только домашний город"),
                    on_change=CityState.home_only,
                    words=rx.cond(
                        ProductState.card.is_store_home_only,
                        tr("Только домашний город: так решено для всего магазина"),
                        tr("Только домашний город"),
                    ),
                    disabled=ProductState.card.is_store_home_only,
                ),
                style={"padding": "10px 16px", "borderTop": "1px solid var(--line)"},
            ),
            title=tr("Цены по городам"),
            note=tr("пустая граница — базовая цена этого города"),
            action=button(
                tr("Границы как в домашнем"), size="s", icon="copy", on_click=CityState.copy_home
            ),
            flush=True,
        ),
    )


def _city_name(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    return rx.el.span(
        rx.el.span(city.name, class_name="k-strong"),
        rx.cond(city.is_home, rx.el.span(tr("домашний"), class_name="k-note"), rx.fragment()),
        style={"display": "flex", "flexDirection": "column"},
    )


def _city_place(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    words = rx.el.span(rx.el.b(city.place), "-е")
    return rx.cond(
        city.place > 0,
        badge(words, rx.cond(city.place == 1, "green", "blue")),
        rx.el.span("—", class_name="k-second"),
    )


def _city_price(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    return live_value(city.price, watch=city.price, at=city.checked_at)


def _city_min(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    return inline_editor(
        city.min_price,
        label=tr("Мин. цена, {name}", name=city.name),
        outcome=CityState.edits[city.id + ":min"],
        on_save=lambda text: CityState.save_min(city.id, city.min_price, text),
        disabled=city.is_home,
        placeholder=tr("Нет"),
        optional=True,
    )


def _city_max(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    return inline_editor(
        city.max_price,
        label=tr("Макс. цена, {name}", name=city.name),
        outcome=CityState.edits[city.id + ":max"],
        on_save=lambda text: CityState.save_max(city.id, city.max_price, text),
        disabled=city.is_home,
        placeholder=tr("Нет"),
        optional=True,
    )


def _city_bot(city: rx.vars.ObjectVar[CityView]) -> rx.Component:
    return switch(
        city.bot_on,
        tr("Бот, {name}", name=city.name),
        on_change=lambda on: CityState.toggle(city.id, on),
        disabled=city.is_home,
    )
