"""`/products`: every product, its place, its price and its bot, in one table."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from cube_demper.domain.catalog.list_schemas import ProductTab
from cube_demper.domain.pricing.alerts.rules import LOST_LONG
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.goods_lists import no_goods_here, store_filter
from cube_demper.seller.pages.products.bulk_state import BulkState
from cube_demper.seller.pages.products.dialogs import bulk_dialog, sending_dialog, switch_dialog
from cube_demper.seller.pages.products.return_state import ReturnSelectionState
from cube_demper.seller.pages.products.rows import StoreView
from cube_demper.seller.pages.products.sending_state import SendingState
from cube_demper.seller.pages.products.state import ProductsState
from cube_demper.seller.pages.products.switch_state import SwitchState
from cube_demper.seller.pages.products.table import products_table
from cube_demper.seller.pages.products.words import SORT_WORDS, TAB_WORDS
from cube_demper.seller.returning.view import return_dialog
from cube_demper.ui.actions import button, link_button, menu, menu_item
from cube_demper.ui.downloads import save_file
from cube_demper.ui.filters import Tab, filter_chip, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import list_tools, unless_none
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.selection import selected_ids, selection_bar, whole_filter

_TONES: dict[ProductTab, Literal["amber", "red"]] = {
    ProductTab.AT_FLOOR: "amber",
    ProductTab.NO_MIN_PRICE: "amber",
    ProductTab.WAR: "amber",
    ProductTab.HELD: "red",
    ProductTab.ERROR: "red",
}
_BULK = (
    ("min", "Мин. цена", "shield"),
    ("max", "Макс. цена", "arrow-up-to-line"),
    ("strategy", "Стратегия", "route"),
    ("step", "Шаг", "footprints"),
    ("priority", "Приоритет", "star"),
)
_RARE = frozenset({ProductTab.WAR, ProductTab.HELD})


def products_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Товары"),
            ProductsState.summary,
            rx.cond(ProductsState.has_goods, _files()),
        ),
        rx.foreach(ProductsState.stores, _only_advises),
        unless_none(
            ProductsState,
            ProductsState.has_goods,
            tabs([_tab(tab) for tab in ProductTab], ProductsState.view.tab),
            products_table(
                tools=_tools(),
                selection=_selection(),
                empty=no_goods_here(ProductsState),
                error_text=tr("Товары на месте, их не получилось показать."),
            ),
            none=_no_goods(),
        ),
        switch_dialog(),
        bulk_dialog(),
        sending_dialog(),
        return_dialog(),
        wide=True,
    )


def _files() -> rx.Component:
    return rx.el.div(
        menu(
            button(tr("Скачать"), icon="download"),
            menu_item(tr("Excel (XLSX)"), on_click=_download("xlsx")),
            menu_item(tr("CSV"), on_click=_download("csv")),
        ),
        link_button(tr("Загрузить из файла"), "/products/import", icon="upload"),
        class_name="k-row",
    )


def _download(kind: str) -> rx.event.EventSpec:
    """Save everything that the filter of the address holds."""
    return save_file(f"/api/goods/export?format={kind}&", with_filter=True)


def _tab(tab: ProductTab) -> Tab:
    count, tone = ProductsState.counts[tab], _TONES.get(tab, "")
    return Tab(tab, tr(TAB_WORDS[tab]), count, tone, is_rare=tab in _RARE)


def _only_advises(store: rx.vars.ObjectVar[StoreView]) -> rx.Component:
    return rx.cond(
        store.only_advises,
        notice(
            store.advice,
            tr("Сейчас он только советует. Посмотрите советы и разрешите отправку, когда готовы."),
            button(
                tr("Разрешить отправку"),
                size="s",
                kind="primary",
                on_click=SendingState.ask(store.value),
            ),
            tone="amber",
        ),
    )


def _tools() -> rx.Component:
    return list_tools(
        ProductsState,
        tr("Название или артикул"),
        store_filter(ProductsState),
        rx.cond(
            ProductsState.lost,
            filter_chip(
                tr("Не первые"),
                ProductsState.lost,
                [(LOST_LONG, tr("Не первые больше 2 часов"))],
                name="lost",
            ),
        ),
        rx.cond(
            ProductsState.has_new_order,
            button(
                tr("Показать обновлённый порядок"),
                icon="arrow-down-up",
                size="s",
                on_click=ProductsState.refresh,
            ),
        ),
        sorts=SORT_WORDS,
    )


def _selection() -> rx.Component:
    chosen = (selected_ids(), whole_filter())
    return selection_bar(
        ProductsState.view.total,
        button(tr("Включить бота"), icon="play", size="s", on_click=SwitchState.ask(*chosen, True)),
        button(tr("Выключить"), icon="pause", size="s", on_click=SwitchState.ask(*chosen, False)),
        *(
            button(tr(words), icon=icon, size="s", on_click=BulkState.open(kind, *chosen))
            for kind, words, icon in _BULK
        ),
        button(
            tr("Вернуть цены"), icon="undo-2", size="s", on_click=ReturnSelectionState.ask(*chosen)
        ),
    )


def _no_goods() -> rx.Component:
    return rx.cond(
        ProductsState.has_stores,
        rx.cond(
            ProductsState.summary != "",
            _none_yet(tr("Добавьте их в кабинете Kaspi и обновите каталог в «Магазинах».")),
            _none_yet(
                tr("Мы загружаем их из кабинета Kaspi. Обычно это занимает несколько минут.")
            ),
        ),
        connect_first(
            tr("Подключите магазин Kaspi"),
            tr("Товары появятся здесь сами. Цены без вашего разрешения не изменятся."),
        ),
    )


def _none_yet(why: Any) -> rx.Component:
    stores = link_button(tr("Открыть магазины"), "/stores")
    return empty_state(tr("Товаров пока нет"), why, stores, icon="package-open")
