"""`/proxies`: the addresses that requests to Kaspi leave from."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import question_dialog
from admin.pages.proxies.rows import TABS, ProxyRow
from admin.pages.proxies.state import ProxiesState
from cube_demper.core.paging import PAGE_SIZE
from cube_demper.ui.actions import button, icon_button, menu, menu_item
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_area
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import fact_list, page, page_header
from cube_demper.ui.lists import list_table, list_tabs, list_tools
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, two_lines


def proxies_page() -> rx.Component:
    """Make the page."""
    load = button(
        tr("Загрузить адреса"), icon="upload", kind="primary", on_click=ProxiesState.begin
    )
    return page(
        page_header(
            tr("Прокси"),
            tr("Адреса, с которых сервис ходит в Kaspi. Платному тарифу закрепляется 100."),
            load,
        ),
        list_tabs(ProxiesState, TABS),
        list_table(
            ProxiesState,
            _columns(),
            label=tr("Прокси"),
            card='"label state" "owner owner" "ok deeds" "error error"',
            card_columns="1fr auto",
            page_size=PAGE_SIZE,
            tools=list_tools(ProxiesState, tr("Адрес или почта")),
            empty=empty_state(
                tr("Адресов нет"),
                tr("Без прокси сервис ходит в Kaspi со своего адреса: этого хватает немногим."),
                icon="network",
            ),
        ),
        _import(),
        question_dialog(
            ProxiesState.question,
            on_confirm=ProxiesState.confirm,
            on_close=ProxiesState.put_away,
        ),
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("label", tr("Адрес"), lambda row: row.label, width="200px", label=""),
        Column("state", tr("Состояние"), _state, width="150px", label=""),
        Column("owner", tr("Чей"), _owner, label=""),
        Column("ok", tr("Последний ответ"), lambda row: row.ok, width="140px"),
        Column("error", tr("Последняя ошибка"), _error, width="240px"),
        Column("deeds", tr("Ещё"), _deeds, width="60px", align="right", label=""),
    ]


def _state(row: Any) -> rx.Component:
    return badge(row.state, row.tone)


def _owner(row: Any) -> rx.Component:
    return two_lines(row.owner, row.owner_note)


def _error(row: Any) -> rx.Component:
    return two_lines(row.error, row.error_note)


def _deeds(row: Any) -> rx.Component:
    it: ProxyRow = row
    return menu(
        icon_button("ellipsis", tr("Действия с {what}", what=it.label)),
        rx.cond(
            it.is_enabled,
            menu_item(tr("Выключить"), icon="pause", on_click=ProxiesState.ask("off", it.id)),
            menu_item(tr("Включить"), icon="play", on_click=ProxiesState.ask("on", it.id)),
        ),
        rx.cond(
            it.is_allotted,
            menu_item(
                tr("Вернуть в запас"), icon="undo-2", on_click=ProxiesState.ask("release", it.id)
            ),
        ),
        menu_item(
            tr("Удалить"), icon="trash-2", danger=True, on_click=ProxiesState.ask("delete", it.id)
        ),
    )


def _import() -> rx.Component:
    error = ProxiesState.errors["lines"]
    is_planned = ProxiesState.plan.length() > 0
    return dialog(
        ProxiesState.is_importing,
        form(
            form_field(
                tr("Адреса, по одному в строке"),
                text_area(
                    "lines",
                    rows=8,
                    error=error,
                    placeholder="http://login:password@203.0.113.7:8080",
                    spell_check=False,
                ),
                name="lines",
                help=tr("Пароли шифруются. Известный адрес получит новый логин и пароль."),
                error=error,
            ),
            rx.cond(is_planned, fact_list(ProxiesState.plan)),
            dialog_actions(
                button(tr("Отмена"), on_click=ProxiesState.put_away),
                button(
                    rx.cond(is_planned, tr("Загрузить"), tr("Проверить")),
                    kind="primary",
                    submit=True,
                    busy=ProxiesState.is_busy,
                ),
            ),
            on_submit=ProxiesState.submit,
            error=ProxiesState.errors["form"],
        ),
        title=tr("Загрузка прокси"),
        text=tr("Сначала проверим каждую строку и скажем, что изменится."),
        on_close=ProxiesState.put_away,
        wide=True,
    )
