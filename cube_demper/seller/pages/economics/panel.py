"""The side panel of a product's economics."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.calculations.figures import figure_list, unsure_notice
from cube_demper.seller.pages.economics.panel_rows import BatchRow, StepRow
from cube_demper.seller.pages.economics.panel_state import PanelState
from cube_demper.seller.tariffs.picker import category_picker
from cube_demper.ui.actions import button, icon_button, link_button, text_link
from cube_demper.ui.charts import chart
from cube_demper.ui.dialogs import side_panel
from cube_demper.ui.forms import form, form_field, segmented, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import stack
from cube_demper.ui.placeholders import notice

_ERRORS = PanelState.errors


def product_panel() -> rx.Component:
    """Show how a product's profit comes about, and what the seller may correct."""
    panel = PanelState.panel
    return side_panel(
        panel.id != "",
        stack(
            rx.el.p(panel.summary, class_name="k-strong"),
            unsure_notice(~panel.is_sure),
            rx.cond(
                panel.gap,
                notice(
                    panel.gap,
                    None,
                    link_button(tr("Условия магазина"), panel.terms_link, size="s"),
                    tone="amber",
                ),
            ),
            rx.cond(panel.steps.length() > 0, _steps()),
            rx.cond(panel.has_history, _history()),
            rx.el.div(_costs(), _terms(), key=PanelState.turn.to_string(), class_name="k-stack"),
            rx.cond(panel.figures.length() > 0, _figures()),
            rx.el.div(
                text_link(tr("Открыть в калькуляторе"), f"/calculators/unit?product={panel.id}"),
                text_link(tr("Страница товара"), f"/products/{panel.id}"),
                class_name="k-row",
            ),
        ),
        title=panel.name,
        on_close=PanelState.close,
    )


def _part(title: rx.Var) -> rx.Component:
    return rx.el.h3(title, class_name="k-strong", style={"margin": "8px 0"})


def _steps() -> rx.Component:
    return rx.el.dl(
        rx.foreach(PanelState.panel.steps, _step),
        class_name="k-facts",
    )


def _step(item: Any) -> rx.Component:
    it: StepRow = item
    weight = rx.cond(it.is_total, "600", "400")
    return rx.el.div(
        rx.el.dt(
            rx.el.span(it.name, style={"fontWeight": weight}),
            rx.cond(it.formula, rx.el.span(it.formula, class_name="k-note")),
            style={"display": "flex", "flexDirection": "column"},
        ),
        rx.el.dd(it.amount, style={"fontWeight": weight, "whiteSpace": "nowrap"}),
    )


def _history() -> rx.Component:
    return rx.el.section(
        _part(tr("Маржа за 30 дней")),
        chart(
            PanelState.figure,
            label=tr("Маржа товара за 30 дней"),
            caption=tr("По ценам на витрине, сегодняшней себестоимости и тарифам"),
            height=180,
        ),
    )


def _costs() -> rx.Component:
    panel = PanelState.panel
    return rx.el.section(
        _part(tr("Себестоимость")),
        segmented(
            [
                ("manual", tr("Вручную")),
                ("fifo", tr("По партиям, FIFO")),
                ("average", tr("Средняя")),
            ],
            panel.method,
            PanelState.choose_method,
            label=tr("Как считать себестоимость"),
        ),
        rx.cond(panel.left, rx.el.p(panel.left, class_name="k-note")),
        rx.el.ul(rx.foreach(panel.batches, _batch), class_name="k-lines-list"),
        form(
            rx.el.div(
                _field("bought_on", tr("Дата закупки"), "on", type="date"),
                _field("quantity", tr("Штук"), "quantity", input_mode="numeric"),
                _field("unit_cost", tr("Цена за штуку"), "unit_cost", unit="₸"),
                _field("note", tr("Примечание"), "note"),
                style={
                    "display": "grid",
                    "gridTemplateColumns": "repeat(auto-fit, minmax(140px, 1fr))",
                    "gap": "12px",
                },
            ),
            button(tr("Добавить партию"), icon="plus", submit=True),
            on_submit=PanelState.add_batch,
        ),
        class_name="k-stack",
    )


def _batch(item: Any) -> rx.Component:
    it: BatchRow = item
    return rx.el.li(
        rx.el.span(
            rx.el.span(it.what),
            rx.el.span(it.note, class_name="k-note"),
            style={"display": "flex", "flexDirection": "column", "flex": "1"},
        ),
        icon_button(
            "trash-2",
            tr("Убрать партию {what}", what=it.what),
            on_click=PanelState.remove_batch(it.id),
        ),
        style={"display": "flex", "alignItems": "center", "padding": "4px 0"},
    )


def _terms() -> rx.Component:
    panel = PanelState.panel
    return rx.el.section(
        _part(tr("Только для этого товара")),
        form(
            form_field(
                tr("Категория тарифов Kaspi"),
                category_picker(
                    "category",
                    value=panel.category,
                    placeholder=tr("как у магазина"),
                    error=_ERRORS["category"],
                ),
                name="category",
                help=rx.cond(
                    panel.own_category,
                    tr("В кабинете: {name}", name=panel.own_category),
                    tr("Начните вводить название или выберите из списка"),
                ),
                error=_ERRORS["category"],
            ),
            form_field(
                tr("Вес с упаковкой"),
                text_input(
                    "weight",
                    default_value=panel.weight,
                    placeholder=tr("как у магазина"),
                    unit=tr("кг"),
                    input_mode="decimal",
                    error=_ERRORS["weight"],
                ),
                name="weight",
                error=_ERRORS["weight"],
            ),
            button(tr("Сохранить"), submit=True),
            on_submit=PanelState.save_terms,
        ),
    )


def _figures() -> rx.Component:
    panel = PanelState.panel
    return rx.el.details(
        rx.el.summary(tr("Откуда цифры"), class_name="k-link"),
        figure_list(panel.figures),
        open=~panel.is_sure,
    )


def _field(name: str, label: str, error: str, **props: Any) -> rx.Component:
    wrong = _ERRORS[error]
    return form_field(label, text_input(name, error=wrong, **props), name=name, error=wrong)
