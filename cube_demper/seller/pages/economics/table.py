"""The table of margins: a row on a desktop, a card on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.economics.shop.schemas import PAGE_SIZE
from cube_demper.seller.pages.economics.edit_state import CostEditState
from cube_demper.seller.pages.economics.panel_state import PanelState
from cube_demper.seller.pages.economics.rows import RowView
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.ui.actions import icon_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.inline_editor import inline_editor
from cube_demper.ui.lists import list_table
from cube_demper.ui.tables import Column, picture

Row = rx.vars.ObjectVar[RowView]
_CARD = '"name name open" "price cost margin" "commission delivery profit"'
_CARD_COLUMNS = "minmax(0, 1fr) minmax(0, 1fr) auto"


def margins_table(**around: Any) -> rx.Component:
    """Show the page of margins; `around` is what `data_table` takes besides the columns."""
    return list_table(
        EconomicsState,
        _columns(),
        label=tr("Маржа товаров"),
        card=_CARD,
        card_columns=_CARD_COLUMNS,
        page_size=PAGE_SIZE,
        row_name=lambda row: tr("Выбрать «{name}»", name=row.name),
        **around,
    )


def _columns() -> list[Column]:
    def money(key: str, title: str, width: str, min_screen: int = 0) -> Column:
        return Column(
            key,
            tr(title),
            lambda row: row[key],
            width=width,
            align="right",
            sort=key,
            min_screen=min_screen,
            on_card=min_screen < 1280,
        )

    return [
        Column("name", tr("Товар"), _name, sort="name", label=""),
        money("price", "Цена", "108px"),
        Column(
            "cost",
            tr("Себестоимость"),
            _cost,
            width="128px",
            align="right",
            sort="cost",
            label=tr("Закупка"),
        ),
        money("commission", "Комиссия", "104px"),
        money("delivery", "Доставка", "104px"),
        money("tax", "Налог", "96px", min_screen=1280),
        Column("profit", tr("Прибыль"), _profit, width="112px", align="right", sort="profit"),
        Column("margin", tr("Маржа"), _margin, width="112px", align="right", sort="margin"),
        Column("open", tr("Ещё"), _open, width="60px", label=""),
    ]


def _name(row: Row) -> rx.Component:
    return rx.el.span(
        picture(row.image_url),
        rx.el.span(
            rx.link(
                row.name,
                href=f"/products/{row.id}",
                class_name="k-clip k-strong",
                underline="hover",
                color="inherit",
                title=row.name,
                style={
                    "display": "-webkit-box",
                    "WebkitLineClamp": "2",
                    "WebkitBoxOrient": "vertical",
                    "whiteSpace": "normal",
                },
            ),
            rx.el.span(row.note, class_name="k-clip k-note"),
        ),
        class_name="k-name",
        style={"paddingBlock": "6px", "@media (max-width: 760px)": {"paddingBlock": "0"}},
    )


def _cost(row: Row) -> rx.Component:
    return inline_editor(
        row.cost,
        label=tr("Себестоимость, {name}", name=row.name),
        outcome=CostEditState.edits[row.id + ":cost"],
        on_save=lambda text: CostEditState.save(row.id, text),
        kind="number",
        placeholder=tr("Указать"),
    )


def _profit(row: Row) -> rx.Component:
    return rx.el.span(row.profit, style=_toned(row))


def _margin(row: Row) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.margin, class_name="k-strong", style=_toned(row)),
        rx.cond(
            row.margin_note,
            rx.el.span(row.margin_note, class_name="k-note", style={"whiteSpace": "normal"}),
        ),
        style={
            "display": "inline-flex",
            "flexDirection": "column",
            "alignItems": "flex-end",
            "@media (max-width: 760px)": {"alignItems": "flex-start"},
        },
    )


def _toned(row: Row) -> dict[str, Any]:
    return {
        "color": rx.match(
            row.tone,
            ("red", "var(--red-11)"),
            ("amber", "var(--amber-11)"),
            "inherit",
        ),
        "whiteSpace": "nowrap",
    }


def _open(row: Row) -> rx.Component:
    return icon_button(
        "panel-right",
        tr("Расчёт и партии, {name}", name=row.name),
        on_click=PanelState.open(row.id),
    )
