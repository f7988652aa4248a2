"""Lists too long to count: a page by a cursor in the address, with the way to newer and older rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.query import change_query
from cube_demper.ui.tables import Column, data_table


class KeysetMixin(rx.State, mixin=True):
    """What a ListMixin has besides where its pages go by `db.keyset` and not by number.

    `chosen`: the filters in effect by their names in the address.
    """

    chosen: dict[str, str] = {}  # noqa: RUF012 - a Reflex var, copied per state
    newer: str = ""
    older: str = ""


def keyset_table(state: Any, columns: Sequence[Column], **around: Any) -> rx.Component:
    """Show the rows of a KeysetMixin with its pager; `around` is what `data_table` takes besides."""
    return rx.fragment(
        data_table(state.rows, columns, phase=state.phase, on_retry=state.load, **around),
        _pager(state),
    )


def _pager(state: Any) -> rx.Component:
    """Lead to the newest, newer and older rows; nothing where all fits."""
    return rx.cond(
        (state.newer != "") | (state.older != ""),
        rx.el.nav(
            rx.el.button(
                tr("К самым новым"),
                type="button",
                on_click=change_query(at=""),
                disabled=state.newer == "",
                class_name="k-quiet",
            ),
            rx.el.div(
                _turn("chevron-left", tr("Новее"), state.newer),
                _turn("chevron-right", tr("Старее"), state.older),
                class_name="k-pages",
            ),
            aria_label=tr("Страницы"),
            class_name="k-pager",
        ),
    )


def _turn(icon: str, words: Any, cursor: Any) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        on_click=change_query(at=cursor),
        disabled=cursor == "",
        aria_label=words,
        class_name="k-icon-button",
    )
