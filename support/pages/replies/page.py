"""`/replies`: texts at hand and labels."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.support import labels, replies
from cube_demper.domain.support.rules import LONGEST
from cube_demper.ui.actions import button, icon_button
from cube_demper.ui.dialogs import confirm_dialog, dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_area, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table
from support.desk.inbox_rows import LabelView
from support.pages.replies.labels_state import TONES, LabelsState
from support.pages.replies.state import RepliesState, ReplyRow


def replies_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Ответы и метки"),
            tr("Общие для всей поддержки. В ответе клиенту наберите / и начало сокращения."),
            button(tr("Новый ответ"), icon="plus", kind="primary", on_click=RepliesState.write("")),
        ),
        data_table(
            RepliesState.rows,
            _columns(),
            label=tr("Готовые ответы"),
            phase=RepliesState.phase,
            card='"shortcut deeds" "title title" "message message" "used used"',
            card_columns="1fr auto",
            on_retry=RepliesState.load,
            empty=empty_state(
                tr("Готовых ответов нет"),
                tr("Запишите то, что отвечаете каждый день."),
                button(tr("Новый ответ"), on_click=RepliesState.write("")),
                icon="message-square-quote",
            ),
        ),
        card(
            when_ready(LabelsState.phase, _labels(), on_retry=LabelsState.load),
            title=tr("Метки"),
            action=button(tr("Новая метка"), icon="plus", size="s", on_click=LabelsState.write("")),
        ),
        _writing(),
        _removing(),
        _labelling(),
        _unlabelling(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("shortcut", tr("Сокращение"), lambda row: rx.el.code("/", row.shortcut),
               width="150px", label=""),
        Column("title", tr("Название"), lambda row: rx.el.b(row.title), width="220px", label=""),
        Column("message", tr("Текст"), _message, label=""),
        Column("used", tr("Вставили"), lambda row: row.used, width="110px", align="right"),
        Column("deeds", "", _deeds, width="96px", align="right", label=""),
    ]  # fmt: skip


def _message(item: Any) -> rx.Component:
    row: ReplyRow = item
    return rx.el.span(row.message, class_name="k-quick-text", title=row.message)


def _deeds(item: Any) -> rx.Component:
    row: ReplyRow = item
    return rx.el.span(
        icon_button("pencil", tr("Изменить"), on_click=RepliesState.write(row.id)),
        icon_button("trash-2", tr("Удалить"), on_click=RepliesState.ask_remove(row.id)),
        class_name="k-row",
    )


def _writing() -> rx.Component:
    it, errors = RepliesState.form, RepliesState.errors
    return dialog(
        RepliesState.is_writing,
        form(
            form_field(
                tr("Сокращение"),
                text_input("shortcut", error=errors["shortcut"], default_value=it.shortcut,
                           max_length=31, auto_focus=True, placeholder="вход"),
                name="shortcut",
                help=tr("Его набирают после /"),
                error=errors["shortcut"],
            ),
            form_field(
                tr("Название"),
                text_input("title", error=errors["title"], default_value=it.title,
                           max_length=replies.LONGEST_TITLE),
                name="title",
                error=errors["title"],
            ),
            form_field(
                tr("Текст"),
                text_area("message", error=errors["message"], default_value=it.message,
                          max_length=LONGEST, rows="6"),
                name="message",
                help=tr("Вместо {name} встанет имя клиента, вместо {store} — его магазин.",
                        name="{name}", store="{store}"),
                error=errors["message"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=RepliesState.put_away),
                button(tr("Сохранить"), kind="primary", submit=True, busy=RepliesState.is_busy),
            ),
            on_submit=RepliesState.save,
        ),
        title=rx.cond(it.id, tr("Готовый ответ"), tr("Новый ответ")),
        on_close=RepliesState.put_away,
        wide=True,
    )  # fmt: skip


def _removing() -> rx.Component:
    it = RepliesState.doomed
    return confirm_dialog(
        it.id != "",
        title=tr("Удалить ответ «{title}»?", title=it.title),
        text=tr("Он пропадёт у всей поддержки. Уже отправленные сообщения останутся."),
        confirm=tr("Удалить"),
        on_confirm=RepliesState.remove,
        on_close=RepliesState.keep,
        danger=True,
    )


def _labels() -> rx.Component:
    return rx.cond(
        LabelsState.rows.length() > 0,
        rx.el.ul(rx.foreach(LabelsState.rows, _label), class_name="k-desk-list"),
        empty_state(
            tr("Меток нет"), tr("По ним ищут чаты: «оплата», «вход», «ошибка»."), icon="tag"
        ),
    )


def _label(item: Any) -> rx.Component:
    row: LabelView = item
    return rx.el.li(
        rx.el.div(
            badge(row.title, row.tone),
            rx.el.span(
                icon_button("pencil", tr("Изменить"), on_click=LabelsState.write(row.id)),
                icon_button("trash-2", tr("Удалить"), on_click=LabelsState.ask_remove(row.id)),
                class_name="k-row k-push",
            ),
            class_name="k-row",
        ),
        key=row.id,
    )


def _labelling() -> rx.Component:
    it, errors = LabelsState.form, LabelsState.errors
    tones = [(code, tr(words)) for code, words in TONES.items()]
    return dialog(
        LabelsState.is_writing,
        form(
            form_field(
                tr("Метка"),
                text_input("label", error=errors["title"], default_value=it.title,
                           max_length=labels.LONGEST, auto_focus=True),
                name="label",
                error=errors["title"],
            ),
            form_field(
                tr("Цвет"),
                select("tone", tones, error=errors["tone"], default_value=it.tone),
                name="tone",
                error=errors["tone"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=LabelsState.put_away),
                button(tr("Сохранить"), kind="primary", submit=True, busy=LabelsState.is_busy),
            ),
            on_submit=LabelsState.save,
        ),
        title=rx.cond(it.id, tr("Метка"), tr("Новая метка")),
        on_close=LabelsState.put_away,
    )  # fmt: skip


def _unlabelling() -> rx.Component:
    it = LabelsState.doomed
    return confirm_dialog(
        it.id != "",
        title=tr("Удалить метку «{title}»?", title=it.title),
        text=tr("Она пропадёт со всех чатов. Сами чаты останутся."),
        confirm=tr("Удалить"),
        on_confirm=LabelsState.remove,
        on_close=LabelsState.keep,
        danger=True,
    )
