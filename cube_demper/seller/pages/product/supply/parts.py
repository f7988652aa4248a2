"""The card «Наличие и предзаказ»."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.product.supply.rows import PointView
from cube_demper.seller.pages.product.supply.state import PRE_ORDER, SupplyState
from cube_demper.ui.actions import button
from cube_demper.ui.forms import switch
from cube_demper.ui.i18n import tr
from cube_demper.ui.inline_editor import inline_editor
from cube_demper.ui.layout import card
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table

_VIEW = SupplyState.view


def supply_card() -> rx.Component:
    """Show the product at every point of the store."""
    return card(
        rx.cond(
            _VIEW.is_known,
            rx.fragment(_points(), _pre_order(), _progress()),
            empty_state(
                tr("Наличие ещё не прочитано"),
                tr("Точки появятся после обновления каталога из Kaspi."),
                icon="warehouse",
            ),
        ),
        title=tr("Наличие и предзаказ"),
        note=rx.cond(_VIEW.is_known, rx.el.span(tr("в кабинете"), " ", age(_VIEW.read_at)), ""),
        flush=True,
    )


def _points() -> rx.Component:
    columns = [
        Column("name", tr("Точка"), _name, label=""),
        Column("stock", tr("Остаток"), _stock, width="132px", align="right"),
        Column("on", tr("Продаётся"), _switch, width="104px", label=""),
    ]
    return data_table(
        _VIEW.points,
        columns,
        label=tr("Наличие по точкам"),
        phase="ready",
        card='"name on" "stock stock"',
        card_columns="1fr auto",
    )


def _name(point: rx.vars.ObjectVar[PointView]) -> rx.Component:
    return rx.el.span(
        rx.el.span(point.name, class_name="k-strong"),
        rx.el.span(point.city, class_name="k-note"),
        style={"display": "flex", "flexDirection": "column"},
    )


def _stock(point: rx.vars.ObjectVar[PointView]) -> rx.Component:
    return inline_editor(
        point.stock,
        label=tr("Остаток, {name}", name=point.name),
        outcome=SupplyState.edits[point.id + ":stock"],
        on_save=lambda text: SupplyState.save_stock(point.id, text),
        kind="number",
        unit=tr("шт"),
        placeholder=tr("Не считается"),
        optional=True,
        disabled=~point.is_available,
    )


def _switch(point: rx.vars.ObjectVar[PointView]) -> rx.Component:
    return switch(
        point.is_available,
        tr("Продавать, {name}", name=point.name),
        on_change=lambda on: SupplyState.toggle(point.id, on),
    )


def _pre_order() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.el.span(tr("Предзаказ"), class_name="k-strong"),
            rx.el.span(tr("срок для всех точек, от 1 до 30 дней"), class_name="k-note"),
            style={"display": "flex", "flexDirection": "column"},
        ),
        inline_editor(
            _VIEW.pre_order,
            label=tr("Предзаказ, дней"),
            outcome=SupplyState.edits[PRE_ORDER],
            on_save=SupplyState.save_pre_order,
            kind="number",
            unit=tr("дн"),
            placeholder=tr("Нет"),
            optional=True,
        ),
        style=_LINE,
    )


def _progress() -> rx.Component:
    return rx.cond(
        _VIEW.progress,
        rx.el.div(
            rx.el.span(
                badge(_VIEW.progress, _VIEW.tone),
                " ",
                rx.el.span(_VIEW.note, class_name="k-note"),
                role="status",
            ),
            rx.cond(
                _VIEW.undo_id,
                button(
                    tr("Отменить"),
                    size="s",
                    icon="undo-2",
                    on_click=SupplyState.undo(_VIEW.undo_id),
                ),
            ),
            style=_LINE,
        ),
    )


_LINE = {
    "display": "flex",
    "justifyContent": "space-between",
    "alignItems": "center",
    "gap": "12px",
    "padding": "10px 16px",
    "borderTop": "1px solid var(--line)",
}
