"""The dialogs of a person's card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.user.deeds_state import DeedsState
from admin.pages.user.state import CardState
from admin.words import ROLES
from cube_demper.domain.billing.extending import MOST_DAYS
from cube_demper.ui.actions import button
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, select, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import stack
from cube_demper.ui.placeholders import notice

_CARD: Any = CardState.card


def dialogs() -> rx.Component:
    """Make all of them; one at a time is open."""
    return rx.fragment(_block(), _extend(), _role(), _delete(), _visit())


def _block() -> rx.Component:
    return _dialog(
        "block",
        tr("Заблокировать?"),
        tr(
            "Сеансы завершатся сразу, бот перестанет смотреть и менять цены, сообщения не уйдут. "
            "Данные останутся, доступ можно вернуть."
        ),
        DeedsState.block,
        (tr("Заблокировать"), "danger"),
        _reason(tr("Причина"), tr("Останется в журнале, пользователь её не увидит.")),
    )


def _extend() -> rx.Component:
    errors = DeedsState.errors
    return _dialog(
        "extend",
        tr("Продлить тариф"),
        tr("Дни прибавятся к концу нынешнего периода. Деньги не спишутся."),
        DeedsState.extend,
        (tr("Продлить"), "primary"),
        form_field(
            tr("Сколько дней"),
            text_input("days", error=errors["days"], input_mode="numeric", default_value="30"),
            name="days",
            help=tr("От 1 до {n}", n=MOST_DAYS),
            error=errors["days"],
        ),
        rx.cond(
            _CARD.has_plan,
            rx.fragment(),
            form_field(
                tr("Какой тариф дать"),
                select("plan", (("basic", "BASIC"), ("pro", "PRO")), error=errors["plan"]),
                name="plan",
                help=tr("Действующей подписки нет."),
                error=errors["plan"],
            ),
        ),
    )


def _role() -> rx.Component:
    options = tuple((str(role), tr(words)) for role, words in ROLES.items())
    return _dialog(
        "role",
        tr("Сменить роль"),
        tr("Сеансы завершатся: войти можно будет в приложение новой роли."),
        DeedsState.change_role,
        (tr("Сменить"), "primary"),
        form_field(
            tr("Роль"),
            select("role", options, error=DeedsState.errors["role"], default_value=_CARD.role),
            name="role",
            error=DeedsState.errors["role"],
        ),
    )


def _delete() -> rx.Component:
    return _dialog(
        "delete",
        tr("Удалить навсегда?"),
        None,
        DeedsState.delete,
        (tr("Удалить"), "danger"),
        stack(
            notice(
                tr("Вернуть будет нельзя"),
                tr(
                    "Сотрём имя, почту, магазины, товары, заказы, переписку и входы. "
                    "По закону останутся платежи, счета и акты."
                ),
                tone="red",
            ),
            _reason(tr("Причина"), tr("Например: просьба человека, дата и номер обращения.")),
        ),
    )


def _visit() -> rx.Component:
    return _dialog(
        "visit",
        tr("Войти под пользователем"),
        tr(
            "Откроется его кабинет на 30 минут. Платежи, пароль и всё личное будет закрыто, "
            "каждое действие попадёт в журнал вместе с вашим именем."
        ),
        DeedsState.visit,
        (tr("Войти"), "primary"),
        _reason(tr("Зачем"), tr("Останется в журнале.")),
    )


def _reason(label: Any, help_words: Any) -> rx.Component:
    error = DeedsState.errors["reason"]
    return form_field(
        label,
        text_input("reason", error=error, max_length=300),
        name="reason",
        help=help_words,
        error=error,
    )


def _dialog(
    name: str, title: Any, text: Any, on_submit: Any, verb: tuple[Any, Any], *fields: rx.Component
) -> rx.Component:
    words, kind = verb
    return dialog(
        DeedsState.dialog == name,
        form(
            *fields,
            dialog_actions(
                button(tr("Отмена"), on_click=DeedsState.put_away),
                button(words, kind=kind, submit=True, busy=DeedsState.is_busy),
            ),
            on_submit=on_submit,
        ),
        title=title,
        text=text,
        on_close=DeedsState.put_away,
    )
