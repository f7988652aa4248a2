"""`/users`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.users.rows import PersonLine
from admin.pages.users.state import UsersState
from cube_demper.ui.filters import Tab, filter_bar, filter_chip, search_box, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.keyset import keyset_table
from cube_demper.ui.layout import page, page_header
from cube_demper.ui.lists import figure
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, row_link, two_lines


def users_page() -> rx.Component:
    """Make the page."""
    state = UsersState
    return page(
        page_header(
            tr("Пользователи"),
            tr("Ищите по началу почты, словам имени, номеру WhatsApp или началу номера записи."),
        ),
        tabs(_TABS, state.view.tab),
        keyset_table(
            state,
            _columns(),
            label=tr("Пользователи"),
            card='"name state" "plan seen" "stores came"',
            card_columns="1fr auto",
            tools=_tools(),
            empty=empty_state(
                tr("Никого не нашли"),
                tr("Проверьте, как написано, или сбросьте фильтры."),
                icon="user-search",
            ),
        ),
        wide=True,
    )


_TABS = (
    Tab("", tr("Все")),
    Tab("user", tr("Продавцы")),
    Tab("support", tr("Поддержка")),
    Tab("admin", tr("Администраторы")),
    Tab("blocked", tr("Заблокированные")),
    Tab("deleted", tr("Удалённые")),
)


def _tools() -> rx.Component:
    chosen, view = UsersState.chosen, UsersState.view
    return filter_bar(
        search_box(view.search, tr("Почта, имя, телефон или номер")),
        filter_chip(
            tr("Тариф"),
            chosen["plan"],
            (
                ("free", "FREE"),
                ("basic", "BASIC"),
                ("pro", "PRO"),
                ("trial", tr("Пробный")),
                ("left", tr("Ушли")),
            ),
            name="plan",
        ),
        filter_chip(
            tr("Магазины"),
            chosen["stores"],
            (
                ("with", tr("Есть")),
                ("without", tr("Нет")),
                ("lost", tr("Нужен вход в Kaspi")),
            ),
            name="stores",
        ),
        filter_chip(
            tr("Почта"),
            chosen["email"],
            (("yes", tr("Подтверждена")), ("no", tr("Не подтверждена"))),
            name="email",
        ),
        filter_chip(tr("В кабинете"), chosen["seen"], (("now", tr("Сейчас")),), name="seen"),
        filter_chip(
            tr("Регистрация"),
            chosen["came"],
            (
                ("1", tr("За сутки")),
                ("7", tr("За неделю")),
                ("30", tr("За 30 дней")),
                ("90", tr("За 90 дней")),
            ),
            name="came",
        ),
        active=view.is_narrowed,
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Кто"), _name, label=""),
        Column("state", tr("Состояние"), _state, width="160px", label=""),
        figure("plan", tr("Тариф"), width="170px", label=""),
        Column("stores", tr("Магазины"), lambda row: row.stores, width="120px", label=""),
        figure("came", tr("Регистрация"), width="170px", label=""),
        Column("seen", tr("Заходил"), lambda row: row.seen, width="120px", align="right", label=""),
    ]


def _name(row: Any) -> rx.Component:
    it: PersonLine = row
    return two_lines(row_link(it.name, rx.Var.create("/users/").to(str) + it.id), it.email)


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)
