"""`/leads`: whom the partner brought."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.partners.reading import PAGE_SIZE
from cube_demper.domain.partners.words import STAGE_WORDS
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import side_panel
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, page, page_header, row
from cube_demper.ui.lists import figure, list_table, list_tabs
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, opener
from cube_demper.ui.timeline import timeline, timeline_item
from partner.navigation import LINKS
from partner.pages.leads.rows import LeadRow, StepView
from partner.pages.leads.state import LeadsState


def leads_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Клиенты"),
            tr("Имена скрыты. Нажмите на клиента, чтобы увидеть, почему начислено или нет."),
            button(tr("Скачать CSV"), icon="download", on_click=LeadsState.export),
        ),
        list_tabs(LeadsState, STAGE_WORDS),
        list_table(
            LeadsState,
            _columns(),
            label=tr("Клиенты"),
            card='"name status" "why why" "came money"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            empty=_nothing(),
        ),
        _panel(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Клиент"), _name, label=""),
        Column("way", tr("Откуда"), lambda row: row.campaign, width="140px", on_card=False),
        figure("came", tr("Регистрация"), width="110px", label=""),
        Column("status", tr("Статус"), _status, width="180px", label=""),
        Column("why", tr("Почему"), lambda row: row.why, width="210px", label=""),
        figure("money", tr("Начислено"), width="160px", label=""),
    ]


def _name(row: Any) -> rx.Component:
    it: LeadRow = row
    return opener(it.name, it.mail, LeadsState.open_lead(it.id))


def _status(row: Any) -> rx.Component:
    return badge(row.status, row.tone)


def _nothing() -> rx.Component:
    return rx.cond(
        LeadsState.counts[""] == 0,
        empty_state(
            tr("Пока никто не зарегистрировался"),
            tr(
                "Как только продавец придёт по вашей ссылке или назовёт промокод, он появится здесь."
            ),
            link_button(tr("Взять ссылку"), LINKS.href, kind="primary"),
            icon="users",
        ),
        empty_state(tr("С таким статусом никого нет"), icon="users"),
    )


def _panel() -> rx.Component:
    lead = LeadsState.lead

    def step(entry: Any) -> rx.Component:
        it: StepView = entry
        return timeline_item(it.time, it.title, code=it.sign, value=it.value)

    return side_panel(
        lead.id != "",
        rx.el.div(
            row(badge(lead.status, lead.tone)),
            rx.el.div(
                rx.el.p(lead.answer, class_name="k-strong"),
                rx.cond(lead.advice, rx.el.p(lead.advice, class_name="k-second")),
            ),
            timeline(lead.steps, step),
            rx.cond(lead.sums.length() > 0, fact_list(lead.sums)),
            class_name="k-stack",
        ),
        title=lead.title,
        on_close=LeadsState.close_lead,
    )
