"""The panel of a store: why, its goods by reason, its sign-ins, and the deeds."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import question_dialog
from admin.pages.stores.panel_state import StorePanel
from admin.pages.stores.rows import Reason
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import dialog, dialog_actions, side_panel
from cube_demper.ui.forms import form, form_field, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, row
from cube_demper.ui.statuses import badge


def store_panel() -> rx.Component:
    """Make the panel and its questions."""
    it = StorePanel.store
    return rx.fragment(
        side_panel(
            it.id != "",
            rx.el.div(
                row(badge(it.state, it.tone), text_link(it.owner, it.owner_href)),
                rx.el.p(it.why, class_name="k-strong"),
                _deeds(),
                fact_list(it.facts),
                rx.cond(it.reasons.length() > 0, _reasons()),
                rx.cond(it.sign_ins.length() > 0, _sign_ins()),
                class_name="k-stack",
            ),
            title=it.name,
            on_close=StorePanel.close_store,
        ),
        question_dialog(
            StorePanel.question, on_confirm=StorePanel.confirm, on_close=StorePanel.put_away
        ),
        _pause(),
    )


def _deeds() -> rx.Component:
    it = StorePanel.store
    return row(
        button(tr("Обновить каталог"), icon="refresh-cw", on_click=StorePanel.resync),
        button(
            tr("Попросить войти"),
            icon="key-round",
            on_click=StorePanel.ask("sign_in"),
            disabled=~it.can_ask,
        ),
        rx.cond(
            it.is_running,
            button(tr("Остановить бота"), icon="circle-stop", on_click=StorePanel.ask_pause),
            button(tr("Запустить бота"), icon="play", on_click=StorePanel.ask("start")),
        ),
    )


def _reasons() -> rx.Component:
    def line(entry: Any) -> rx.Component:
        it: Reason = entry
        return rx.el.li(
            rx.el.span(
                rx.el.span(it.words),
                rx.el.span(it.remedy, class_name="k-note"),
                class_name="k-lines",
            ),
            rx.el.span(badge(it.count, it.tone), class_name="k-push"),
            class_name="k-line",
        )

    return rx.el.section(
        rx.el.h3(tr("Товары: почему")),
        rx.el.ul(rx.foreach(StorePanel.store.reasons, line), class_name="k-lines-list"),
    )


def _sign_ins() -> rx.Component:
    return rx.el.section(
        rx.el.h3(tr("Последние входы в Kaspi")), fact_list(StorePanel.store.sign_ins)
    )


def _pause() -> rx.Component:
    return dialog(
        StorePanel.is_pausing,
        fact_list(StorePanel.question.facts),
        form(
            form_field(
                tr("Причина"),
                text_area("reason", rows=3, error=StorePanel.errors["reason"], max_length=300),
                name="reason",
                help=tr("Её прочитает владелец, вместе с тем, как запустить бота снова."),
                error=StorePanel.errors["reason"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=StorePanel.put_away),
                button(tr("Остановить бота"), kind="danger", submit=True, busy=StorePanel.is_busy),
            ),
            on_submit=StorePanel.pause,
        ),
        title=tr("Остановить бота магазина?"),
        text=tr("Цены на витрине останутся какими стоят."),
        on_close=StorePanel.put_away,
    )
