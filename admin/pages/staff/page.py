"""`/staff`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.staff.rows import MemberLine
from admin.pages.staff.state import TeamState
from admin.pages.staff.tokens_parts import tokens_card
from cube_demper.ui.actions import button, menu, menu_item
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import when_ready
from cube_demper.ui.statuses import badge


def staff_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Команда"),
            tr(
                "Администраторы могут всё, поддержка — только помогать: у каждого наименьшие права."
            ),
            button(tr("Добавить"), icon="user-plus", kind="primary", on_click=TeamState.ask),
        ),
        when_ready(
            TeamState.phase,
            card(
                rx.el.ul(rx.foreach(TeamState.members, _member), class_name="k-lines-list"),
                title=tr("Люди"),
                flush=True,
            ),
            on_retry=TeamState.load,
        ),
        tokens_card(),
        _invitation(),
    )


def _member(entry: Any) -> rx.Component:
    it: MemberLine = entry
    return rx.el.li(
        rx.el.div(
            rx.el.span(it.name, rx.cond(it.is_self, tr(" — это вы"), ""), class_name="k-strong"),
            rx.el.span(it.email, class_name="k-note"),
            rx.el.span(it.seen, class_name="k-note"),
            class_name="k-lines k-grow",
        ),
        badge(tr("Второй шаг: {state}", state=it.second), it.second_tone),
        badge(it.role, it.tone),
        rx.cond(it.is_self, rx.el.span(class_name="k-icon-space"), _actions(it)),
        class_name="k-line k-wraps",
    )


def _actions(it: Any) -> rx.Component:
    trigger = rx.el.button(
        rx.icon("ellipsis", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        aria_label=tr("Действия"),
    )
    return menu(
        trigger,
        menu_item(
            tr("Карточка и роль"),
            icon="user-cog",
            on_click=rx.redirect(rx.Var.create("/users/").to(str) + it.id),
        ),
        menu_item(
            tr("Сбросить второй шаг"), icon="smartphone", on_click=TeamState.reset_second(it.id)
        ),
        rx.cond(
            it.is_blocked,
            menu_item(tr("Открыть доступ"), icon="check", on_click=TeamState.restore(it.id)),
            menu_item(
                tr("Закрыть доступ"), icon="ban", on_click=TeamState.revoke(it.id), danger=True
            ),
        ),
    )


def _invitation() -> rx.Component:
    errors = TeamState.errors
    return dialog(
        TeamState.is_inviting,
        form(
            form_field(
                tr("Почта"),
                text_input("email", error=errors["email"], type="email", input_mode="email"),
                name="email",
                error=errors["email"],
            ),
            form_field(tr("Имя"), text_input("full_name"), name="full_name"),
            form_field(
                tr("Роль"),
                select(
                    "role",
                    (("support", tr("Поддержка")), ("admin", tr("Администратор"))),
                    error=errors["role"],
                ),
                name="role",
                error=errors["role"],
            ),
            dialog_actions(
                button(tr("Отмена"), on_click=TeamState.put_away),
                button(tr("Пригласить"), kind="primary", submit=True, busy=TeamState.is_busy),
            ),
            on_submit=TeamState.invite,
        ),
        title=tr("Новый сотрудник"),
        text=tr("Придёт письмо со ссылкой, по которой он задаст пароль."),
        on_close=TeamState.put_away,
    )
