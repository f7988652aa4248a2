"""What lists of goods have besides the frame of lists: the choice of a store, and nothing to show."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import button
from cube_demper.ui.filters import filter_chip
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.query import clear_query


def store_filter(state: Any) -> rx.Component:
    """Choose one of `state.stores` (with `value` and `label`), where there are several."""
    stores = state.stores
    chip = filter_chip(
        tr("Магазин"), state.view.store, stores.to(list[dict[str, str]]), name="store"
    )
    return rx.cond(stores.length() > 1, chip)


def no_goods_here(state: Any) -> rx.Component:
    """Say why a list of goods shows none: the filters, or a tab that is empty."""
    return rx.cond(
        state.view.is_narrowed,
        empty_state(
            tr("Ничего не нашлось"),
            tr("Проверьте написание или уберите фильтры."),
            button(tr("Сбросить фильтры"), on_click=clear_query("tab")),
            icon="search-x",
        ),
        empty_state(
            tr("Здесь пусто"),
            tr("В этом разделе сейчас нет товаров."),
            button(tr("Показать все товары"), on_click=clear_query()),
            icon="package-open",
        ),
    )
