"""`/users/[user_id]`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.navigation import USERS
from admin.pages.user.deeds_state import DeedsState
from admin.pages.user.dialogs import dialogs
from admin.pages.user.rows import Line
from admin.pages.user.state import CardState
from cube_demper.ui.actions import button, menu, menu_item, menu_line, text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, fact_list, page, page_header, stack
from cube_demper.ui.placeholders import when_ready
from cube_demper.ui.statuses import badge

_CARD: Any = CardState.card


def user_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            rx.cond(_CARD.name, _CARD.name, tr("Пользователь")),
            rx.fragment(badge(_CARD.state, _CARD.tone), " ", _CARD.email),
            rx.cond(_CARD.id != "", _actions()),
            back=(tr(USERS.text), USERS.href),
        ),
        when_ready(
            CardState.phase,
            columns(
                stack(_stores(), _payments(), _deeds()),
                stack(_about(), _money(), _sessions()),
            ),
            on_retry=CardState.load,
        ),
        dialogs(),
        wide=True,
    )


def _actions() -> rx.Component:
    is_open = ~_CARD.is_blocked & ~_CARD.is_deleted
    return rx.fragment(
        rx.cond(
            is_open & _CARD.is_seller,
            button(tr("Войти под ним"), icon="eye", on_click=DeedsState.ask("visit")),
        ),
        rx.cond(
            _CARD.is_seller & ~_CARD.is_deleted,
            button(tr("Продлить тариф"), icon="calendar-plus", on_click=DeedsState.ask("extend")),
        ),
        rx.cond(is_open, button(tr("Заблокировать"), icon="ban", on_click=DeedsState.ask("block"))),
        rx.cond(
            _CARD.is_blocked & ~_CARD.is_deleted,
            button(tr("Разблокировать"), kind="primary", on_click=DeedsState.unblock),
        ),
        rx.cond(~_CARD.is_deleted, _more()),
    )


def _more() -> rx.Component:
    trigger = rx.el.button(
        rx.icon("ellipsis", size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        aria_label=tr("Ещё действия"),
    )
    return menu(
        trigger,
        menu_item(tr("Сменить роль"), icon="user-cog", on_click=DeedsState.ask("role")),
        menu_item(tr("Завершить все сеансы"), icon="log-out", on_click=DeedsState.end_sessions),
        menu_item(tr("Выгрузить данные"), icon="download", on_click=DeedsState.export),
        menu_line(),
        menu_item(tr("Удалить"), icon="trash-2", on_click=DeedsState.ask("delete"), danger=True),
    )


def _about() -> rx.Component:
    return card(fact_list(_CARD.about), title=tr("О человеке"))


def _money() -> rx.Component:
    return rx.cond(_CARD.is_seller, card(fact_list(_CARD.money), title=tr("Тариф и деньги")))


def _stores() -> rx.Component:
    return rx.cond(
        _CARD.is_seller,
        card(_lines(_CARD.stores, tr("Магазинов нет")), title=tr("Магазины"), flush=True),
    )


def _payments() -> rx.Component:
    return rx.cond(
        _CARD.is_seller,
        card(_lines(_CARD.payments, tr("Оплат не было")), title=tr("Последние оплаты"), flush=True),
    )


def _sessions() -> rx.Component:
    return card(
        _lines(_CARD.sessions, tr("Нигде не вошёл")), title=tr("Открытые сеансы"), flush=True
    )


def _deeds() -> rx.Component:
    return card(
        _lines(_CARD.deeds, tr("Записей нет")),
        title=tr("Журнал"),
        action=text_link(tr("Весь журнал"), _CARD.journal),
        flush=True,
    )


def _lines(lines: Any, nothing: Any) -> rx.Component:
    def line(entry: Any) -> rx.Component:
        it: Line = entry
        return rx.el.li(
            rx.el.div(
                rx.el.span(it.title, class_name="k-strong"),
                rx.el.span(it.note, class_name="k-note"),
                class_name="k-lines k-grow",
            ),
            rx.cond(it.state, badge(it.state, it.tone)),
            class_name="k-line",
        )

    return rx.cond(
        lines.length() > 0,
        rx.el.ul(rx.foreach(lines, line), class_name="k-lines-list"),
        rx.el.p(nothing, class_name="k-second k-line"),
    )
