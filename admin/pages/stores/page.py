"""`/stores`: all stores, why each works or not."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.stores.panel import store_panel
from admin.pages.stores.panel_state import StorePanel
from admin.pages.stores.rows import TABS, StoreRow
from admin.pages.stores.state import StoresState
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.domain.stores.staff_schemas import StoreState
from cube_demper.ui.actions import text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure, list_table, list_tabs, list_tools
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, opener

_RARE = frozenset(TABS) - {StoreState.WORKS, StoreState.NEEDS_REAUTH, StoreState.STOPPED}


def stores_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Магазины"),
            tr("Почему каждый работает или нет. Нажмите на магазин, чтобы помочь ему."),
        ),
        list_tabs(StoresState, TABS, rare=_RARE),
        list_table(
            StoresState,
            _columns(),
            label=tr("Магазины"),
            card='"name state" "why why" "owner goods" "seen changes"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            tools=list_tools(StoresState, tr("Название, номер или почта владельца")),
            empty=empty_state(
                tr("Таких магазинов нет"),
                tr("Магазин появится здесь, когда продавец подключит его в своём кабинете."),
                icon="store",
            ),
        ),
        store_panel(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Магазин"), _name, label=""),
        Column("owner", tr("Владелец"), _owner, width="200px", label="", min_screen=1440),
        Column("state", tr("Состояние"), _state, width="160px", label=""),
        Column("why", tr("Почему"), lambda row: row.why, width="250px", label=""),
        figure("goods", tr("Товары"), width="110px", label=""),
        figure("changes", tr("Изменения"), width="130px", min_screen=1100, label=""),
        figure("seen", tr("Проверка"), width="120px", label=""),
    ]


def _name(row: Any) -> rx.Component:
    it: StoreRow = row
    return opener(it.name, it.merchant, StorePanel.open_store(it.id))


def _owner(row: Any) -> rx.Component:
    return text_link(row.owner, row.owner_href)


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)
