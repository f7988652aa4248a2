"""The table of rivals: what stands in each column, and on a phone in each card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.market.rivals.service import PAGE_SIZE
from cube_demper.seller.pages.rivals.panel_state import PanelState
from cube_demper.seller.pages.rivals.rows import RowView
from cube_demper.seller.pages.rivals.state import RivalsState
from cube_demper.seller.pages.rivals.words import BEHAVIOURS
from cube_demper.ui.i18n import tr
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column

Row = rx.vars.ObjectVar[RowView]

_CARD = '"name name" "word word" "share delay" "goods ahead"'


def rivals_table(**around: Any) -> rx.Component:
    """Show the page of rivals; `around` is what `data_table` takes besides the columns."""
    return list_table(
        RivalsState,
        _columns(),
        label=tr("Конкуренты"),
        card=_CARD,
        card_columns="minmax(0, 1fr) minmax(0, 1fr)",
        page_size=PAGE_SIZE,
        **around,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Продавец"), _name, sort="name", label=""),
        Column("word", tr("Поведение"), _behaviour, width="280px", label=""),
        figure("share", tr("Отвечает"), width="112px", sort="share"),
        figure("delay", tr("За сколько"), width="130px", sort="delay"),
        figure(
            "deep", tr("Ниже всего"), width="124px", sort="deep", on_card=False, min_screen=1100
        ),
        figure("ahead", tr("Дешевле вас"), width="128px", sort="ahead"),
        figure("goods", tr("Товаров"), width="118px", sort="goods"),
    ]


def _name(row: Row) -> rx.Component:
    return rx.el.span(
        rx.el.button(
            row.name,
            type="button",
            class_name="k-link k-clip k-strong",
            on_click=PanelState.open(row.id),
            style={"textAlign": "left", "maxWidth": "100%", "color": "inherit"},
        ),
        rx.cond(row.note, rx.el.span(row.note, class_name="k-clip k-note")),
        style={"display": "flex", "flexDirection": "column", "minWidth": "0"},
    )


def _behaviour(row: Row) -> rx.Component:
    return rx.el.span(
        behaviour_badge(row.code),
        rx.el.span(
            row.reason,
            class_name="k-note",
            style={
                "display": "block",
                "whiteSpace": "normal",
                "marginTop": "3px",
                "color": rx.cond(row.is_excluded, "var(--amber-11)", ""),
            },
        ),
        style={
            "display": "block",
            "paddingBlock": "8px",
            "@media (max-width: 760px)": {"paddingBlock": "0"},
        },
    )


def behaviour_badge(code: rx.Var[str]) -> rx.Component:
    """Show a behaviour by its word."""
    cases: list[Any] = [
        (str(key), badge(tr(shown.word), shown.tone, shown.icon))
        for key, shown in BEHAVIOURS.items()
    ]
    return rx.match(code, *cases, rx.fragment())
