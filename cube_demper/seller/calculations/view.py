"""The buttons under an answer, the question of its title and the link that shows it to others."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.calculations.state import KeepState
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import checkbox, form, form_field, text_input
from cube_demper.ui.i18n import tr


def keep_bar() -> rx.Component:
    """Offer what can be done with the answer on the screen."""
    return rx.el.div(
        button(
            rx.cond(KeepState.saved_id != "", tr("Сохранить изменения"), tr("В избранное")),
            icon="star",
            on_click=KeepState.ask_title,
        ),
        button(tr("Поделиться"), icon="link", on_click=KeepState.share),
        button(tr("Скопировать"), icon="copy", on_click=KeepState.copy_text),
        button(tr("Excel"), icon="download", on_click=KeepState.download),
        button(tr("Печать"), icon="printer", on_click=rx.call_script("window.print()")),
        _naming(),
        link_dialog(KeepState.link, on_revoke=KeepState.unshare, on_close=KeepState.close),
        class_name="k-row k-keep",
    )


def _naming() -> rx.Component:
    return dialog(
        KeepState.is_naming,
        form(
            form_field(
                tr("Название"),
                text_input(
                    "title",
                    error=KeepState.errors["title"],
                    default_value=KeepState.title,
                    max_length=120,
                    auto_focus=True,
                ),
                name="title",
                error=KeepState.errors["title"],
            ),
            rx.cond(
                KeepState.saved_id != "", checkbox("as_copy", tr("Сохранить как новый расчёт"))
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=KeepState.close),
                button(tr("Сохранить"), kind="primary", submit=True),
            ),
            on_submit=KeepState.save,
        ),
        title=tr("Сохранить расчёт"),
        text=tr("Сохранится условие и дата ставок: ответ будет тем же и через год."),
        on_close=KeepState.close,
    )


def link_dialog(link: rx.Var[str], *, on_revoke: Any, on_close: Any) -> rx.Component:
    """Show a link to a calculation, with ways to copy and to revoke it."""
    return dialog(
        link != "",
        rx.el.code(link, class_name="k-code"),
        dialog_actions(
            button(tr("Отозвать ссылку"), icon="link-2-off", on_click=on_revoke),
            link_button(tr("Открыть"), link, icon="external-link", is_external=True),
            button(
                tr("Скопировать ссылку"),
                icon="copy",
                kind="primary",
                on_click=[
                    rx.set_clipboard(link),
                    rx.toast.success("Ссылка скопирована"),
                ],
            ),
        ),
        title=tr("Ссылка на расчёт"),
        text=tr(
            "По ней любой увидит этот расчёт без входа, вместе с закупкой и ценой."
            " Других ваших данных он не увидит."
        ),
        on_close=on_close,
    )
