"""`/reconciliation`: reports come in; one report shows its differences, the dearest first."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.economics.payouts.schemas import MOST_BYTES
from cube_demper.seller.first_store import connect_first
from cube_demper.seller.pages.reconciliation.panel import deletion_dialog, difference_panel
from cube_demper.seller.pages.reconciliation.panel_state import DeletionState
from cube_demper.seller.pages.reconciliation.report import one_report
from cube_demper.seller.pages.reconciliation.state import ReconciliationState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.forms import form_field, select
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.query import change_query
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table
from cube_demper.ui.uploads import file_upload

_LINE = tr("Каждая строка отчёта Kaspi рядом с вашим заказом: что сошлось, что нет и что делать")


def reconciliation_page() -> rx.Component:
    """Make the page."""
    current = ReconciliationState.current
    return page(
        rx.cond(
            current.id != "",
            page_header(
                current.title,
                rx.fragment(current.store, " · ", current.file_name),
                rx.cond(current.is_ready, _export()),
                rx.cond(
                    current.is_ready,
                    button(
                        tr("Сверить заново"),
                        icon="refresh-cw",
                        on_click=ReconciliationState.match_again,
                    ),
                ),
                rx.cond(
                    ~current.is_busy,
                    button(
                        tr("Удалить"),
                        icon="trash-2",
                        kind="ghost",
                        on_click=DeletionState.ask(current.id),
                    ),
                ),
                back=(tr("Сверка выплат"), "/reconciliation"),
            ),
            page_header(tr("Сверка выплат"), _LINE),
        ),
        when_ready(
            ReconciliationState.phase,
            rx.cond(current.id != "", one_report(), _list()),
            on_retry=ReconciliationState.load,
            error_text=tr("Отчёты на месте, их не получилось показать."),
        ),
        difference_panel(),
        deletion_dialog(),
    )


def _export() -> rx.Component:
    return rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        rx.el.span(tr("Скачать XLSX")),
        href=f"/api/payouts/reports/{ReconciliationState.current.id}/export",
        download=True,
        reload_document=True,
        class_name="k-button k-secondary k-size-m",
    )


def _list() -> rx.Component:
    return rx.cond(
        ReconciliationState.stores.length() > 0,
        rx.fragment(_upload(), _reports()),
        card(
            connect_first(
                tr("Подключите магазин Kaspi"),
                tr("Отчёт о выплатах сверяется с заказами магазина."),
            )
        ),
    )


def _upload() -> rx.Component:
    view = ReconciliationState.view
    return card(
        rx.cond(
            ReconciliationState.stores.length() > 1,
            rx.el.div(
                form_field(
                    tr("Магазин, из которого отчёт"),
                    select(
                        "store",
                        ReconciliationState.stores,
                        value=view.store,
                        on_change=lambda value: change_query(store=value),
                    ),
                    name="store",
                ),
                style={"maxWidth": "360px", "marginBottom": "16px"},
            ),
        ),
        file_upload(
            f"/api/payouts/reports?store={view.store}",
            tr("Выберите отчёт или перетащите его сюда"),
            hint=tr("XLSX или CSV, до 20 МБ и 100 000 строк"),
            accept=".csv,.txt,.xlsx",
            most_bytes=MOST_BYTES,
            on_done=ReconciliationState.show,
        ),
        rx.el.ul(
            rx.el.li(
                tr("Подходит отчёт по операциям из Kaspi Pay: Отчёты → По продажам → Скачать.")
            ),
            rx.el.li(
                tr("Расхождение до 1 ₸ и округление ставки (12,49 и 12,5 %) различием не считаем.")
            ),
            rx.el.li(tr("Номера карт и имена покупателей из файла не сохраняем.")),
            class_name="k-second",
            style={"margin": "16px 0 0", "paddingLeft": "18px", "fontSize": "13px"},
        ),
        title=tr("Новый отчёт"),
    )


def _reports() -> rx.Component:
    return data_table(
        ReconciliationState.reports,
        [
            Column("name", tr("Отчёт"), _name, label=""),
            Column("period", tr("Период"), lambda it: it.period, width="210px", label=""),
            Column(
                "lines",
                tr("Строк"),
                lambda it: it.lines,
                width="90px",
                align="right",
                on_card=False,
            ),
            Column("short", tr("Недоплата"), lambda it: it.short, width="140px", align="right"),
            Column(
                "state", tr("Итог"), lambda it: badge(it.word, it.tone), width="170px", label=""
            ),
        ],
        label=tr("Отчёты"),
        phase=ReconciliationState.phase,
        card='"name state" "period short"',
        card_columns="minmax(0, 1fr) auto",
        tools=rx.el.div(rx.el.h2(tr("Отчёты")), class_name="k-card-head"),
        empty=empty_state(
            tr("Отчётов пока нет"),
            tr("Загрузите первый: покажем, где Kaspi удержал не столько, сколько по тарифу."),
            icon="file-spreadsheet",
        ),
    )


def _name(line: rx.Var) -> rx.Component:
    return rx.el.span(
        text_link(line.name, f"/reconciliation?id={line.id}"),
        rx.el.span(rx.cond(line.result, line.result, line.store), class_name="k-clip k-note"),
        class_name="k-two",
    )
