"""`/economics`: what each product leaves, what orders brought, what the bot changed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.economics.shop.schemas import MarginTab
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.goods_lists import no_goods_here, store_filter
from cube_demper.seller.pages.economics.coming import coming_card
from cube_demper.seller.pages.economics.floors_dialog import floors_dialog
from cube_demper.seller.pages.economics.floors_state import FloorsState
from cube_demper.seller.pages.economics.money_parts import money_cards
from cube_demper.seller.pages.economics.panel import product_panel
from cube_demper.seller.pages.economics.rows import ToDo
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.seller.pages.economics.table import margins_table
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_tools, unless_none
from cube_demper.ui.placeholders import notice
from cube_demper.ui.selection import selected_ids, selection_bar, whole_filter
from cube_demper.ui.tiles import stat_tile, tiles

_TABS: dict[MarginTab, str] = {
    MarginTab.ALL: "Все",
    MarginTab.LOSS: "В минус",
    MarginTab.LOW: "Маржа ниже 10\u00a0%",
    MarginTab.NO_COST: "Без себестоимости",
    MarginTab.UNKNOWN: "Не посчитать",
}


def economics_page() -> rx.Component:
    """Make the page."""
    head = EconomicsState.head
    return page(
        page_header(
            tr("Экономика"),
            head.summary,
            *(rx.cond(EconomicsState.stores.length() > 0, it) for it in _actions()),
        ),
        unless_none(
            EconomicsState,
            EconomicsState.stores.length() > 0,
            rx.foreach(EconomicsState.to_do, _to_do),
            coming_card(),
            _tiles(),
            money_cards(),
            tabs([_tab(tab) for tab in MarginTab], EconomicsState.view.tab),
            margins_table(
                tools=list_tools(
                    EconomicsState, tr("Название или артикул"), store_filter(EconomicsState)
                ),
                selection=_selection(),
                empty=no_goods_here(EconomicsState),
                error_text=tr("Товары на месте, их не получилось показать."),
            ),
            none=connect_first(
                tr("Подключите магазин Kaspi"),
                tr("Посчитаем комиссию, доставку, налог и прибыль каждого товара."),
            ),
        ),
        floors_dialog(),
        product_panel(),
        wide=True,
    )


def _actions() -> tuple[rx.Component, ...]:
    return (
        link_button(tr("Условия магазина"), "/economics/terms", icon="sliders-horizontal"),
        link_button(tr("Закупки из файла"), "/products/import?kind=batches", icon="upload"),
        button(
            tr("Мин. цены по марже"),
            icon="shield",
            kind="primary",
            on_click=FloorsState.open(rx.Var.create([]).to(list[str]), True),
        ),
    )


def _to_do(item: Any) -> rx.Component:
    it: ToDo = item
    return notice(it.title, it.text, link_button(it.verb, it.link, size="s"), tone="amber")


def _tiles() -> rx.Component:
    head = EconomicsState.head
    return tiles(
        stat_tile(
            tr("Типичная маржа товара"),
            head.median,
            icon="percent",
            note=tr("медиана, {known}", known=head.known),
        ),
        stat_tile(
            tr("Продаются в минус"),
            head.losses,
            icon="trending-down",
            note=tr("по цене на витрине"),
            href="/economics?tab=loss",
        ),
        stat_tile(
            tr("Маржа ниже 10\u00a0%"),
            head.low,
            icon="circle-alert",
            note=tr("но выше нуля"),
            href="/economics?tab=low",
        ),
        stat_tile(
            tr("Без себестоимости"),
            head.no_cost,
            icon="circle-help",
            note=head.no_cost_note,
            href="/economics?tab=no_cost",
        ),
    )


def _tab(tab: MarginTab) -> Tab:
    tone = {MarginTab.LOSS: "red", MarginTab.LOW: "amber", MarginTab.NO_COST: "amber"}.get(tab, "")
    count = EconomicsState.counts[tab.value]
    return Tab(tab.value, tr(_TABS[tab]), count, tone, is_rare=tab is MarginTab.UNKNOWN)  # type: ignore[arg-type] # a literal


def _selection() -> rx.Component:
    return selection_bar(
        EconomicsState.view.total,
        button(
            tr("Мин. цены по марже"),
            icon="shield",
            size="s",
            on_click=FloorsState.open(selected_ids(), whole_filter()),
        ),
    )
