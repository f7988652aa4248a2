"""`/rivals`: who stands beside the seller's goods and how each of them behaves."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.market.rivals.schemas import Behaviour
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.rivals.parts import exclude_dialog, rival_panel
from cube_demper.seller.pages.rivals.state import RivalsState
from cube_demper.seller.pages.rivals.table import rivals_table
from cube_demper.seller.pages.rivals.words import BEHAVIOURS, SORT_WORDS
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_tabs, list_tools, unless_none
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.query import clear_query


def rivals_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Конкуренты"), RivalsState.summary),
        unless_none(
            RivalsState,
            RivalsState.has_rivals,
            list_tabs(RivalsState, {it: BEHAVIOURS[it].tab for it in Behaviour}),
            rivals_table(
                tools=list_tools(RivalsState, tr("Название продавца"), sorts=SORT_WORDS),
                empty=_nothing_found(),
                error_text=tr("Конкуренты на месте, их не получилось показать."),
            ),
            none=_nobody(),
        ),
        rival_panel(),
        exclude_dialog(),
        wide=True,
    )


def _nothing_found() -> rx.Component:
    return empty_state(
        tr("Никого не нашлось"),
        tr("Проверьте написание или посмотрите другие разделы."),
        button(tr("Показать всех"), on_click=clear_query()),
        icon="search-x",
    )


def _nobody() -> rx.Component:
    return rx.cond(
        RivalsState.has_stores,
        rx.cond(
            RivalsState.counted_at,
            empty_state(
                tr("Конкурентов пока не видно"),
                rx.fragment(
                    tr("Считаем по проверкам товаров ботом. Последний раз"),
                    " ",
                    age(RivalsState.counted_at),
                    ".",
                ),
                link_button(tr("Включить бота на товарах"), "/products?tab=bot_off"),
                icon="swords",
            ),
            empty_state(
                tr("Считаем конкурентов"),
                tr("Первые данные появятся через несколько минут после первых проверок."),
                icon="hourglass",
            ),
        ),
        connect_first(
            tr("Подключите магазин Kaspi"),
            tr("Здесь появятся продавцы, которые стоят рядом с вами на карточках."),
        ),
    )
