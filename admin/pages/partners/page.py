"""`/partners`: what each brought, and their terms."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.partners.rows import TABS, PartnerRow
from admin.pages.partners.state import PartnersState
from admin.pages.partners.terms import TermsState, terms_dialog
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import confirm_dialog, dialog_actions, side_panel
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, page, page_header, row
from cube_demper.ui.lists import figure, list_table, list_tabs, list_tools
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, opener, two_lines


def partners_page() -> rx.Component:
    """Make the page."""
    begin = button(
        tr("Создать партнёра"), icon="plus", kind="primary", on_click=PartnersState.begin
    )
    return page(
        page_header(
            tr("Партнёры"),
            tr("Кого привёл каждый и сколько ему причитается."),
            button(tr("Правила программы"), icon="scale", on_click=TermsState.begin),
            begin,
        ),
        list_tabs(PartnersState, TABS),
        list_table(
            PartnersState,
            _columns(),
            label=tr("Партнёры"),
            card='"name state" "leads paying" "earned payable" "percent percent"',
            card_columns="1fr 1fr",
            page_size=PAGE_SIZE,
            tools=list_tools(PartnersState, tr("Имя, почта или код")),
            empty=empty_state(
                tr("Партнёров нет"),
                tr("Создайте первого: письмо пригласит его задать пароль и взять ссылку."),
                icon="handshake",
            ),
        ),
        _panel(),
        _deletion(),
        _turning(),
        terms_dialog(),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Партнёр"), _name, label=""),
        Column("state", tr("Состояние"), _state, width="180px", label=""),
        figure("percent", tr("Доля"), width="120px"),
        figure("leads", tr("Клиенты"), width="130px"),
        figure("paying", tr("Оплатили"), width="110px"),
        figure("earned", tr("Начислено"), width="160px"),
        figure("payable", tr("К выплате"), width="130px"),
    ]


def _name(row: Any) -> rx.Component:
    it: PartnerRow = row
    return opener(it.name, it.mail, PartnersState.open_partner(it.id))


def _state(row: Any) -> rx.Component:
    return two_lines(badge(row.state, row.tone), row.seen)


def _panel() -> rx.Component:
    it = PartnersState.form
    return side_panel(
        it.is_open,
        rx.el.div(
            rx.cond(it.id, fact_list(it.facts)),
            _form(),
            rx.cond(it.id, _deeds()),
            class_name="k-stack",
        ),
        title=rx.cond(it.id, it.mail, tr("Новый партнёр")),
        on_close=PartnersState.put_away,
    )


def _form() -> rx.Component:
    it, errors = PartnersState.form, PartnersState.errors
    mail = form_field(
        tr("Почта"),
        text_input("mail", type="email", error=errors["email"], auto_complete="off"),
        name="mail",
        help=tr("На неё придёт приглашение задать пароль."),
        error=errors["email"],
    )
    return form(
        rx.cond(it.id, rx.fragment(), mail),
        form_field(
            tr("Имя или название"),
            text_input("name", default_value=it.name, max_length=120, auto_complete="off"),
            name="name",
        ),
        form_field(
            tr("Доля с оплат"),
            text_input(
                "percent",
                default_value=it.percent,
                unit="%",
                input_mode="numeric",
                error=errors["percent"],
            ),
            name="percent",
            help=tr("С каждой оплаты его клиентов. Начисленное раньше не меняется."),
            error=errors["percent"],
        ),
        dialog_actions(
            button(
                rx.cond(it.id, tr("Сохранить"), tr("Создать партнёра")),
                kind="primary",
                submit=True,
                busy=PartnersState.is_busy,
            )
        ),
        on_submit=PartnersState.save,
        error=errors["form"],
    )


def _deeds() -> rx.Component:
    it = PartnersState.form
    return rx.el.section(
        row(
            rx.cond(
                it.is_blocked,
                button(tr("Открыть доступ"), icon="lock-open", on_click=PartnersState.ask("turn")),
                button(tr("Закрыть доступ"), icon="lock", on_click=PartnersState.ask("turn")),
            ),
            button(
                tr("Удалить"),
                icon="trash-2",
                kind="danger",
                on_click=PartnersState.ask("delete"),
                disabled=it.obstacle != "",
            ),
        ),
        rx.cond(it.obstacle, rx.el.p(it.obstacle, class_name="k-note")),
    )


def _deletion() -> rx.Component:
    it = PartnersState.form
    return confirm_dialog(
        PartnersState.asking == "delete",
        title=tr("Удалить партнёра {name}?", name=it.mail),
        text=tr("Его ссылки перестанут работать, клиенты останутся у нас без партнёра."),
        confirm=tr("Удалить"),
        on_confirm=PartnersState.delete,
        on_close=PartnersState.put_away,
        numbers=fact_list(it.facts),
        danger=True,
    )


def _turning() -> rx.Component:
    it = PartnersState.form
    return confirm_dialog(
        PartnersState.asking == "turn",
        title=rx.cond(
            it.is_blocked,
            tr("Открыть доступ {name}?", name=it.mail),
            tr("Закрыть доступ {name}?", name=it.mail),
        ),
        text=rx.cond(
            it.is_blocked,
            tr("Партнёр снова сможет войти, ссылки снова считают."),
            tr("Сеансы кончатся сразу, ссылки перестанут считать. Начисленное останется за ним."),
        ),
        confirm=rx.cond(it.is_blocked, tr("Открыть доступ"), tr("Закрыть доступ")),
        on_confirm=PartnersState.turn,
        on_close=PartnersState.put_away,
        numbers=fact_list(it.facts),
    )
