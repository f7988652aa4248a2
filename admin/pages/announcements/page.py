"""`/announcements`: what sellers are told, to whom and until when."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import question_dialog
from admin.pages.announcements.rows import PLANS, TONES, AnnouncementRow
from admin.pages.announcements.state import AnnouncementsState
from cube_demper.domain.announcements.service import PAGE_SIZE
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_area, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure, list_table
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, two_lines


def announcements_page() -> rx.Component:
    """Make the page."""
    it = AnnouncementsState
    write = button(tr("Написать"), icon="megaphone", kind="primary", on_click=it.begin)
    return page(
        page_header(
            tr("Объявления"),
            tr("Полоса над кабинетом и уведомление: всем продавцам или одному тарифу."),
            write,
        ),
        list_table(
            it,
            _columns(),
            label=tr("Объявления"),
            card='"title state" "span told" "deeds deeds"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            empty=empty_state(
                tr("Объявлений ещё не было"),
                tr("Предупредите о работах заранее: продавцы простят перерыв, о котором знали."),
                icon="megaphone",
            ),
        ),
        _form(),
        question_dialog(it.question, on_confirm=it.confirm, on_close=it.put_away),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("title", tr("Объявление"), _title, label=""),
        Column("audience", tr("Кому"), lambda row: row.audience, width="130px", on_card=False),
        Column("span", tr("Когда"), _span, width="170px", label=""),
        figure("told", tr("Получили"), width="130px"),
        Column("state", tr("Состояние"), _state, width="150px", label=""),
        Column("deeds", tr("Ещё"), _deeds, width="100px", align="right", label=""),
    ]


def _title(row: Any) -> rx.Component:
    return two_lines(row.title, row.body)


def _span(row: Any) -> rx.Component:
    return two_lines(row.span, row.span_note)


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)


def _deeds(row: Any) -> rx.Component:
    it: AnnouncementRow = row
    return rx.cond(
        it.can_withdraw,
        button(tr("Снять"), size="s", on_click=AnnouncementsState.ask_withdraw(it.id)),
    )


def _form() -> rx.Component:
    it = AnnouncementsState
    return dialog(
        it.is_writing,
        form(
            _field("title", tr("Заголовок"), tr("До 120 знаков."), max_length=120),
            form_field(
                tr("Текст"),
                text_area("body", rows=4, error=it.errors["body"], max_length=600),
                name="body",
                help=tr("Что будет, когда и что делать. До 600 знаков."),
                error=it.errors["body"],
            ),
            rx.el.div(
                form_field(tr("Кому"), select("plan", PLANS), name="plan"),
                form_field(tr("Вид"), select("tone", TONES), name="tone"),
                _field("starts", tr("С"), None, type="date", default_value=it.today),
                _field("ends", tr("По"), None, type="date", default_value=it.today),
                class_name="k-halves",
            ),
            _field(
                "link",
                tr("Страница кабинета"),
                tr("Куда ведёт «Подробнее», например /billing; можно не заполнять."),
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=it.put_away),
                button(tr("Дальше"), kind="primary", submit=True),
            ),
            on_submit=it.check,
        ),
        title=tr("Новое объявление"),
        on_close=it.put_away,
        wide=True,
    )


def _field(name: str, label: Any, note: Any, **props: Any) -> rx.Component:
    error = AnnouncementsState.errors[name]
    return form_field(
        label,
        text_input(name, error=error, auto_complete="off", **props),
        name=name,
        help=note,
        error=error,
    )
