"""Questions of the inbox: a place on the map, quick answers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.messaging.filling import VARIABLES
from cube_demper.seller.pages.whatsapp_inbox.quick_state import QuickRow, QuickState
from cube_demper.seller.pages.whatsapp_inbox.silence_state import SilenceState
from cube_demper.seller.pages.whatsapp_inbox.write_state import WriteState
from cube_demper.ui.actions import button, icon_button
from cube_demper.ui.dialogs import confirm_dialog, dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_area, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import empty_state


def place_dialog() -> rx.Component:
    """Ask which place. A form finds its fields by their ids, so no other form of the page has these."""
    errors = WriteState.errors
    return dialog(
        WriteState.is_placing,
        form(
            form_field(
                tr("Ссылка с карты или координаты"),
                text_input("place", error=errors["place"], placeholder="43.238949, 76.889709"),
                name="place",
                help=tr("2ГИС, Яндекс или Google Карты."),
                error=errors["place"],
            ),
            form_field(
                tr("Подпись"),
                text_input(
                    "caption", error=errors["caption"], placeholder=tr("Например, «Пункт выдачи»")
                ),
                name="caption",
                error=errors["caption"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=WriteState.close_place),
                button(tr("Отправить место"), kind="primary", submit=True),
            ),
            on_submit=WriteState.send_place,
        ),
        title=tr("Место на карте"),
        on_close=WriteState.close_place,
    )


def silence_dialog() -> rx.Component:
    """Ask before a buyer who asked for silence is written to again."""
    return confirm_dialog(
        SilenceState.asked != "",
        title=tr("Снова писать этому покупателю?"),
        text=tr(
            "Он написал слово, которое значит «не пишите мне». Снимайте отметку, только если поняли его"
            " неверно или он передумал: на жалобы WhatsApp отвечает блокировкой номера."
        ),
        confirm=tr("Снять отметку"),
        on_confirm=SilenceState.lift,
        on_close=SilenceState.keep,
        danger=True,
    )


def quick_dialogs() -> rx.Component:
    """Show quick answers, one at a time to be changed, and ask before one goes."""
    doomed = QuickState.doomed
    return rx.fragment(
        dialog(
            QuickState.is_open,
            rx.cond(QuickState.form.is_open, _form(), _list()),
            title=tr("Быстрые ответы"),
            on_close=QuickState.close,
            wide=True,
        ),
        confirm_dialog(
            doomed.id != "",
            title=tr("Удалить ответ «{title}»?", title=doomed.title),
            text=tr("Его нельзя будет вернуть. Отправленные сообщения останутся."),
            confirm=tr("Удалить"),
            on_confirm=QuickState.remove,
            on_close=QuickState.keep,
            danger=True,
        ),
    )


def _list() -> rx.Component:
    add = button(tr("Добавить ответ"), icon="plus", kind="primary", on_click=QuickState.write(""))
    return rx.fragment(
        rx.cond(
            QuickState.rows.length() > 0,
            rx.el.ul(rx.foreach(QuickState.rows, _row), class_name="k-lines-list"),
            empty_state(
                tr("Быстрых ответов пока нет"),
                tr("Сохраните то, что пишете каждый день: адрес, часы работы, «уже отправили»."),
                icon="zap",
            ),
        ),
        dialog_actions(button(tr("Закрыть"), on_click=QuickState.close), add),
    )


def _row(item: Any) -> rx.Component:
    row: QuickRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.title, class_name="k-strong"),
            rx.el.span(row.message, class_name="k-note k-quick-text"),
            class_name="k-lines",
        ),
        rx.el.span(
            icon_button(
                "pencil",
                tr("Изменить: {title}", title=row.title),
                on_click=QuickState.write(row.id),
            ),
            icon_button(
                "trash-2",
                tr("Удалить: {title}", title=row.title),
                on_click=QuickState.ask_remove(row.id),
            ),
            class_name="k-push k-row",
        ),
        class_name="k-line",
    )


def _form() -> rx.Component:
    errors, given = QuickState.errors, QuickState.form
    names = ", ".join(f"{{{name}}}" for name in VARIABLES)
    return form(
        form_field(
            tr("Название"),
            text_input("title", default_value=given.title, error=errors["title"]),
            name="title",
            help=tr("Видите только вы."),
            error=errors["title"],
        ),
        form_field(
            tr("Текст"),
            text_area("message", default_value=given.message, error=errors["message"], rows="6"),
            name="message",
            help=tr("Подставим из последнего заказа: {names}", names=names),
            error=errors["message"],
        ),
        dialog_actions(
            button(tr("Назад"), on_click=QuickState.back),
            button(tr("Сохранить"), kind="primary", submit=True),
        ),
        on_submit=QuickState.save,
    )
