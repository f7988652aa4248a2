"""`/audit`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.audit.rows import Entry
from admin.pages.audit.state import AuditState
from admin.words import ROLES
from cube_demper.ui.actions import button
from cube_demper.ui.filters import filter_bar, filter_chip, search_box
from cube_demper.ui.i18n import tr
from cube_demper.ui.keyset import keyset_table
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.query import change_query
from cube_demper.ui.tables import Column, row_link, two_lines


def audit_page() -> rx.Component:
    """Make the page."""
    state = AuditState
    return page(
        page_header(
            tr("Журнал"),
            tr("Кто, что, когда и откуда сделал. Записи нельзя изменить или удалить."),
            button(tr("Скачать"), icon="download", on_click=state.export),
        ),
        keyset_table(
            state,
            _columns(),
            label=tr("Журнал"),
            card='"at who" "action action" "about about" "change change"',
            card_columns="auto 1fr",
            tools=_tools(),
            empty=empty_state(
                tr("Таких записей нет"),
                tr("Сбросьте фильтры или возьмите больше дней."),
                icon="scroll-text",
            ),
        ),
        wide=True,
    )


def _tools() -> rx.Component:
    chosen = AuditState.chosen
    roles = (*((str(role), tr(words)) for role, words in ROLES.items()), ("system", tr("Система")))
    return filter_bar(
        search_box(chosen["who"], tr("Кто: почта целиком"), name="who"),
        search_box(chosen["about"], tr("О ком: почта или номер"), name="about"),
        filter_chip(tr("Роль"), chosen["role"], roles, name="role"),
        filter_chip(tr("Действие"), chosen["action"], AuditState.actions, name="action"),
        _day(tr("С"), "since"),
        _day(tr("По"), "until"),
        active=AuditState.view.is_narrowed,
    )


def _day(label: Any, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="date",
            value=AuditState.chosen[name],
            on_change=lambda day: change_query(**{name: day}),
        ),
        class_name="k-chip k-day",
    )


def _columns() -> list[Column]:
    return [
        Column(
            "at", tr("Когда"), lambda row: two_lines(row.at, row.at_note), width="84px", label=""
        ),
        Column(
            "who",
            tr("Кто и откуда"),
            lambda row: two_lines(row.who, row.who_note),
            width="200px",
            label="",
        ),
        Column(
            "action",
            tr("Что"),
            lambda row: two_lines(row.action, row.action_note),
            width="180px",
            label="",
        ),
        Column("about", tr("О ком"), _about, width="170px", label=""),
        Column("change", tr("Было → стало"), _change, label=""),
    ]


def _about(row: Any) -> rx.Component:
    it: Entry = row
    return rx.cond(it.href, row_link(it.about, it.href), rx.el.span(it.about, class_name="k-clip"))


def _change(row: Any) -> rx.Component:
    it: Entry = row
    return rx.el.span(
        rx.cond(it.change, rx.el.span(it.change)),
        rx.cond(it.more, rx.el.span(it.more, class_name="k-note")),
        class_name="k-wrapped",
    )
