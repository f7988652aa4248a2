"""One report: how far it is, which columns it asks for, its sums and its differences."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.economics.payouts.schemas import ROWS_SHOWN
from cube_demper.seller.pages.reconciliation.panel_state import DifferenceState
from cube_demper.seller.pages.reconciliation.state import ReconciliationState
from cube_demper.ui.actions import button, link_button, text_link
from cube_demper.ui.filters import Tab, filter_bar, filter_chip, search_box, tabs
from cube_demper.ui.forms import form, form_field, select
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, row, stack
from cube_demper.ui.lists import list_table
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column
from cube_demper.ui.tiles import meter, progress_bar, stat_tile, tiles


def one_report() -> rx.Component:
    """Show a report as far as it is."""
    current = ReconciliationState.current
    return rx.fragment(
        rx.cond(current.is_busy, _progress()),
        rx.cond(
            current.is_refused,
            notice(
                tr("Файл не подошёл"),
                current.note,
                link_button(tr("Загрузить другой файл"), "/reconciliation", size="s"),
                tone="red",
            ),
        ),
        rx.cond(current.is_cancelled, _cancelled()),
        rx.cond(current.asks_columns, _columns()),
        rx.cond(current.is_ready, _ready()),
    )


def _progress() -> rx.Component:
    current = ReconciliationState.current
    return card(
        stack(
            rx.el.p(current.progress, class_name="k-second", role="status"),
            progress_bar(current.percent, current.progress),
            rx.el.p(tr("Страницу можно закрыть: сверка продолжится."), class_name="k-note"),
        ),
        title=tr("Сверяем отчёт"),
        action=button(tr("Отменить"), size="s", on_click=ReconciliationState.cancel),
    )


def _cancelled() -> rx.Component:
    return notice(
        tr("Сверка отменена"),
        tr("Файл загружен, но не сверен. Можно продолжить или удалить отчёт."),
        button(
            tr("Продолжить сверку"),
            kind="primary",
            size="s",
            on_click=ReconciliationState.match_again,
        ),
    )


def _columns() -> rx.Component:
    return rx.fragment(
        notice(tr("Укажите столбцы"), ReconciliationState.current.note, tone="amber"),
        card(
            form(
                rx.el.div(
                    rx.foreach(ReconciliationState.columns.choices, _choice),
                    style={
                        "display": "grid",
                        "gridTemplateColumns": "repeat(auto-fit, minmax(260px, 1fr))",
                        "gap": "12px 16px",
                    },
                ),
                row(button(tr("Прочитать отчёт"), kind="primary", submit=True)),
                on_submit=ReconciliationState.choose_columns,
            ),
            title=tr("Что в каком столбце"),
        ),
        rx.el.p(
            tr("Столбцы со звёздочкой обязательны. Выбор запомним для этого магазина."),
            class_name="k-note",
        ),
    )


def _choice(it: Any) -> rx.Component:
    options = ReconciliationState.columns.options
    control = select(it.name, options, default_value=it.value)
    return form_field(it.label, control, name=it.name)


def _ready() -> rx.Component:
    current = ReconciliationState.current
    return rx.fragment(
        rx.cond(current.note, notice(current.note, tone="amber")),
        tiles(
            stat_tile(tr("Операции"), current.gross, icon="receipt"),
            stat_tile(tr("Удержано"), current.kept, icon="percent", note=current.kept_of),
            stat_tile(tr("К зачислению"), current.net, icon="wallet"),
            stat_tile(
                tr("Вам недоплатили"),
                current.short,
                icon="circle-alert",
                change=rx.cond(current.is_short, tr("нужно разобраться"), tr("всё сошлось")),
                tone=rx.cond(current.is_short, "red", "green"),
                note=current.over,
            ),
        ),
        rx.cond(
            current.open > 0,
            card(
                rx.el.div(rx.foreach(ReconciliationState.kinds, _kind), class_name="k-stack"),
                title=tr("Открытые различия по видам"),
            ),
        ),
        tabs(
            [
                Tab("open", tr("Открытые"), current.open, "amber"),
                Tab("resolved", tr("Разобраны"), current.resolved),
                Tab("fine", tr("Сошлось"), current.fine),
            ],
            ReconciliationState.view.tab,
        ),
        _differences(),
    )


def _kind(it: Any) -> rx.Component:
    return rx.cond(
        it.open.to(int) > 0, meter(text_link(it.name, it.href), it.amount, it.percent, tone=it.tone)
    )


def _differences() -> rx.Component:
    state, view = ReconciliationState, ReconciliationState.view
    return list_table(
        state,
        [
            Column("order", tr("Заказ"), _order, width="130px", label=""),
            Column("what", tr("Что это и что делать"), _what, label=""),
            Column("ours", tr("Должно быть"), _ours, width="130px", align="right"),
            Column("theirs", tr("В отчёте"), lambda it: it.theirs, width="130px", align="right"),
            Column("sum", tr("Для вас"), _amount, width="120px", align="right", label=""),
        ],
        label=tr("Строки сверки"),
        card='"order sum" "what what" "ours theirs"',
        card_columns="minmax(0, 1fr) auto",
        page_size=ROWS_SHOWN,
        tools=filter_bar(
            search_box(view.search, tr("Номер заказа")),
            rx.cond(
                view.tab != "fine",
                filter_chip(tr("Вид различия"), state.kind, state.kinds, name="kind"),
            ),
            found=view.total,
            active=view.is_narrowed,
            right=rx.cond(
                (state.kind != "") & (view.tab == "open") & (view.total > 0),
                button(
                    tr("Разобрать все этого вида"),
                    icon="check-check",
                    size="s",
                    on_click=state.resolve_shown,
                ),
            ),
            keep=("tab", "id"),
        ),
        empty=empty_state(
            rx.cond(view.is_narrowed, tr("Ничего не нашлось"), tr("Здесь пусто")),
            rx.cond(
                view.tab == "open",
                tr("Открытых различий нет."),
                tr("Строки появятся здесь после сверки."),
            ),
            icon="check",
        ),
    )


def _order(line: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(line.order, class_name="k-strong"),
        rx.el.span(line.where, class_name="k-note"),
        class_name="k-two",
    )


def _what(line: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(
            line.id.to(str).startswith("line-"),
            badge(line.name, line.tone),
            rx.el.button(
                badge(line.name, line.tone),
                type="button",
                class_name="k-link",
                on_click=DifferenceState.open(line.id),
            ),
        ),
        rx.el.span(line.story, class_name="k-second", style={"fontSize": "13px"}),
        class_name="k-lines",
        style={"gap": "4px", "alignItems": "flex-start", "padding": "10px 0"},
    )


def _ours(line: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(line.ours),
        rx.cond(line.is_estimate, rx.el.span(tr("оценка"), class_name="k-note")),
        class_name="k-two",
    )


def _amount(line: Any) -> rx.Component:
    return rx.el.b(line.amount, custom_attrs={"data-tone": line.amount_tone})
