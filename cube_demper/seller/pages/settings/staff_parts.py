"""The tab «Сотрудники»: who works here, an invitation, who did what, whose cabinet this is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.rights import WORDS
from cube_demper.seller.pages.settings.staff_rows import CabinetRow, DeedRow, MemberRow
from cube_demper.seller.pages.settings.staff_state import StaffState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.dialogs import confirm_dialog
from cube_demper.ui.forms import checkbox, form, form_field, switch, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, stack
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge


def staff_tab() -> rx.Component:
    """Show the owner everything, a manager only the cabinets."""
    return rx.fragment(
        rx.cond(
            StaffState.picture.is_owner,
            columns(stack(_members(), _deeds()), stack(_invite(), _cabinets())),
            _cabinets(),
        ),
        confirm_dialog(
            StaffState.leaving.id != "",
            title=tr("Закрыть доступ: {name}?", name=StaffState.leaving.name),
            text=tr("Со следующего нажатия этот человек ничего здесь не увидит и не изменит."),
            confirm=tr("Закрыть доступ"),
            on_confirm=StaffState.revoke,
            on_close=StaffState.keep,
            danger=True,
        ),
    )


def _members() -> rx.Component:
    members = StaffState.picture.members
    return card(
        rx.cond(
            members.length() > 0,
            rx.el.ul(rx.foreach(members, _member), class_name="k-lines-list"),
            empty_state(
                tr("Вы работаете без помощников"),
                tr(
                    "Пригласите менеджера: он войдёт со своим паролем и изменит только то, что вы разрешите."
                ),
                icon="users",
            ),
        ),
        title=tr("Кто работает с вами"),
        flush=True,
    )


def _member(item: Any) -> rx.Component:
    row: MemberRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name, class_name="k-strong"),
            rx.el.span(row.note, class_name="k-second"),
            rx.el.div(
                *(
                    switch(
                        row.rights.contains(area.value),
                        tr("{who}: право «{right}»", who=row.name, right=words),
                        on_change=lambda wanted, code=area.value: StaffState.give(
                            row.id, code, wanted
                        ),
                        words=tr(words),
                    )
                    for area, (words, _) in WORDS.items()
                ),
                class_name="k-row k-rights",
            ),
            class_name="k-lines",
        ),
        rx.cond(row.is_waiting, badge(tr("Приглашён"), "blue", "mail")),
        button(tr("Закрыть доступ"), size="s", on_click=StaffState.ask_revoke(row.id)),
        class_name="k-task",
        key=row.id,
    )


def _invite() -> rx.Component:
    errors = StaffState.errors
    return card(
        form(
            form_field(
                tr("Почта"),
                text_input("email", type="email", error=errors["email"], auto_complete="off"),
                name="email",
                help=tr("Приглашение действует 7 дней"),
                error=errors["email"],
            ),
            rx.el.p(tr("Что можно менять:"), class_name="k-strong"),
            *(
                checkbox(f"right_{area}", tr("{right}: {what}", right=words, what=what))
                for area, (words, what) in WORDS.items()
            ),
            rx.el.p(
                tr("Смотреть можно и без прав. Пароли Kaspi, оплата и сотрудники — только у вас."),
                class_name="k-note",
            ),
            rx.el.div(button(tr("Пригласить"), kind="primary", submit=True), class_name="k-row"),
            on_submit=StaffState.invite,
        ),
        title=tr("Пригласить сотрудника"),
    )


def _deeds() -> rx.Component:
    def line(item: Any) -> rx.Component:
        row: DeedRow = item
        return rx.el.li(
            rx.el.span(row.at, class_name="k-note"),
            rx.cond(row.link, text_link(row.words, row.link), rx.el.span(row.words)),
            class_name="k-deed",
        )

    return rx.cond(
        StaffState.picture.deeds.length() > 0,
        card(
            rx.el.ul(rx.foreach(StaffState.picture.deeds, line), class_name="k-deeds"),
            title=tr("Кто что менял"),
        ),
    )


def _cabinets() -> rx.Component:
    def line(item: Any) -> rx.Component:
        row: CabinetRow = item
        return rx.el.li(
            rx.el.div(rx.el.span(row.name, class_name="k-strong"), class_name="k-lines"),
            rx.cond(
                row.is_current,
                button(tr("Вернуться в свой"), size="s", on_click=StaffState.choose("")),
                button(tr("Открыть"), size="s", on_click=StaffState.choose(row.id)),
            ),
            class_name="k-task",
        )

    return rx.cond(
        StaffState.picture.cabinets.length() > 0,
        card(
            rx.el.ul(rx.foreach(StaffState.picture.cabinets, line), class_name="k-lines-list"),
            title=tr("Вы помогаете с магазинами"),
            flush=True,
        ),
    )
