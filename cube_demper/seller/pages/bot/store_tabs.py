"""The choice of the store: tabs while they are few, a search among many."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.bot.rows import StoreTab
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.ui.guards import guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.query import change_query
from cube_demper.ui.statuses import status_badge

_MOST_TABS = 8
"""More do not fit beside each other; those of many that do not match a search are not shown."""


class StoreSearchState(rx.State):
    """What is searched among many stores. Not in the address: that would read the settings anew."""

    text: str = ""

    @guarded(Role.USER)
    async def search(self, text: str) -> None:
        """Show the stores whose name holds the text."""
        self.text = text.strip().lower()[:60]


def store_tabs() -> rx.Component:
    """Choose the store; on a phone the choice among few is a select."""
    return rx.cond(BotState.tabs.length() > _MOST_TABS, _many(), _few())


def _few() -> rx.Component:
    return rx.el.nav(
        rx.el.div(rx.foreach(BotState.tabs, _tab), class_name="k-tabs"),
        rx.el.span(
            rx.el.select(
                rx.foreach(BotState.tabs, lambda it: rx.el.option(it.name, value=it.id)),
                value=BotState.now.id,
                on_change=lambda value: change_query(store=value),
                custom_attrs={"aria-label": tr("Магазин")},
            ),
            rx.icon("chevron-down", size=16, aria_hidden="true"),
            class_name="k-input k-select k-tabs-select",
        ),
        aria_label=tr("Магазины"),
        class_name="k-tabs-nav",
    )


def _many() -> rx.Component:
    words = tr("Найти магазин из {n}", n=BotState.tabs.length())
    return rx.el.nav(
        rx.el.label(
            rx.icon("search", size=16, aria_hidden="true"),
            rx.el.input(
                type="search",
                placeholder=words,
                on_change=StoreSearchState.search,
                debounce_timeout=200,
                custom_attrs={"aria-label": words},
            ),
            class_name="k-search",
        ),
        rx.el.div(rx.foreach(BotState.tabs, _match), class_name="k-tabs"),
        aria_label=tr("Магазины"),
        class_name="k-tabs-nav k-tabs-many",
    )


def _match(item: Any) -> rx.Component:
    store: Any = item
    text = StoreSearchState.text
    is_found = (text != "") & store.name.lower().contains(text)
    return rx.cond((BotState.now.id == store.id) | is_found, _tab(item))


def _tab(item: Any) -> rx.Component:
    store: StoreTab = item
    return rx.el.button(
        store.name,
        rx.cond(store.is_idle, status_badge(store.code)),
        type="button",
        on_click=change_query(store=store.id),
        custom_attrs={"aria-current": rx.cond(BotState.now.id == store.id, "true", "false")},
    )
